import { accessSync } from 'node:fs';
import { dirname } from 'node:path';
import { SockscopeError } from './errors.ts';
import { need, type Way } from './need.ts';

/**
 * Whether Node.js itself refused, and not the kernel: its permission model (`--permission`) does so by this code, with no
 * errno.
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

/**
 * Whether a path is there; `kept`: Node.js may not look, and throws, or answers what is not so, by its version. No other
 * module asks Node.js for that: who goes on to open the path takes `mayExist`, and whatever opens it says why it cannot;
 * who only tells what is to be seen takes `isThere`. Never throws.
 */
export function presence(path: string): 'there' | 'absent' | 'kept' {
  try {
    accessSync(path);
    return 'there';
  } catch (error) {
    return isForbidden(error) ? 'kept' : 'absent';
  }
}

export function mayExist(path: string): boolean {
  return presence(path) !== 'absent';
}

export function isThere(path: string): boolean {
  return presence(path) === 'there';
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
