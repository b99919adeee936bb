import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nobody } from '../owners/users.ts';
import { requirement } from '../requirements.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const missing = requirement('addon');
const missingNobody = requirement('root', 'setpriv');
let copy: string;

beforeEach(() => {
  copy = mkdtempSync(join(tmpdir(), 'sock scope-'));
  const left = ['node_modules', 'build', '.git', '.nodes', '.prebuild'];
  cpSync(root, copy, { recursive: true, filter: (path) => !left.includes(relative(root, path)) });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
});
afterEach(() => rmSync(copy, { recursive: true, force: true }));

function setup(cwd: string, environment: NodeJS.ProcessEnv = {}, stdio: 'pipe' | 'ignore' = 'pipe') {
  const env = { ...process.env, CXX: undefined, ...environment };
  return spawnSync(process.execPath, ['scripts/setup.mjs'], { cwd, encoding: 'utf8', env, stdio });
}

/** A PATH with a script of the shell in npm's place. */
function withNpm(script: string): string {
  mkdirSync(join(copy, 'programs'));
  writeFileSync(join(copy, 'programs/npm'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return [join(copy, 'programs'), process.env.PATH].join(delimiter);
}

describe.each([
  ['build.mjs', 'dist'],
  ['build-native.mjs', 'addon'],
])('%s', (script, product) => {
  it('waits for another one in the same checkout', async () => {
    const lock = createServer().listen(`\0sockscope ${product} of ${copy}/`);
    await once(lock, 'listening');
    const build = spawn(process.execPath, [`scripts/${script}`], { cwd: copy });
    const [said] = await once(build.stderr, 'data');
    build.kill('SIGKILL');
    lock.close();
    expect(String(said)).toBe('sockscope: waiting for another set-up\n');
  });
});

describe('the set-up', () => {
  it.skipIf(missing !== undefined)('says nothing when there is nothing to do', () => {
    expect(setup(root)).toMatchObject({ status: 0, stdout: '', stderr: '' });
    expect(setup(root, { PATH: '/nonexistent' })).toMatchObject({ status: 0, stdout: '' });
  });

  it('says in one line that there is no compiler, and goes on: a moved checkout does nothing again', () => {
    const { status, stdout, stderr } = setup(copy, { PATH: '/nonexistent' });
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
    expect(stderr).toBe(
      'sockscope: no addon, for python3, make, g++ are missing; everything works through /proc/net\n',
    );
  });

  it('does a step again that was killed, though it had been done before', () => {
    const { packages, ...others } = JSON.parse(readFileSync(join(copy, '.setup/stamps.json'), 'utf8'));
    const lock = readFileSync(join(copy, 'package-lock.json'));
    const path = withNpm('kill -9 $PPID');
    appendFileSync(join(copy, 'package-lock.json'), '\n');
    expect(setup(copy, { PATH: path })).toMatchObject({ signal: 'SIGKILL' });
    writeFileSync(join(copy, 'package-lock.json'), lock);
    const stamps = JSON.parse(readFileSync(join(copy, '.setup/stamps.json'), 'utf8'));
    expect([packages, stamps]).toEqual([expect.any(String), others]);
    expect(setup(copy, { PATH: path }).stderr).toContain('sockscope: setting up: packages\n');
  });

  it('waits for the work of one that was killed', async () => {
    const path = withNpm('echo $$ >"$(dirname "$0")/pid"; kill -9 $PPID; exec sleep 20');
    writeFileSync(join(copy, '.setup/stamps.json'), '{}');
    expect(setup(copy, { PATH: path }, 'ignore')).toMatchObject({ signal: 'SIGKILL' });
    const next = spawn(process.execPath, ['scripts/setup.mjs'], { cwd: copy });
    const [said] = await once(next.stderr, 'data');
    next.kill('SIGKILL');
    process.kill(Number(readFileSync(join(copy, 'programs/pid'), 'utf8')));
    expect(String(said)).toBe('sockscope: waiting for another set-up\n');
  });

  it.skipIf(missingNobody !== undefined)(
    `says in one line that a checkout has changed that cannot be written to${missingNobody ? ` (${missingNobody})` : ''}`,
    () => {
      chmodSync(copy, 0o755);
      writeFileSync(join(copy, '.setup/stamps.json'), '{}');
      const [program, ...words] = [...nobody, process.execPath, 'scripts/setup.mjs'];
      const { status, stdout, stderr } = spawnSync(program!, words, { cwd: copy, encoding: 'utf8' });
      expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
      expect(stderr).toMatch(/^sockscope: this checkout .* cannot be set up: EACCES: [^\n]*\n$/);
    },
  );

  it.skipIf(missing !== undefined)('tries a build that failed once, and then says so in one line', () => {
    const broken = { CXX: '/bin/false' };
    expect(setup(copy, broken).stderr).toContain('sockscope: setting up: addon\n');
    expect(setup(copy, broken).stderr).toBe(
      'sockscope: no addon, for it could not be built (npm run build:native shows why); everything works through /proc/net\n',
    );
  });
});
