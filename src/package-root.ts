import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The folder of sockscope's own package.json, one above that of the file of `moduleUrl`. Undefined where this code has
 * been bundled into another program: what is beside that one, an addon or a worker, is not ours and never loaded.
 */
export function packageRootAbove(moduleUrl: string | undefined): string | undefined {
  // Some bundlers leave no URL, others that of a file that is nowhere: no reason to fail at import.
  if (!moduleUrl?.startsWith('file:')) return undefined;
  try {
    const root = dirname(dirname(fileURLToPath(moduleUrl)));
    return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).name === 'sockscope'
      ? root
      : undefined;
  } catch {
    return undefined;
  }
}
