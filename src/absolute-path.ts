import { resolve } from 'node:path';
import { SockscopeError } from './errors.ts';

/**
 * As node:path's resolve. Throws an ERR_SOURCE_UNAVAILABLE for a relative path where the working directory has been
 * removed; `operation` as in `open host`.
 */
export function absolutePath(path: string, operation = `open ${path}`): string {
  try {
    return resolve(path);
  } catch (cause) {
    throw new SockscopeError('ERR_SOURCE_UNAVAILABLE', 'the working directory has been removed', {
      operation,
      syscall: 'getcwd',
      remedy: 'name an absolute path',
      cause,
    });
  }
}
