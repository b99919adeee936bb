// What a script of this folder does over and over in one process, timed by tinybench.

import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { Bench } from 'tinybench';
import { quick } from './quick.mjs';

/** What would take longer in all is done less often. */
const LONGEST_MS = 3000;
const LEAST_ITERATIONS = 3;

/**
 * Calls `work` a few times before the clock runs, and `iterations` times beside it, at least three; it resolves to the rows
 * it saw. A call that throws, or that sees other rows than the first one, ends the process. Returns { rows, p50Ms, p99Ms, minMs, callCpuMs,
 * calls }; `callCpuMs` is user and system time of all threads, a call.
 */
export async function timed(work, { iterations = 7, warmup = 2 } = {}) {
  const { rows, ms } = await warmUp(work, quick ? 1 : warmup);
  const times = quick ? 1 : Math.min(iterations, Math.max(LEAST_ITERATIONS, Math.floor(LONGEST_MS / ms)));
  const bench = new Bench({ iterations: times, time: 0, warmup: false, throws: true });
  bench.add('work', async () => same(rows, await work()));
  const before = process.cpuUsage();
  const [task] = await bench.run();
  const cpu = process.cpuUsage(before);
  const { latency } = task.result;
  const calls = latency.samplesCount;
  return {
    rows,
    p50Ms: latency.p50,
    p99Ms: latency.p99,
    minMs: latency.min,
    callCpuMs: (cpu.user + cpu.system) / 1e3 / calls,
    calls,
  };
}

/** As `timed`, printed as the one line of JSON that the runner reads. */
export async function printTimed(work, options) {
  process.stdout.write(`${JSON.stringify(await timed(work, options))}\n`);
}

/** The rows of the first call, and how long the last one took. */
async function warmUp(work, calls) {
  let begun = performance.now();
  const rows = await work();
  for (let call = 1; call < calls; call += 1) {
    begun = performance.now();
    same(rows, await work());
  }
  return { rows, ms: performance.now() - begun };
}

function same(rows, seen) {
  if (seen !== rows) throw new Error(`${seen} rows in a timed call, not ${rows}`);
}
