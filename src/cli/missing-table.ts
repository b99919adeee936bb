import { closeSync, openSync } from 'node:fs';
import type { Listing } from './sections.ts';

const ENOENT = 2;
const EACCES = 13;

/** What open(2) may say about a kernel table, in the C library's words. */
const WORDS: Readonly<Record<number, string>> = {
  1: 'Operation not permitted',
  [ENOENT]: 'No such file or directory',
  5: 'Input/output error',
  6: 'No such device or address',
  12: 'Cannot allocate memory',
  [EACCES]: 'Permission denied',
  19: 'No such device',
  20: 'Not a directory',
  21: 'Is a directory',
  22: 'Invalid argument',
  23: 'Too many open files in system',
  24: 'Too many open files',
  36: 'File name too long',
  40: 'Too many levels of symbolic links',
  99: 'Cannot assign requested address',
  116: 'Stale file handle',
};

export interface MissingTable {
  /** As netstat names the table: `AF INET (tcp)`. */
  readonly label: string;
  /** The kernel's file. */
  readonly path: string;
  /** Why it could not be opened; absent when the kernel has no such table. */
  readonly errno?: number | undefined;
}

/** What netstat does about a table it cannot open: a line for stderr, if any, and the exit status, if that is the end. */
export function judgeMissingTable(
  { label, path, errno = ENOENT }: MissingTable,
  listing: Pick<Listing, 'explicit' | 'missingIsFine'>,
  verbose: boolean,
): { readonly line?: string; readonly status?: number } {
  if (errno !== ENOENT && errno !== EACCES) {
    return { line: `${path}: ${errorWords(errno)}\n`, status: 255 };
  }
  if (listing.missingIsFine) return {};
  const line = `netstat: no support for \`${label}' on this system.\n`;
  if (listing.explicit) return { line, status: 1 };
  return verbose ? { line } : {};
}

/** An error number in the C library's words. */
export function errorWords(errno: number): string {
  return WORDS[errno] ?? `Unknown error ${errno}`;
}

/** Why a file cannot be opened for reading; undefined when it can. */
export function errnoOfOpening(path: string): number | undefined {
  try {
    closeSync(openSync(path, 'r'));
    return undefined;
  } catch (error) {
    return errnoOf(error);
  }
}

/** The kernel's error number of a failed call of node:fs; throws what is none. */
export function errnoOf(error: unknown): number {
  const { errno } = error as NodeJS.ErrnoException;
  if (errno === undefined) throw error;
  return -errno;
}
