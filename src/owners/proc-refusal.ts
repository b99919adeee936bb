import { SockscopeError } from '../errors.ts';
import { isExhausted, moreMeans } from '../exhaustion.ts';

const GONE = ['ENOENT', 'ESRCH'];
/** The last is Node.js's own: see permission.ts. */
const DENIED = ['EACCES', 'EPERM', 'ERR_ACCESS_DENIED'];

/** What a failed look at a process means: it has ended, it is closed to this reader, or it is odd. All three are data. */
export type Refusal = 'gone' | 'denied' | 'odd';

/** Throws an ERR_NO_RESOURCES where not the process but this reader is at its end: the answer would be wrong. */
export function refusalOf(error: unknown): Refusal {
  const code = codeOf(error);
  if (GONE.includes(code)) return 'gone';
  if (DENIED.includes(code)) return 'denied';
  if (isExhausted(error)) throw exhausted(error);
  if (code === '') throw error;
  return 'odd';
}

function exhausted(error: unknown): SockscopeError {
  const { syscall, path } = error as NodeJS.ErrnoException;
  return new SockscopeError('ERR_NO_RESOURCES', `${syscall ?? 'read'}: ${codeOf(error)}`, {
    operation: `read ${path ?? 'a process'}`,
    syscall,
    errno: errnoOf(error),
    ...moreMeans(error),
    cause: error,
  });
}

/** `ENOENT` and the like; empty for an error that is not the system's. */
export function codeOf(error: unknown): string {
  return String((error as NodeJS.ErrnoException | undefined)?.code ?? '');
}

/** Positive; Node has errno as libuv does. */
export function errnoOf(error: unknown): number | undefined {
  const { errno } = error as NodeJS.ErrnoException;
  return errno === undefined ? undefined : Math.abs(errno);
}
