import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { inetLine } from '../fuzz/proc-text.ts';
import { run } from './run.ts';

export const PACKAGE: string = fileURLToPath(new URL('../..', import.meta.url));
export const ADDON: string = join(PACKAGE, 'build/Release/sockscope.node');
const AGENTS = fileURLToPath(new URL('agents', import.meta.url));

export type Bundler = 'rolldown' | 'esbuild';
export type Format = 'cjs' | 'esm';

/** Sockets of the table that `longTable` writes: more than the pages that are read before a thread is wanted. */
export const LONG_ROWS = 3000;

/** A folder for one file of tests, with a project that has installed the package. */
export class Workshop {
  /** Without links in its name, as Node.js names modules. */
  readonly folder: string = realpathSync(mkdtempSync(join(tmpdir(), 'sockscope-embed-')));

  constructor() {
    this.make('project/node_modules');
    symlinkSync(PACKAGE, join(this.folder, 'project/node_modules/sockscope'));
  }

  /** A program of agents/, in the project. */
  agent(name: string): string {
    cpSync(AGENTS, join(this.folder, 'project'), { recursive: true });
    return join(this.folder, 'project', name);
  }

  /** Bundles a program of agents/ into one file. */
  async bundle(name: string, bundler: Bundler, format: Format): Promise<string> {
    const file = join(this.make('bundles'), `${name}-${bundler}.${format === 'cjs' ? 'cjs' : 'mjs'}`);
    if (bundler === 'rolldown') {
      await this.#rolldown(name, ['--file', file, '--format', format, '--no-code-splitting']);
    } else {
      // What becomes of import.meta.url there is known: see src/package-root.ts.
      const logOverride = { 'empty-import-meta': 'silent' } as const;
      const entryPoints = [this.agent(name)];
      await build({ entryPoints, outfile: file, format, bundle: true, platform: 'node', logOverride });
    }
    return file;
  }

  /** Bundles a program of agents/ into a folder, with a file for what is loaded when it is needed. */
  async bundleInParts(name: string, folder: string): Promise<string> {
    await this.#rolldown(name, ['--dir', this.make(folder), '--format', 'esm']);
    writeFileSync(join(this.folder, folder, 'package.json'), '{ "type": "module" }');
    return join(this.folder, folder, name.replace('.mjs', '.js'));
  }

  async #rolldown(name: string, options: readonly string[]): Promise<void> {
    const cli = join(PACKAGE, 'node_modules/rolldown/bin/cli.mjs');
    const { code, stdout, stderr } = await run([
      process.execPath,
      cli,
      this.agent(name),
      '--platform',
      'node',
      ...options,
    ]);
    if (code !== 0) throw new Error(`${name} could not be bundled: ${stdout}${stderr}`);
  }

  /** A folder with copies of these files and nothing else. */
  alone(name: string, files: readonly string[]): string {
    const folder = this.make(name);
    for (const file of files) copyFileSync(file, join(folder, file.replace(/^.*\//, '')));
    return folder;
  }

  /** A /proc root with a long table of TCP connections. */
  longTable(): string {
    const lines = Array.from({ length: LONG_ROWS }, (_, index) =>
      inetLine({ ...CONNECTION, inode: index + 1 }, index),
    );
    writeFileSync(join(this.make('proc/net'), 'tcp'), `heading\n${lines.join('\n')}\n`);
    return join(this.folder, 'proc');
  }

  make(name: string): string {
    const folder = join(this.folder, name);
    mkdirSync(folder, { recursive: true });
    return folder;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const CONNECTION = {
  family: 2 as const,
  state: 1,
  timer: 0,
  ticks: 0,
  retrans: 0,
  probes: 0,
  local: [127, 0, 0, 1],
  remote: [127, 0, 0, 2],
  localPort: 443,
  remotePort: 50_000,
  recvQ: 0,
  sendQ: 0,
  uid: 0,
};
