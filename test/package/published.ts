import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './report-tools.ts';

/** What `npm pack` makes of this checkout as it is, in a folder of its own; `remove` it in the end. */
export class Published {
  readonly folder = mkdtempSync(join(tmpdir(), 'sockscope-published-'));
  readonly tarball: string;

  constructor() {
    const words = ['pack', '--ignore-scripts', '--silent', '--pack-destination', this.folder];
    run('npm', words, ROOT);
    this.tarball = join(this.folder, readdirSync(this.folder)[0]!);
  }

  bytes(): ArrayBuffer {
    return new Uint8Array(readFileSync(this.tarball)).buffer;
  }

  /** Puts it where a project in the folder finds it. */
  install(): void {
    mkdirSync(join(this.folder, 'node_modules'));
    run('tar', ['-xzf', this.tarball], this.folder);
    renameSync(join(this.folder, 'package'), join(this.folder, 'node_modules/sockscope'));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function run(program: string, words: readonly string[], cwd: string): void {
  const { status, stderr, error } = spawnSync(program, words, { cwd, encoding: 'utf8' });
  if (status !== 0) throw error ?? new Error(`${program} ${words.join(' ')}: ${stderr}`);
}
