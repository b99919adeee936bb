// node over.mjs QUESTION
// What a command costs over another one: both run in turns, PAIRS times. QUESTION is JSON:
//     runInside, pid   bench/load/run-inside.c, and the process whose namespaces to join
//     base, command    words to run; their output goes to /dev/null
//     pairs
// Prints { overMs, overCpuMs, baseMs, baseCpuMs }: medians of the pairs' differences, and of the base.
import { spawnSync } from 'node:child_process';
import { median } from './median.mjs';
import { quick } from './quick.mjs';

const { runInside, pid, base, command, pairs } = JSON.parse(process.argv[2]);

const rounds = [];
for (let pair = 0; pair < (quick ? 1 : pairs); pair += 1) {
  const [below, above] = [cost(base), cost(command)];
  rounds.push({
    overMs: above.ms - below.ms,
    overCpuMs: above.cpuMs - below.cpuMs,
    baseMs: below.ms,
    baseCpuMs: below.cpuMs,
  });
}
const names = Object.keys(rounds[0]);
const medians = names.map((name) => [name, median(rounds.map((round) => round[name]))]);
process.stdout.write(`${JSON.stringify(Object.fromEntries(medians))}\n`);

function cost(words) {
  const { status, output } = spawnSync(runInside, [`${pid}`, ...words], {
    stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
    encoding: 'latin1',
  });
  if (status !== 0) throw new Error(`${words.join(' ')}: exit code ${status}`);
  const [wallNs, userUs, systemUs] = output[3].split(' ').map(Number);
  return { ms: wallNs / 1e6, cpuMs: (userUs + systemUs) / 1e3 };
}
