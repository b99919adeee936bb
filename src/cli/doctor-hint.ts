import { SockscopeError } from '../errors.ts';

/** What an error says; of what cannot be had here, with the way to learn more. netstat has no such word. */
export function withDoctorHint(error: Error, program: string): string {
  const isLack = error instanceof SockscopeError && error.code === 'ERR_SOURCE_UNAVAILABLE';
  return isLack && program !== 'netstat' ? `${error.message}; 'sockscope doctor' tells more` : error.message;
}
