// node --expose-gc neighbour.mjs SERVER CLIENT HOW [--count]
// What an echo server's clients feel of polls of the TCP sockets. SERVER: the program of bench/load/echo-server.c, or `here`
// for one in this process, which polls; CLIENT: that of bench/load/echo-client.c; HOW: see polls.mjs, or `none`. Prints, --count the first alone,
//     rows            sockets, without those of server and client
//     p50Us p99Us p999Us maxUs    of the requests while there are polls
//     quietP50Us quietP99Us       of those between them, in turns: spans without any poll
//     p99Ratio        p99Us to quietP99Us: the median of those of the pairs
//     pollP99Us pollMaxUs         of the requests that were due during a poll
//     pollMs          median of the polls
//     pollCpuMs       user and system time of one, the mean; left out where the server's would be in it
//     restMb          resident when the polls are over, after a garbage collection
//     requests        how many there were while there were polls; first: 1 where the client ran before all others
// A span of time has one poll in its middle, or none: 5 s at 200,000 sockets, and in proportion at other numbers. They come
// in pairs, so that both kinds meet the same machine; a rank is the median of those of the spans.
import { setTimeout as sleep } from 'node:timers/promises';
import { openHost } from '../../../dist/index.js';
import { ECHO_SOCKETS, startEcho } from './echo.mjs';
import { median } from './median.mjs';
import { pollsBy } from './polls.mjs';
import { quick } from './quick.mjs';

const PAIRS = quick ? 1 : 4;
const SPAN_MS = 5000;
const SPAN_SOCKETS = 200_000;
const WARM_MS = 200;

const [server, client, how] = process.argv.slice(2);
const polls = how === 'none' ? undefined : await pollsBy(JSON.parse(how));
const rows = await (polls?.count() ?? countOnce());
if (process.argv.includes('--count')) {
  process.stdout.write(`${JSON.stringify({ rows })}\n`);
  process.exit();
}
const spanMs = (rows * SPAN_MS) / SPAN_SOCKETS;
const echo = await startEcho({ server, client });
echo.begin();
// The server's code and the first poll's are warm after this.
await pollOnce();
await sleep(WARM_MS);

const polled = [];
const quiet = [];
for (let pair = 0; pair < PAIRS; pair += 1) {
  // The second of two has no other place than the first, on the whole.
  if (pair % 2 === 0) quiet.push(await span(async () => {}));
  polled.push(await span(pollOnce));
  if (pair % 2 === 1) quiet.push(await span(async () => {}));
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

async function span(inTheMiddle) {
  const begun = nowMs();
  await sleep(spanMs / 2);
  const poll = await inTheMiddle();
  await sleep(spanMs / 2);
  return { begun, ended: nowMs(), poll };
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
  const withPolls = polled.map(answersDuring);
  const without = quiet.map(answersDuring);
  const p99s = ranks(withPolls, 0.99);
  const quietP99s = ranks(without, 0.99);
  const told = {
    requests: withPolls.reduce((sum, values) => sum + values.length, 0),
    first: echo.first ? 1 : 0,
    p50Us: median(ranks(withPolls, 0.5)),
    p99Us: median(p99s),
    p999Us: median(ranks(withPolls, 0.999)),
    maxUs: Math.max(...ranks(withPolls, 1)),
    quietP50Us: median(ranks(without, 0.5)),
    quietP99Us: median(quietP99s),
    p99Ratio: median(p99s.map((p99, pair) => p99 / quietP99s[pair])),
  };
  if (polls === undefined) return told;
  const pollsSeen = polled.map(({ poll }) => poll);
  const during = Float64Array.from(pollsSeen.flatMap((poll) => [...answersDuring(poll)])).sort();
  const ofPolls = {
    pollMs: median(pollsSeen.map(({ begun, ended }) => ended - begun)),
    pollP99Us: rank(during, 0.99),
    pollMaxUs: during.at(-1),
  };
  if (server === 'here' && polls.cpuIsOwn) return { ...told, ...ofPolls };
  return { ...told, ...ofPolls, pollCpuMs: meanCpuMs(pollsSeen) };
}

/** A program's is counted in ticks of 10 ms: a median of few would be as coarse. */
function meanCpuMs(pollsSeen) {
  return pollsSeen.reduce((sum, { cpuMs }) => sum + cpuMs, 0) / pollsSeen.length;
}

/** µs of those that were due then, ascending. */
function answersDuring({ begun, ended }) {
  return answers.tookUs.filter((_, index) => isDuring(answers.dueMs(index), begun, ended)).sort();
}

function isDuring(due, begun, ended) {
  return due >= begun && due <= ended;
}

function ranks(spans, part) {
  return spans.map((values) => rank(values, part));
}

/** By nearest rank, of ascending values. */
function rank(values, part) {
  return values[Math.max(0, Math.ceil(part * values.length) - 1)];
}
