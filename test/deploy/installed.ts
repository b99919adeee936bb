import { chmodSync, copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const ADDON = 'build/Release/sockscope.node';

/** The agent beside an installed package, as deploy/ says it is laid out, where any user may read it. */
export class Installed {
  readonly folder: string = mkdtempSync(join(tmpdir(), 'sockscope-deploy-'));
  readonly package: string = join(this.folder, 'node_modules/sockscope');
  readonly agent: string = join(this.folder, 'agent.mjs');
  readonly ask: string = join(this.folder, 'ask.mjs');
  readonly reach: string = join(this.folder, 'reach.mjs');
  readonly command: string = join(this.package, 'dist/cli/main.cjs');

  constructor() {
    if (!existsSync(join(root, 'dist/index.js'))) throw new Error('dist/index.js is not built: run npm test');
    chmodSync(this.folder, 0o755);
    cpSync(join(root, 'dist'), join(this.package, 'dist'), { recursive: true });
    copyFileSync(join(root, 'package.json'), join(this.package, 'package.json'));
    mkdirSync(join(this.package, 'build/Release'), { recursive: true });
    if (existsSync(join(root, ADDON))) copyFileSync(join(root, ADDON), join(this.package, ADDON));
    copyFileSync(join(root, 'examples/agent.mjs'), this.agent);
    for (const path of [this.ask, this.reach])
      copyFileSync(fileURLToPath(new URL(basename(path), import.meta.url)), path);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
