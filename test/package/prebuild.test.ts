import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requirement } from '../requirements.ts';
import { root } from './toolchain.ts';

let copy: string;

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'sockscope-prebuild-'));
  const left = ['node_modules', 'build', '.git', '.nodes', '.prebuild', 'prebuilds', 'test', 'bench'];
  cpSync(root, copy, { recursive: true, filter: (path) => !left.includes(relative(root, path)) });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

/** On a machine without a compiler. */
function prebuild(...words: string[]) {
  return spawnSync(process.execPath, ['scripts/prebuild.mjs', ...words], {
    cwd: copy,
    encoding: 'utf8',
    env: { ...process.env, CXX: undefined, SOCKSCOPE_ZIG: undefined, PATH: '/nonexistent' },
  });
}

describe('prebuilt addons, where there is no compiler,', () => {
  it('are named, with what is missing', () => {
    const { status, stdout, stderr } = prebuild();
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
    const other = process.arch === 'x64' ? 'arm64' : 'x64';
    const [triplet, name] = other === 'arm64' ? ['aarch64', 'aarch64'] : ['x86_64', 'x86-64'];
    expect(stderr).toContain(
      `prebuilds/linux-${process.arch}/sockscope.glibc.node: not made: g++ is missing: install g++\n`,
    );
    expect(stderr).toContain(
      `prebuilds/linux-${other}/sockscope.glibc.node: not made: ${triplet}-linux-gnu-g++ is missing: install g++-${name}-linux-gnu\n`,
    );
    expect(stderr).toContain(
      'prebuilds/linux-x64/sockscope.musl.node: not made: zig is missing: install zig, or name it in the environment variable SOCKSCOPE_ZIG\n',
    );
    for (const architecture of ['x64', 'arm64']) {
      expect(existsSync(join(copy, `prebuilds/linux-${architecture}/sockscope.glibc.node`))).toBe(false);
    }
  });

  it('fail a release', () => {
    expect(prebuild('--all').status).toBe(1);
  });

  it('do not stay, for they may be of other sources', () => {
    const file = join(copy, 'prebuilds/linux-x64/sockscope.musl.node');
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, 'of last year');
    expect(prebuild().status).toBe(0);
    expect(existsSync(file)).toBe(false);
  });
});

const missing = requirement('python3', 'compiler');

describe.skipIf(missing !== undefined)(`a prebuilt addon${missing ? ` (${missing})` : ''}`, () => {
  it("is compiled by binding.gyp's flags, whatever the shell's are", { timeout: 60_000 }, () => {
    const compilers = join(copy, 'compilers');
    const calls = join(compilers, 'calls');
    mkdirSync(compilers);
    // They fail, so that nothing is built, and say by what words they were called.
    const script = `#!/bin/sh\necho "\${0##*/} $*" >>'${calls}'\n[ "$1" = --version ]\n`;
    for (const prefix of ['', 'x86_64-linux-gnu-', 'aarch64-linux-gnu-']) {
      for (const name of ['gcc', 'g++']) {
        const program = join(compilers, `${prefix}${name}`);
        writeFileSync(program, script);
        chmodSync(program, 0o755);
      }
    }
    const flags = ['CFLAGS', 'CXXFLAGS', 'CPPFLAGS', 'CXX_target'].map((name) => [name, `-D_FROM_${name}`]);
    const { stderr } = spawnSync(process.execPath, ['scripts/prebuild.mjs'], {
      cwd: copy,
      encoding: 'utf8',
      env: {
        ...process.env,
        ...Object.fromEntries(flags),
        CXX: 'g++ -D_FROM_CXX',
        SOCKSCOPE_ZIG: '/nonexistent',
        JOBS: '1',
        PATH: `${compilers}:${process.env.PATH}`,
      },
    });
    const compiled = readFileSync(calls, 'latin1')
      .split('\n')
      .filter((line) => line.endsWith(' -c'));
    expect(stderr).toContain('not made: ');
    for (const compiler of [
      'g++',
      process.arch === 'x64' ? 'aarch64-linux-gnu-g++' : 'x86_64-linux-gnu-g++',
    ]) {
      const line = compiled.find((text) => text.startsWith(`${compiler} `));
      expect(line).toContain(' -std=c++20 ');
    }
    expect(compiled.filter((line) => line.includes('_FROM_'))).toEqual([]);
  });
});
