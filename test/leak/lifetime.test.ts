import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { requirement } from '../requirements.ts';
import { limitThreads, play, publicCopy, startAsUser } from './scene.ts';

const missing = requirement('addon');
const unlimited = requirement('addon', 'setpriv', 'prlimit');
const because = (reason: string | undefined) => (reason === undefined ? '' : ` (${reason})`);

const quiet = { signal: null, stderr: '' };

describe.skipIf(missing !== undefined)(
  `a process or worker that ends during a scan${because(missing)}`,
  () => {
    it.each(['exit in main at once', 'exit in main when woken'])('%s: ends with its code', async (scene) => {
      expect(await play(scene)).toEqual({ ...quiet, code: 7, stdout: '"exiting"\n' });
    });

    it.each(['exit in a worker at once', 'exit in a worker when woken'])(
      '%s: main lives on',
      async (scene) => {
        expect(await play(scene)).toEqual({ ...quiet, code: 0, stdout: '7\n' });
      },
    );

    it('dies of its own exception, not of an abort', async () => {
      const { code, signal, stderr } = await play('exception in main');
      expect({ code, signal }).toEqual({ code: 1, signal: null });
      expect(stderr).toContain('nobody catches this');
    });

    it('tells of an exception in a worker', async () => {
      expect(await play('exception in a worker')).toEqual({ ...quiet, code: 0, stdout: '"mine"\n' });
    });

    it('leaves no thread and no descriptor of a terminated worker', async () => {
      expect(await play('worker terminated')).toEqual({ ...quiet, code: 0, stdout: '"settled"\n' });
    });

    it('lets a worker end by itself', async () => {
      const { stdout, ...rest } = await play('worker that ends by itself');
      expect(rest).toEqual({ ...quiet, code: 0 });
      expect(JSON.parse(stdout)).toEqual({ rows: 40 * 260, code: 0 });
    });
  },
);

describe.skipIf(missing !== undefined)(`the event loop${because(missing)}`, () => {
  it('lives until an awaited dump has ended', async () => {
    const { stdout, ...rest } = await play('awaited dump');
    expect(rest).toEqual({ ...quiet, code: 0 });
    expect(JSON.parse(stdout)).toMatchObject({ live: 'ok', rows: 40 * 260, threads: 2 });
  });

  it.each(['abandoned dump', 'cancelled dump'])('%s: does not hold it', async (scene) => {
    expect(await play(scene)).toEqual({ ...quiet, code: 0, stdout: '"left"\n' });
  });
});

describe.skipIf(missing !== undefined)(`many scans${because(missing)}`, () => {
  it('leave no thread and no descriptor, finished or cancelled', async () => {
    expect(await play('a thousand scans')).toEqual({ ...quiet, code: 0, stdout: '"settled"\n' });
  });

  it('leave no memory once the garbage collector has found them', async () => {
    const { stdout, ...rest } = await play('garbage', ['--expose-gc']);
    expect(rest).toEqual({ ...quiet, code: 0 });
    // 400 dumps of more than a megabyte each were left with all their batches waiting.
    const { alive, grownMegabytes } = JSON.parse(stdout) as { alive: number; grownMegabytes: number };
    expect(alive).toBe(0);
    expect(grownMegabytes).toBeLessThan(100);
  });
});

describe.skipIf(unlimited !== undefined)(`a machine that refuses threads${because(unlimited)}`, () => {
  it('gets an error where none can be started, and a scan on one where the second cannot', async () => {
    const folder = publicCopy();
    const child = startAsUser(folder, 'scenes.cjs', ['threads refused']);
    const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
    try {
      expect((await lines.next()).value).toBe('"ready"');
      const ends = new Set<string>();
      for (let limit = 1, threads = 0; threads < 2 && limit < 1000; limit++) {
        limitThreads(child, limit);
        child.stdin!.write('scan\n');
        const end: string = (await lines.next()).value;
        ends.add(end);
        threads = (JSON.parse(end) as { threads: number }).threads;
      }
      expect([...ends].map((end) => JSON.parse(end) as object)).toEqual([
        { status: 'no-thread', operation: 'start thread', errno: 11, threads: 0 },
        { status: 'ok', operation: '', errno: 0, threads: 1 },
        { status: 'ok', operation: '', errno: 0, threads: 2 },
      ]);
    } finally {
      child.stdin!.end();
      child.kill();
      rmSync(folder, { recursive: true });
    }
  });
});
