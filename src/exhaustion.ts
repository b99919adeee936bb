import { getSystemErrorName } from 'node:util';
import { need, type Way } from './need.ts';

/** Errors that tell of this process's means, and nothing of what was asked for, with the limit that each is of. */
const LIMITS: Readonly<Record<string, string>> = {
  EMFILE: 'RLIMIT_NOFILE',
  ENFILE: 'fs.file-max',
  ENOMEM: 'memory',
  ENOBUFS: 'memory',
};

/** What helps where memory is refused. */
export const MORE_MEMORY: Way = {
  remedy: 'raise the limits of this process',
  needs: need('limit', 'memory'),
};

/** What helps against an error of Node.js's, or an error number of the kernel's; undefined where it is no such want. */
export function moreMeans(error: unknown): Way | undefined {
  const limit = LIMITS[codeOf(error)];
  return limit === undefined ? undefined : { ...MORE_MEMORY, needs: need('limit', limit) };
}

/** Whether it tells of this process's means alone. */
export function isExhausted(error: unknown): boolean {
  return moreMeans(error) !== undefined;
}

function codeOf(error: unknown): string {
  if (typeof error === 'number') return error > 0 ? getSystemErrorName(-error) : '';
  return String((error as NodeJS.ErrnoException | undefined)?.code ?? '');
}
