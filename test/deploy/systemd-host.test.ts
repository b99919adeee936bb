import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requirement } from '../requirements.ts';
import { SCRIPT } from './systemd-host.ts';

const missing = requirement('root', 'systemd', 'netns', 'mountns', 'pidns', 'python3', 'ip');

/** Of a mountinfo file. */
function mountsOf(text: string) {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => {
      const [, , device = '', root = '', point = '', options = '', ...rest] = line.split(' ');
      return { device, root, point, options: options.split(','), type: rest[rest.indexOf('-') + 1] };
    });
}

describe.skipIf(missing !== undefined)(`a systemd of the test's own${missing ? ` (${missing})` : ''}`, () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'sockscope-systemd-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('has all of the machine read-only, and leaves nothing when its script is killed', async () => {
    const script = spawn('python3', ['-B', SCRIPT, folder], { stdio: ['pipe', 'pipe', 'inherit'] });
    const closed = once(script, 'close');
    const unified = mountsOf(readFileSync('/proc/self/mountinfo', 'utf8')).find(
      ({ type }) => type === 'cgroup2',
    );
    const group = join(unified!.point, `sockscope-test-${script.pid}`);
    let pid = 0;
    try {
      const [line] = (await once(createInterface(script.stdout), 'line')) as [string];
      pid = (JSON.parse(line) as { pid: number }).pid;
      const devices = new Set(
        mountsOf(readFileSync('/proc/self/mountinfo', 'utf8')).map(({ device }) => device),
      );
      const machines = mountsOf(readFileSync(`/proc/${pid}/mountinfo`, 'utf8')).filter(
        ({ device, root, type }) =>
          devices.has(device) && type !== 'cgroup2' && !root.endsWith(basename(folder)),
      );
      expect(machines.map(({ point }) => point)).toEqual(expect.arrayContaining(['/', '/sys']));
      expect(machines.filter(({ options }) => !options.includes('ro'))).toEqual([]);
      expect(existsSync(group)).toBe(true);
      script.kill('SIGKILL');
      // Its output is open until the group is removed.
      await closed;
      expect(existsSync(group)).toBe(false);
    } finally {
      script.kill('SIGKILL');
      await closed;
      if (existsSync(group) && pid > 0) process.kill(pid, 'SIGKILL');
    }
  });
});
