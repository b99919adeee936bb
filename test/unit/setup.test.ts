import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { requirement } from '../requirements.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

function setup(env: NodeJS.ProcessEnv) {
  return spawnSync(process.execPath, ['scripts/setup.mjs'], { cwd: root, encoding: 'utf8', env });
}

describe('the set-up', () => {
  const missing = requirement('addon');

  it.skipIf(missing !== undefined)('says nothing when there is nothing to do', () => {
    expect(setup(process.env).status).toBe(0);
    expect(setup(process.env)).toMatchObject({ status: 0, stdout: '', stderr: '' });
  });

  it('says in one line that there is no compiler, and goes on', () => {
    const { status, stdout, stderr } = setup({ ...process.env, PATH: '/nonexistent' });
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
    expect(stderr).toBe(
      'sockscope: no addon, for python3, make, g++ is missing; everything works through /proc/net\n',
    );
  });
});
