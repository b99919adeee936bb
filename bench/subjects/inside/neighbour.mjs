// node --expose-gc neighbour.mjs SERVER CLIENT HOW [--count]
// What an echo server's clients feel of polls of the TCP sockets. SERVER: the program of bench/load/echo-server.c, or `here`
// for one in this process, which polls; CLIENT: that of bench/load/echo-client.c; HOW: see polls.mjs, or `none`. Prints, --count the first alone,
//     rows            sockets, without those of server and client
//     p50Us p99Us p999Us maxUs    of all requests
//     pollP99Us pollMaxUs         of the requests that were due during a poll
//     pollMs          median of the polls
//     pollCpuMs       user and system time of one; left out where the server's would be in it
//     restMb          resident when the polls are over, after a garbage collection
//     requests        how many there were; first: 1 where the client ran before all others
// Polls are 5 s apart at 200,000 sockets, and in proportion at other numbers: they take the same share of the time.
import { setTimeout as sleep } from 'node:timers/promises';
import { openHost } from '../../../dist/index.js';
import { ECHO_SOCKETS, startEcho } from './echo.mjs';
import { pollsBy } from './polls.mjs';
import { quick } from './quick.mjs';

const POLLS = quick ? 1 : 2;
const REST_MS = 5000;
const REST_SOCKETS = 200_000;
const WARM_MS = 200;

const [server, client, how] = process.argv.slice(2);
const polls = how === 'none' ? undefined : await pollsBy(JSON.parse(how));
const rows = await (polls?.count() ?? countOnce());
if (process.argv.includes('--count')) {
  process.stdout.write(`${JSON.stringify({ rows })}\n`);
  process.exit();
}
const restMs = (rows * REST_MS) / REST_SOCKETS;
const echo = await startEcho({ server, client });
echo.begin();
// The server's code and the first poll's are warm after this.
await pollOnce();
await sleep(WARM_MS);

const spans = [];
const from = nowMs();
for (let round = 0; round < POLLS; round += 1) {
  await sleep(restMs / 2);
  spans.push(await pollOnce());
  await sleep(restMs / 2);
}
const answers = await echo.end();
globalThis.gc();
const restMb = process.memoryUsage.rss() / 1e6;
await polls?.close();
process.stdout.write(`${JSON.stringify({ rows, restMb, ...figures() })}\n`);

async function countOnce() {
  const host = await openHost();
  const table = await host.scan({ protocols: ['tcp'] });
  await host.close();
  return table.length;
}

async function pollOnce() {
  const begun = nowMs();
  const cpu = polls?.cpuMs() ?? 0;
  const seen = (await polls?.poll()) ?? rows + ECHO_SOCKETS;
  if (seen !== rows + ECHO_SOCKETS) throw new Error(`a poll saw ${seen} rows, not ${rows + ECHO_SOCKETS}`);
  return { begun, ended: nowMs(), cpuMs: (polls?.cpuMs() ?? 0) - cpu };
}

function nowMs() {
  return Number(process.hrtime.bigint()) / 1e6;
}

function figures() {
  const all = [];
  const during = [];
  for (let index = 0; index < answers.tookUs.length; index += 1) {
    const due = answers.dueMs(index);
    if (due < from) continue;
    all.push(answers.tookUs[index]);
    if (spans.some(({ begun, ended }) => due >= begun && due <= ended)) during.push(answers.tookUs[index]);
  }
  const told = { requests: all.length, first: echo.first ? 1 : 0, ...ranks(all) };
  if (polls === undefined) return told;
  const polled = {
    pollMs: rank(spans.map(({ begun, ended }) => ended - begun).sort(ascending), 0.5),
    pollP99Us: rank(during.sort(ascending), 0.99),
    pollMaxUs: during.at(-1),
  };
  if (server === 'here' && polls.cpuIsOwn) return { ...told, ...polled };
  const pollCpuMs = spans.reduce((sum, { cpuMs }) => sum + cpuMs, 0) / POLLS;
  return { ...told, ...polled, pollCpuMs };
}

function ranks(values) {
  values.sort(ascending);
  const [p50Us, p99Us, p999Us] = [0.5, 0.99, 0.999].map((part) => rank(values, part));
  return { p50Us, p99Us, p999Us, maxUs: values.at(-1) };
}

/** By nearest rank, of ascending values. */
function rank(values, part) {
  return values[Math.max(0, Math.ceil(part * values.length) - 1)];
}

function ascending(a, b) {
  return a - b;
}
