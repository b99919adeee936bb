// node --expose-gc --max-semi-space-size=1 poll-cost.mjs QUESTION [--count]
// What a program pays that keeps one host and asks it the same again and again. QUESTION: { host: HostOptions, scan:
// ScanRequest } in JSON; `none` opens no host. Prints, --count the first alone,
//     rows                 TCP sockets there are, without the 20 listeners of this script; answerRows: those of the answer
//     pollMs pollCpuMs     median of the polls; user and system time of all threads, a poll
//     cpuMsPer100k         that, for 100,000 sockets that there are
//     restMb               resident after 10 polls and 1 s of them at least, and a garbage collection, the answer dropped
//     grownMb              by how much that has grown after 30 more, and 3 s at least
// If nothing is measured it is one poll each. V8's young generation, which grows by itself up to 48 MB, is kept small.
import { once } from 'node:events';
import { createServer } from 'node:net';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { openHost } from '../../../dist/index.js';
import { median } from './median.mjs';
import { quick } from './quick.mjs';

/** What an allocator keeps for the next poll it has by then, and V8 has compiled what it will. */
const WARM_UP = quick ? { polls: 1, ms: 0 } : { polls: 10, ms: 1000 };
const MEASURED = quick ? { polls: 1, ms: 0 } : { polls: 30, ms: 3000 };
const LISTENERS = 20;
const [question, word] = process.argv.slice(2);
const countOnly = word === '--count';

const listeners = countOnly ? [] : await listen();
const figures = question === 'none' ? await nothing() : await polls(JSON.parse(question));
for (const listener of listeners) listener.close();
process.stdout.write(`${JSON.stringify(figures)}\n`);

/** The rows need a host: it is opened when the memory has been looked at. */
async function nothing() {
  const restMb = await residentMb();
  const host = await openHost();
  const rows = await countAll(host);
  await host.close();
  return { rows, restMb };
}

async function polls({ host: options, scan: request }) {
  const host = await openHost(options);
  const rows = await countAll(host);
  if (countOnly) {
    await host.close();
    return { rows };
  }
  await pollOften(host, request, WARM_UP);
  const restMb = await residentMb();
  const seen = await pollOften(host, request, MEASURED);
  const grownMb = (await residentMb()) - restMb;
  await host.close();
  const pollMs = median(seen.map(({ ms }) => ms));
  const pollCpuMs = seen.reduce((sum, { cpuMs }) => sum + cpuMs, 0) / seen.length;
  const { answerRows } = seen[0];
  const cpuMsPer100k = (pollCpuMs * 100_000) / rows;
  return { rows, answerRows, pollMs, pollCpuMs, cpuMsPer100k, restMb, grownMb };
}

async function pollOften(host, request, { polls, ms }) {
  const begun = performance.now();
  const seen = [];
  while (seen.length < polls || performance.now() - begun < ms) seen.push(await pollOnce(host, request));
  return seen;
}

/** Numbers alone, so that nothing holds the table. */
async function pollOnce(host, request) {
  const cpu = process.cpuUsage();
  const begun = performance.now();
  const table = await host.scan({ protocols: ['tcp'], ...request });
  const ms = performance.now() - begun;
  const { user, system } = process.cpuUsage(cpu);
  // With owners it is also that of processes which end meanwhile.
  if (request.owners === undefined && !table.complete) throw new Error('a table is not complete');
  return { answerRows: table.length, ms, cpuMs: (user + system) / 1e3 };
}

async function listen() {
  const servers = Array.from({ length: LISTENERS }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  return servers;
}

async function countAll(host) {
  const table = await host.scan({ protocols: ['tcp'], columns: ['state'] });
  return table.length - listeners.length;
}

async function residentMb() {
  for (let time = 0; time < (quick ? 1 : 3); time += 1) {
    globalThis.gc();
    await sleep(50);
  }
  return process.memoryUsage.rss() / 1e6;
}
