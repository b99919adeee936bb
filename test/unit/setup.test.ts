import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { requirement } from '../requirements.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const missing = requirement('addon');
let copy: string;

beforeEach(() => {
  copy = mkdtempSync(join(tmpdir(), 'sock scope-'));
  const left = ['node_modules', 'build', '.git', '.nodes', '.prebuild'];
  cpSync(root, copy, { recursive: true, filter: (path) => !left.includes(relative(root, path)) });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
});
afterEach(() => rmSync(copy, { recursive: true, force: true }));

function setup(cwd: string, environment: NodeJS.ProcessEnv = {}) {
  const env = { ...process.env, CXX: undefined, ...environment };
  return spawnSync(process.execPath, ['scripts/setup.mjs'], { cwd, encoding: 'utf8', env });
}

describe('the set-up', () => {
  it.skipIf(missing !== undefined)('says nothing when there is nothing to do', () => {
    expect(setup(root)).toMatchObject({ status: 0, stdout: '', stderr: '' });
    expect(setup(root, { PATH: '/nonexistent' })).toMatchObject({ status: 0, stdout: '' });
  });

  it('says in one line that there is no compiler, and goes on: a moved checkout does nothing again', () => {
    const { status, stdout, stderr } = setup(copy, { PATH: '/nonexistent' });
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
    expect(stderr).toBe(
      'sockscope: no addon, for python3, make, g++ is missing; everything works through /proc/net\n',
    );
  });

  it.skipIf(missing !== undefined)('tries a build that failed once, and then says so in one line', () => {
    const broken = { CXX: '/bin/false' };
    expect(setup(copy, broken).stderr).toContain('sockscope: setting up: addon\n');
    expect(setup(copy, broken).stderr).toBe(
      'sockscope: no addon, for it could not be built (npm run build:native shows why); everything works through /proc/net\n',
    );
  });
});
