import { chmodSync, copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const ADDON = 'build/Release/sockscope.node';
const PROGRAMS = ['print-owners.mjs', 'count-leavings.mjs', 'filter-bpf.py', 'pin-foreign.py'];

/** Copies of the package that any user may read: the checkout may lie in somebody's home. */
export class Packages {
  readonly folder: string = mkdtempSync(join(tmpdir(), 'sockscope-owners-'));

  constructor() {
    if (!existsSync(join(root, 'dist/index.js'))) throw new Error('dist/index.js is not built: run npm test');
    chmodSync(this.folder, 0o755);
    for (const name of ['native', 'typescript']) {
      cpSync(join(root, 'dist'), join(this.folder, name, 'dist'), { recursive: true });
      copyFileSync(join(root, 'package.json'), join(this.folder, name, 'package.json'));
    }
    mkdirSync(join(this.folder, 'native/build/Release'), { recursive: true });
    copyFileSync(join(root, ADDON), join(this.folder, 'native', ADDON));
    for (const name of PROGRAMS) {
      copyFileSync(fileURLToPath(new URL(name, import.meta.url)), this.program(name));
    }
  }

  /** The library, with its addon or without one. */
  library(kind: 'native' | 'typescript'): string {
    return join(this.folder, kind, 'dist/index.js');
  }

  /** The command, with its addon or without one. */
  command(kind: 'native' | 'typescript'): string {
    return join(this.folder, kind, 'dist/cli/main.cjs');
  }

  /** A program of this folder. */
  program(name: string): string {
    return join(this.folder, name);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
