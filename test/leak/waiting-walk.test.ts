import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { requirement } from '../requirements.ts';
import { ADDON } from './scene.ts';

const missing = requirement('netns', 'python3', 'addon', 'bpf');
const child = (name: string): string => fileURLToPath(new URL(`children/${name}`, import.meta.url));
/** More than a batch has rows. */
const SOCKETS = '8300';

function play(scene: string): { status: number | null; stdout: string; stderr: string } {
  const node = [process.execPath, '--expose-gc', child('waiting-walk.cjs'), scene];
  const words = ['-n', 'python3', child('listen_and_run.py'), SOCKETS, ...node];
  const env = { ...process.env, SOCKSCOPE_ADDON: ADDON };
  const { status, stdout, stderr } = spawnSync('unshare', words, { encoding: 'utf8', env, timeout: 30_000 });
  return { status, stdout, stderr };
}

describe.skipIf(missing !== undefined)(
  `a walk that waits for its reader${missing === undefined ? '' : ` (${missing})`}`,
  () => {
    const waiting = { wakes: 1, threads: 1 };

    it.each([
      ['taken', 0, { ...waiting, status: 'ok', all: true }],
      ['cancelled', 0, { ...waiting, left: true }],
      ['exit', 7, waiting],
    ])('%s: leaves nothing, and ends with %i', { timeout: 40_000 }, (scene, status, said) => {
      const { stdout, ...rest } = play(scene);
      expect(rest).toEqual({ status, stderr: '' });
      expect(JSON.parse(stdout)).toEqual(said);
    });
  },
);
