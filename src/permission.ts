import { existsSync } from 'node:fs';

/**
 * Whether Node.js itself refused, and not the kernel: its permission model (`--permission`) does so by this code, with no
 * errno, and throws it where `existsSync` would answer.
 */
export function isForbidden(error: unknown): boolean {
  return (error as NodeJS.ErrnoException | undefined)?.code === 'ERR_ACCESS_DENIED';
}

export const FORBIDDEN_REASON = "Node.js's permission model forbids to read it";

/** The flag that allows Node.js to read a file, or all that is below a folder. */
export function allowReading(path: string, isFolder = false): string {
  return `start Node.js with --allow-fs-read=${path}${isFolder ? '/*' : ''}`;
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
