import { fstat, readdirSync, readFileSync } from 'node:fs';
import type { Worker } from 'node:worker_threads';
import { nextTurn } from '../turn.ts';
import type { NativeBinding } from './native-binding.ts';

/** Whether Node's thread pool may be used now. Where it is `true` the pool has its threads, for good. */
export type MayUsePool = () => Promise<boolean>;

type Binding = Pick<NativeBinding, 'mayStartThreads'>;

/** As libuv has them; it reads UV_THREADPOOL_SIZE at the pool's first use. */
const USUAL_THREADS = 4;
const MOST_THREADS = 1024;
/** Left for scans: the pool keeps its threads for good. */
const SCAN_THREADS = 2;

/** How long a "no" holds: a trial costs, and who asks again and again is not to be kept busy by it. */
const NO_HOLDS_MS = 5000;

/** The pool of this thread's Node has its threads. */
let started = false;
/** The trial that runs: of many that ask at a time one tries. */
let trial: Promise<boolean> | undefined;

/**
 * libuv starts the threads of its pool at their first use, all at a time, and aborts the process where one is refused: by
 * a limit of processes (RLIMIT_NPROC, pids.max), or for want of memory. So they are tried out before, unless they run
 * already: by the addon, or, where there is none, by Worker threads, which Node is refused without an end of the process.
 * What others take between trial and start is not seen. Undefined for `tryOut`: it cannot be tried out, and a pool that
 * does not run is not used. `isRunning` is a seam for tests.
 */
export function threadPool(tryOut: TryOut | undefined, isRunning = poolRuns): MayUsePool {
  let noUntil = 0;
  return async () => {
    if (started) return true;
    if (performance.now() < noUntil) return false;
    trial ??= startPool(tryOut, isRunning).finally(() => {
      trial = undefined;
    });
    const may = await trial;
    if (!may) noUntil = performance.now() + NO_HOLDS_MS;
    return may;
  };
}

async function startPool(tryOut: TryOut | undefined, isRunning: () => boolean): Promise<boolean> {
  if (!isRunning() && !(await tryOut?.(poolThreads() + SCAN_THREADS))) return false;
  // At once, in this turn: the first use starts them. A path might be refused before, by the permission model.
  fstat(0, () => {});
  started = true;
  return true;
}

/** Whether so many threads can be had. */
export type TryOut = (threads: number) => boolean | Promise<boolean>;

export function tryByAddon(binding: Binding): TryOut {
  return (threads) => binding.mayStartThreads(threads);
}

/** Takes some tens of milliseconds, most of them on those threads; of some ten megabytes each. */
export async function tryByWorkers(threads: number): Promise<boolean> {
  const before = ownThreads().length;
  const { Worker } = await import('node:worker_threads');
  const workers: Worker[] = [];
  try {
    for (let count = 0; count < threads; count++) {
      await nextTurn();
      workers.push(idleWorker(Worker));
    }
  } catch (error) {
    // Where workers are not permitted nothing is learnt; nobody has said that the machine is short of threads.
    return (error as NodeJS.ErrnoException).code === 'ERR_ACCESS_DENIED';
  } finally {
    await endAll(workers);
  }
  // A thread that has ended may be counted for some microseconds still.
  for (let waits = 0; waits < 100 && ownThreads().length > before; waits++) await pause();
  return true;
}

/** One a turn: Node has much to do for each. */
async function endAll(workers: readonly Worker[]): Promise<void> {
  const ends: Promise<number>[] = [];
  for (const worker of workers) {
    await nextTurn();
    ends.push(worker.terminate());
  }
  await Promise.all(ends);
}

/** It waits for its end: all of them are to be there at a time. */
function idleWorker(WorkerClass: typeof Worker): Worker {
  const worker = new WorkerClass('setInterval(() => {}, 2 ** 30);', { eval: true, execArgv: [], env: {} });
  // One that fails later has had its thread.
  worker.on('error', () => {});
  return worker;
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1));
}

/** Whether there are threads that have the name libuv gives to the pool's, as the one of Node.js 22.23 and 24 does. */
function poolRuns(): boolean {
  return ownThreads().some((thread) => nameOf(thread).startsWith('libuv-worker'));
}

function nameOf(thread: string): string {
  try {
    return readFileSync(`/proc/self/task/${thread}/comm`, 'latin1');
  } catch {
    return '';
  }
}

function ownThreads(): string[] {
  try {
    return readdirSync('/proc/self/task');
  } catch {
    return [];
  }
}

function poolThreads(): number {
  const word = process.env.UV_THREADPOOL_SIZE;
  if (word === undefined) return USUAL_THREADS;
  // As atoi(3) has it, without a sign: -1 is a great many.
  return Math.min(Math.max(Number.parseInt(word, 10) >>> 0, 1), MOST_THREADS);
}
