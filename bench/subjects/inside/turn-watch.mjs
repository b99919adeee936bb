// How long the event loop is held while something runs.
//
// A turn is one round of the loop from check phase to check phase, less the time it slept in poll: everything that ran
// in between, ours and Node's, callbacks and the promises behind them, garbage collection, and time taken away by the
// scheduler. An immediate that is not referenced marks the check phase: it runs in every round and, unlike a referenced
// one, never makes a round happen, so that the watch neither spins a core nor hides the loop's sleep. (async_hooks would
// slow every promise; monitorEventLoopDelay sees timers being late, in steps of 1 ms; a busy loop of pings would compete
// with the scan's own threads for the cores.) The first turn holds the work's synchronous part, the last one its result.
import { performance } from 'node:perf_hooks';
import { setImmediate as nextCheck, setTimeout as sleep } from 'node:timers/promises';

/**
 * Prints { rows, ms, turns, longestTurnMs, activeMs, noiseMs, againLongestTurnMs }; `work` resolves to the rows it saw. The
 * first time its code is compiled and the addon loaded, which the second time, `again`, is not. noiseMs is the same watch's
 * longest turn over as long a time in which a timer fires every millisecond and does nothing.
 */
export async function printTurns(work) {
  const { result: rows, ms, turns, longest, active } = await watch(work);
  const noise = await watch(() => idle(ms));
  const again = await watch(work);
  const figures = {
    rows,
    ms,
    turns,
    longestTurnMs: longest,
    activeMs: active,
    noiseMs: noise.longest,
    againLongestTurnMs: again.longest,
  };
  process.stdout.write(`${JSON.stringify(figures)}\n`);
}

async function watch(work) {
  await nextCheck();
  let watching = true;
  let turns = 0;
  let longest = 0;
  let active = 0;
  let last = clock();
  const begun = last.now;
  const mark = () => {
    const next = clock();
    const turn = next.now - last.now - (next.slept - last.slept);
    last = next;
    turns += 1;
    active += turn;
    longest = Math.max(longest, turn);
    if (watching) setImmediate(mark).unref();
  };
  setImmediate(mark).unref();
  const result = await work();
  const ms = performance.now() - begun;
  await nextCheck();
  watching = false;
  return { result, ms, turns, longest, active };
}

function clock() {
  return { now: performance.now(), slept: performance.eventLoopUtilization().idle };
}

async function idle(ms) {
  for (const end = performance.now() + ms; performance.now() < end; ) await sleep(1);
}
