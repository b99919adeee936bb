import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isForbidden } from './permission.ts';

/** Where sockscope's own package.json is. */
export interface PackagePlace {
  /**
   * Its folder, one above that of the module's file. Undefined where this code has been bundled into another program: what
   * is beside that one, an addon or a worker, is not ours and never loaded.
   */
  readonly packageRoot: string | undefined;
  /** The folder that may be it, and that Node.js's permission model keeps from this process. */
  readonly keptRoot?: string | undefined;
}

export function packageAbove(moduleUrl: string | undefined): PackagePlace {
  // Some bundlers leave no URL, others that of a file that is nowhere: no reason to fail at import.
  if (!moduleUrl?.startsWith('file:')) return BUNDLED;
  let root: string | undefined;
  try {
    root = dirname(dirname(fileURLToPath(moduleUrl)));
    const { name } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    return name === 'sockscope' ? { packageRoot: root } : BUNDLED;
  } catch (error) {
    return isForbidden(error) ? { packageRoot: undefined, keptRoot: root } : BUNDLED;
  }
}

const BUNDLED: PackagePlace = { packageRoot: undefined };
