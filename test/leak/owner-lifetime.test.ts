import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requirement } from '../requirements.ts';
import { type HandMadeProc, handMadeProc } from './proc-root.ts';
import { limitThreads, playIn, playWithMounts, publicCopy, startAsUser } from './scene.ts';

const SCENES = 'owner-scenes.cjs';
const because = (reason: string | undefined) => (reason === undefined ? '' : ` (${reason})`);
const quiet = { signal: null, stderr: '' };

const missing = requirement('addon');
const subjects = [
  { subject: 'owners', missing },
  { subject: 'bpf', missing: requirement('addon', 'bpf') },
  { subject: 'conntrack', missing: requirement('addon', 'root') },
];

let proc: HandMadeProc;
let small: HandMadeProc;
beforeAll(() => {
  // Some ten thousand descriptors: a scan of these is still running when the caller's next lines run.
  proc = handMadeProc(20, 500);
  small = handMadeProc(3, 4);
});
afterAll(() => {
  proc.remove();
  small.remove();
});

describe.each(subjects)('$subject', ({ subject, missing }) => {
  const play = (scene: string, nodeOptions: readonly string[] = []) =>
    playIn(SCENES, [scene, subject, proc.path], nodeOptions);

  describe.skipIf(missing !== undefined)(`begun on a thread${because(missing)}`, () => {
    it.each(['exit in main at once', 'exit in main when woken'])('%s: ends with its code', async (scene) => {
      expect(await play(scene)).toEqual({ ...quiet, code: 7, stdout: '"exiting"\n' });
    });

    it.each(['exit in a worker at once', 'exit in a worker when woken'])(
      '%s: main lives on',
      async (scene) => {
        expect(await play(scene)).toEqual({ ...quiet, code: 0, stdout: '7\n' });
      },
    );

    it('leave no thread and no descriptor of a terminated worker', async () => {
      expect(await play('worker terminated')).toEqual({ ...quiet, code: 0, stdout: '"settled"\n' });
    });

    it('keep the event loop alive until they have ended', async () => {
      expect(await play('awaited')).toEqual({ ...quiet, code: 0, stdout: '"ok"\n' });
    });

    it.each(['abandoned', 'cancelled'])('%s: do not hold it', async (scene) => {
      expect(await play(scene)).toEqual({ ...quiet, code: 0, stdout: '"left"\n' });
    });

    it('leave no thread and no descriptor', async () => {
      const outcome = await playIn(SCENES, ['many, finished or cancelled', subject, small.path]);
      expect(outcome).toEqual({ ...quiet, code: 0, stdout: '"settled"\n' });
    });

    it('leave nothing once the garbage collector has found them', async () => {
      const { stdout, ...rest } = await play('garbage', ['--expose-gc']);
      expect(rest).toEqual({ ...quiet, code: 0 });
      // 200 were left: of the owner scans, with an index of 180 KB each.
      const { alive, grownMegabytes } = JSON.parse(stdout) as { alive: number; grownMegabytes: number };
      // A frame may still have the last one of a round when the collector looks.
      expect(alive).toBeLessThanOrEqual(10);
      expect(grownMegabytes).toBeLessThan(35);
    });
  });
});

const mounts = requirement('addon', 'bpf', 'mountns', 'bpffs');

describe.skipIf(mounts !== undefined)(`a pinned iterator${because(mounts)}`, () => {
  it('leaves no descriptor and no thread, however often it is pinned and read', async () => {
    const place = handMadeProc(0, 0);
    try {
      const outcome = await playWithMounts(SCENES, ['pinned', 'owners', place.path]);
      expect(outcome).toEqual({ ...quiet, code: 0, stdout: '["ok  0"]\n' });
    } finally {
      place.remove();
    }
  });
});

const unlimited = requirement('addon', 'setpriv', 'prlimit');

describe.skipIf(unlimited !== undefined)(`a machine that refuses threads${because(unlimited)}`, () => {
  /** What a user is told while the limit of threads grows from 1 until `enough`. */
  async function endsOf(
    subject: string,
    enough: (end: Record<string, unknown>) => boolean,
  ): Promise<unknown[]> {
    const folder = publicCopy();
    const child = startAsUser(folder, SCENES, ['threads refused', subject, proc.path]);
    const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
    try {
      expect((await lines.next()).value).toBe('"ready"');
      const ends = new Set<string>();
      for (let limit = 1, done = false; !done && limit < 1000; limit++) {
        limitThreads(child, limit);
        child.stdin!.write('begin\n');
        const end: string = (await lines.next()).value;
        ends.add(end);
        done = enough(JSON.parse(end) as Record<string, unknown>);
      }
      return [...ends].map((end) => JSON.parse(end) as unknown);
    } finally {
      child.stdin!.end();
      child.kill();
      rmSync(folder, { recursive: true });
    }
  }

  it('gets an error where none can be started, and an owner scan on one where the second cannot', async () => {
    expect(await endsOf('owners', ({ threads }) => threads === 2)).toEqual([
      { status: 'no-thread', operation: 'start thread', errno: 11, threads: 0 },
      { status: 'ok', operation: '', errno: 0, threads: 1 },
      { status: 'ok', operation: '', errno: 0, threads: 2 },
    ]);
  });

  it('gets an error for the iterator as well; one who may not use bpf(2) then gets a refusal', async () => {
    expect(await endsOf('bpf', ({ status }) => status !== 'no-thread')).toEqual([
      { status: 'no-thread', operation: 'start thread', errno: 11 },
      // EPERM; or the kernel has none of it.
      {
        status: expect.stringMatching(/^(system|not-supported)$/),
        operation: expect.any(String),
        errno: expect.any(Number),
      },
    ]);
  });
});
