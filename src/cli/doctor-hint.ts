import { isUnavailable } from '../errors.ts';
import { wordsOf } from './errno.ts';

/** What an error says; of what cannot be had here, with the way to learn more. netstat has no such word. */
export function withDoctorHint(error: Error, program: string): string {
  const words = wordsOf(error);
  return isUnavailable(error) && program !== 'netstat' ? `${words}; 'sockscope doctor' tells more` : words;
}
