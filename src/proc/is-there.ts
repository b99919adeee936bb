import { existsSync } from 'node:fs';

/** As existsSync, which throws in some versions of Node.js where its permission model keeps the path from this process. */
export function isThere(path: string): boolean {
  try {
    return existsSync(path);
  } catch {
    return false;
  }
}
