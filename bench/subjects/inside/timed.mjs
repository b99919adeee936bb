// What a script of this folder does over and over in one process, timed by tinybench.
import process from 'node:process';
import { Bench } from 'tinybench';
import { quick } from './quick.mjs';

/**
 * Calls `work` a few times before the clock runs, and `iterations` times beside it; it resolves to the rows it saw. A call
 * that throws, or that sees other rows than the first one, ends the process. Returns { rows, p50Ms, p99Ms, minMs, callCpuMs,
 * calls }; `callCpuMs` is user and system time of all threads, a call.
 */
export async function timed(work, { iterations = 7, warmup = 2 } = {}) {
  const rows = await work();
  for (let call = 1; call < (quick ? 1 : warmup); call += 1) same(rows, await work());
  const bench = new Bench({ iterations: quick ? 1 : iterations, time: 0, warmup: false, throws: true });
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

function same(rows, seen) {
  if (seen !== rows) throw new Error(`${seen} rows in a timed call, not ${rows}`);
}
