import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { SockscopeError } from './errors.ts';
import { need, type Way } from './need.ts';

/**
 * Whether Node.js itself refused, and not the kernel: its permission model (`--permission`) does so by this code, with no
 * errno, and throws it where `existsSync` would answer.
 */
export function isForbidden(error: unknown): boolean {
  return (error as NodeJS.ErrnoException | undefined)?.code === 'ERR_ACCESS_DENIED';
}

export const FORBIDDEN_REASON = "Node.js's permission model forbids to read it";

/** The flag that allows Node.js to read a file, or all that is below a folder. */
export function allowReading(path: string, isFolder = false): Way {
  const flag = `--allow-fs-read=${path}${isFolder ? '/*' : ''}`;
  return { remedy: `start Node.js with ${flag}`, needs: need('node-flag', flag) };
}

/** Whether there is such a file. True also where Node.js may not look: whatever opens it says so. */
export function mayExist(path: string): boolean {
  try {
    return existsSync(path);
  } catch (error) {
    if (isForbidden(error)) return true;
    throw error;
  }
}

/**
 * What to tell instead of Node.js's own error: which file, and the flag. Of /proc the whole
 * folder: its tables are read one after the other.
 */
export function forbidden(cause: unknown, directory?: string): SockscopeError {
  const { resource = 'a file' } = cause as { resource?: string };
  const folder = directory ?? (resource.startsWith('/proc/') ? dirname(resource) : undefined);
  return new SockscopeError('ERR_SOURCE_UNAVAILABLE', FORBIDDEN_REASON, {
    operation: `read ${directory ?? resource}`,
    ...(folder === undefined ? allowReading(resource) : allowReading(folder, true)),
    cause,
  });
}
