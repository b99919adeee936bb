import { closeSync } from 'node:fs';
import { SockscopeError } from '../errors.ts';
import { moreMeans } from '../exhaustion.ts';
import { forbidden, isForbidden } from '../permission.ts';
import { openKernelFile } from '../proc/kernel-file.ts';

/** Error numbers of the kernel that are told apart. */
export const EPERM = 1;
export const ENOENT = 2;
export const EACCES = 13;
export const EISDIR = 21;
/** ENFILE, EMFILE: of the machine, of this process. */
export const TOO_MANY_FILES: readonly number[] = [23, 24];
/** What only somebody else may do. */
export const FORBIDDEN: readonly number[] = [EPERM, EACCES];

/** What open(2) may say about a kernel table, in the C library's words. */
const WORDS: Readonly<Record<number, string>> = {
  [EPERM]: 'Operation not permitted',
  [ENOENT]: 'No such file or directory',
  5: 'Input/output error',
  6: 'No such device or address',
  12: 'Cannot allocate memory',
  [EACCES]: 'Permission denied',
  19: 'No such device',
  20: 'Not a directory',
  [EISDIR]: 'Is a directory',
  22: 'Invalid argument',
  23: 'Too many open files in system',
  24: 'Too many open files',
  36: 'File name too long',
  40: 'Too many levels of symbolic links',
  99: 'Cannot assign requested address',
  116: 'Stale file handle',
};

/** An error number in the C library's words. */
export function errorWords(errno: number): string {
  return WORDS[errno] ?? `Unknown error ${errno}`;
}

/** Why a file cannot be opened for reading; undefined when it can. */
export function errnoOfOpening(path: string): number | undefined {
  try {
    closeSync(openKernelFile(path));
    return undefined;
  } catch (error) {
    return errnoOf(error);
  }
}

/** The kernel's error number of a failed call of node:fs; throws what is none. */
export function errnoOf(error: unknown): number {
  const { errno } = error as NodeJS.ErrnoException;
  if (errno === undefined) throw isForbidden(error) ? forbidden(error) : error;
  return -errno;
}

/** The words of an error of this machine, with what to do about a want of means. */
export function wordsOf(error: Error): string {
  const means = error instanceof SockscopeError ? undefined : moreMeans(error);
  return means === undefined ? error.message : `${error.message} (${means.remedy})`;
}

/** Whether an error tells of this machine, or of what it does not show, and not of a defect of ours. */
export function isOfTheSystem(error: unknown): boolean {
  return error instanceof SockscopeError || (error instanceof Error && 'syscall' in error);
}
