import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A copy of the built package that lacks the addon. */
export interface PackageWithoutAddon {
  /** The command's file. */
  readonly command: string;
  remove(): void;
}

export function packageWithoutAddon(): PackageWithoutAddon {
  const folder = mkdtempSync(join(tmpdir(), 'sockscope-plain-'));
  cpSync(join(root, 'dist'), join(folder, 'dist'), { recursive: true });
  cpSync(join(root, 'package.json'), join(folder, 'package.json'));
  return {
    command: join(folder, 'dist/cli/main.cjs'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
