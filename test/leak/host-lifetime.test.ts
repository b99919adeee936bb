import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { requirement } from '../requirements.ts';
import { limitThreads, playWithEtc, publicCopy, startAsUser } from './scene.ts';

const SCENES = 'host-scenes.cjs';
const missing = requirement('addon', 'netns', 'ip');
const because = (reason: string | undefined) => (reason === undefined ? '' : ` (${reason})`);
const quiet = { signal: null, stderr: '' };

const ETC = {
  'resolv.conf': 'nameserver 127.0.0.1\noptions timeout:1 attempts:1\n',
  'nsswitch.conf': 'hosts: files dns\n',
  hosts: '127.0.0.1 localhost\n',
};

const play = (scene: string, nodeOptions: readonly string[] = []) =>
  playWithEtc(ETC, SCENES, [scene], nodeOptions);

describe.skipIf(missing !== undefined)(`look-ups that no name server answers${because(missing)}`, () => {
  it.each(['exit in main at once', 'exit in main'])('%s: ends with its code', async (scene) => {
    expect(await play(scene)).toEqual({ ...quiet, code: 7, stdout: '"exiting"\n' });
  });

  it.each(['exit in a worker', 'worker terminated', 'worker terminated when answers come'])(
    '%s: main lives on, and nothing is left of it',
    { timeout: 30_000 },
    async (scene) => {
      expect(await play(scene)).toEqual({ ...quiet, code: 0, stdout: '"settled"\n' });
    },
  );

  it('do not hold a worker that has nothing else to do', async () => {
    expect(await play('worker that ends by itself')).toEqual({ ...quiet, code: 0, stdout: '0\n' });
  });

  it.each(['abandoned', 'closed'])('%s: do not hold the process', async (scene) => {
    expect(await play(scene)).toEqual({ ...quiet, code: 0, stdout: '"left"\n' });
  });

  it('leave nothing once the garbage collector has found them', { timeout: 30_000 }, async () => {
    expect(await play('garbage', ['--expose-gc'])).toEqual({
      ...quiet,
      code: 0,
      stdout: '{"alive":false}\n',
    });
  });

  it('leave no thread and no descriptor, however often they are opened', { timeout: 30_000 }, async () => {
    expect(await play('many')).toEqual({ ...quiet, code: 0, stdout: '["localhost"]\n' });
  });
});

const unlimited = requirement('addon', 'setpriv', 'prlimit');

describe.skipIf(unlimited !== undefined)(`a machine that refuses threads${because(unlimited)}`, () => {
  it('knows no name where none can be started', async () => {
    const folder = publicCopy();
    const child = startAsUser(folder, SCENES, ['threads refused']);
    const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
    try {
      expect((await lines.next()).value).toBe('"ready"');
      const ends: string[] = [];
      for (const limit of [1, 1000]) {
        limitThreads(child, limit);
        child.stdin!.write('ask\n');
        ends.push((await lines.next()).value as string);
      }
      // null, an object to typeof: it could not be asked for.
      expect(ends).toEqual(['["object"]', '["string"]']);
    } finally {
      child.stdin!.end();
      child.kill();
      rmSync(folder, { recursive: true });
    }
  });
});
