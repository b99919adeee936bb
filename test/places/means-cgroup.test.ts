import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requirement } from '../requirements.ts';
import { Cgroup, parentOf } from './means-cgroup.ts';

const missing = requirement('root', 'pidscg');

describe('a controller', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'sockscope-means-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('that the machine does not hand on is not handed on by a test', () => {
    const file = join(folder, 'cgroup.subtree_control');
    writeFileSync(file, 'cpu memory\n');
    expect(parentOf('memory', folder)).toBe(folder);
    expect(() => parentOf('pids', folder)).toThrow(`${file} does not have pids`);
    expect(readFileSync(file, 'latin1')).toBe('cpu memory\n');
  });

  it('of the first version has a mount of its own', () => {
    mkdirSync(join(folder, 'pids'));
    expect(parentOf('pids', folder)).toBe(join(folder, 'pids'));
  });
});

describe.skipIf(missing !== undefined)(`a control group${missing ? ` (${missing})` : ''}`, () => {
  it('is removed with what is in there', async () => {
    const group = new Cgroup('pids');
    const sleeper = spawn('sh', ['-c', `echo 0 >${group.door} && echo in && exec sleep 600`], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(sleeper, 'close');
    try {
      await once(sleeper.stdout, 'data');
      group.remove();
      expect(await ended).toEqual([null, 'SIGKILL']);
      expect(existsSync(dirname(group.door))).toBe(false);
    } finally {
      sleeper.kill('SIGKILL');
      await ended;
      if (existsSync(dirname(group.door))) group.remove();
    }
  });
});
