import { statSync } from 'node:fs';
import { ENOENT, errnoOf, errorWords } from './errno.ts';

const ENOTDIR = 20;

/**
 * Why there are no network tables to be had from a folder, and what to do about it; undefined where it is there.
 * `procRoot`: what `--proc` names.
 */
export function lackOfTables(directory: string, procRoot: string | undefined): string | undefined {
  try {
    statSync(directory);
    return undefined;
  } catch (error) {
    const errno = errnoOf(error);
    const option = procRoot === undefined ? '' : '--proc: ';
    if (errno !== ENOENT && errno !== ENOTDIR) {
      return `${option}${directory} cannot be looked into: ${errorWords(errno)} (allow this process to pass the folders above it)`;
    }
    const remedy = procRoot === undefined ? ' (mount proc, or name another by --proc)' : '';
    return `${option}there is no folder ${directory}${remedy}`;
  }
}
