import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const COMMAND = fileURLToPath(new URL('../../dist/cli/main.cjs', import.meta.url));

/** Prints what was loaded: files of CommonJS, and modules of Node.js with those inside of it. */
const WATCH = `process.on('exit', () => {
  const files = Object.keys(require.cache);
  require('node:fs').writeSync(2, JSON.stringify({ files, builtins: process.moduleLoadList }));
});`;

interface Loaded {
  readonly files: readonly string[];
  readonly builtins: readonly string[];
}

function withoutHash(file: string): string {
  return basename(file).replace(/-[\w-]{8}\.cjs$/, '.cjs');
}

describe('a start of the command', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'sockscope-start-'));
    writeFileSync(join(folder, 'watch.cjs'), WATCH);
    writeFileSync(join(folder, 'empty.cjs'), '');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function loadedBy(script: string, ...words: string[]): Loaded {
    const environment = { PATH: process.env.PATH };
    const line = ['--require', join(folder, 'watch.cjs'), script, ...words];
    const { status, stderr } = spawnSync(process.execPath, line, { encoding: 'utf8', env: environment });
    expect(status, stderr).toBe(0);
    return JSON.parse(stderr) as Loaded;
  }

  /** Files of the command, without the hash of their content. */
  function filesOf({ files }: Loaded): string[] {
    const ours = files.filter((file) => file.startsWith(join(COMMAND, '..')));
    return ours.map(withoutHash).sort();
  }

  it('reads one file beside main.cjs for a listing of sockets, and others for what it does not need', () => {
    expect(filesOf(loadedBy(COMMAND, '-tan'))).toEqual(['listing.cjs', 'main.cjs']);
    expect(filesOf(loadedBy(COMMAND, '-tanp'))).toContain('owners.cjs');
    expect(filesOf(loadedBy(COMMAND, '-xan'))).toContain('procfs.cjs');
    expect(filesOf(loadedBy(COMMAND, '-tan', '--json'))).toContain('others.cjs');
  });

  it('has Node.js load nothing but what it uses', () => {
    const idle = new Set(loadedBy(join(folder, 'empty.cjs')).builtins);
    const more = loadedBy(COMMAND, '-tan').builtins.filter((name) => !idle.has(name));
    const dear = more.filter((name) =>
      /perf|promises|readline|esm|source_map|worker|child_process|stream/.test(name),
    );
    expect(dear).toEqual([]);
    expect(more).toContain('NativeModule internal/abort_controller');
  });

  it.each([
    ['others.cjs', ['-tan', '--json']],
    ['owners.cjs', ['-tanp']],
    ['procfs.cjs', ['-tan', '--source', 'procfs']],
    ['routes-mode.cjs', ['-rn']],
  ])('says in a line that %s is missing', (missing, words) => {
    const cli = join(folder, missing, 'dist/cli');
    cpSync(dirname(COMMAND), cli, { recursive: true });
    const [file, ...more] = readdirSync(cli).filter((name) => withoutHash(name) === missing);
    expect([file, more]).toEqual([expect.any(String), []]);
    rmSync(join(cli, file!));
    const line = [join(cli, 'main.cjs'), ...words];
    const { status, stderr } = spawnSync(process.execPath, line, { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: `sockscope: the package is incomplete: there is no ${join(cli, file!)} (install it again)\n`,
    });
  });
});
