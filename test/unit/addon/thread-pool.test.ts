import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, expect, it, vi } from 'vitest';
import { threadPool, tryByAddon, tryByWorkers } from '../../../src/addon/thread-pool.ts';

const { UV_THREADPOOL_SIZE } = process.env;
afterEach(() => {
  vi.useRealTimers();
  if (UV_THREADPOOL_SIZE === undefined) delete process.env.UV_THREADPOOL_SIZE;
  else process.env.UV_THREADPOOL_SIZE = UV_THREADPOOL_SIZE;
});

/** In Node.js 22.23, 24 and later the pool's threads have a name, by which it is known that they are there. */
const isSeen = readdirSync('/proc/self/task').some((task) =>
  readFileSync(`/proc/self/task/${task}/comm`, 'latin1').startsWith('libuv-worker'),
);

const notYet = (): boolean => false;

it('is not tried out where it runs', async () => {
  const asked: number[] = [];
  const refusing = (threads: number): boolean => asked.push(threads) < 0;
  for (const [isRunning, may] of [
    [undefined, isSeen],
    [() => true, true],
  ] as const) {
    // Of its own state: what has been started once is not asked about again.
    vi.resetModules();
    const { threadPool: anew } = await import('../../../src/addon/thread-pool.ts');
    expect(await anew(refusing, isRunning)()).toBe(may);
  }
  expect(asked).toEqual(isSeen ? [] : [6]);
});

it('is tried out with as many threads as it has and two for scans', async () => {
  const asked: number[] = [];
  let room = false;
  const mayUsePool = threadPool((threads) => {
    asked.push(threads);
    return room;
  }, notYet);
  vi.useFakeTimers({ toFake: ['performance'] });
  const sizes = [undefined, '8', '0', 'many', '5000', '-1', ' 7x'];
  for (const size of sizes) {
    if (size === undefined) delete process.env.UV_THREADPOOL_SIZE;
    else process.env.UV_THREADPOOL_SIZE = size;
    expect(await Promise.all([mayUsePool(), mayUsePool()])).toEqual([false, false]);
    // What was refused is not tried again at once.
    expect(await mayUsePool()).toBe(false);
    vi.advanceTimersByTime(5000);
  }
  expect(asked).toEqual([6, 10, 3, 3, 1026, 1026, 9]);
  expect(await threadPool(undefined, notYet)()).toBe(false);
  room = true;
  expect(await mayUsePool()).toBe(true);
  room = false;
  expect(await mayUsePool()).toBe(true);
  expect(await threadPool(undefined)()).toBe(true);
  expect(asked).toHaveLength(sizes.length + 1);
});

it('is tried out by the addon, or by workers that leave nothing', async () => {
  const asked: number[] = [];
  const binding = {
    mayStartThreads: (threads: number) => {
      asked.push(threads);
      return false;
    },
  };
  expect(tryByAddon(binding)(6)).toBe(false);
  expect(asked).toEqual([6]);
  const before = readdirSync('/proc/self/task').length;
  expect(await tryByWorkers(3)).toBe(true);
  expect(readdirSync('/proc/self/task').length).toBeLessThanOrEqual(before);
});
