// An agent that embeds sockscope. Lines of JSON on standard output: what this host can answer, and why not better; then, in
// every period, the sockets by protocol and state, and who listens. A scan that fails is a line of its own on standard
// error. SIGTERM and SIGINT end it at once; so does a reader who leaves, with status 0, and an output that cannot be
// written, with a line on standard error and status 1.
//
// SOCKSCOPE_AGENT_SECONDS  the period, from scan to scan; 10 by default
// SOCKSCOPE_AGENT_PROC     where the host's /proc is mounted, such as /host/proc; /proc by default
// SOCKSCOPE_AGENT_OWNERS   how owners are found, the best first, such as bpf-pinned,procfd; what needs no BPF by default
import { setTimeout as sleep } from 'node:timers/promises';
import { openHost } from 'sockscope';

const { SOCKSCOPE_AGENT_SECONDS, SOCKSCOPE_AGENT_PROC, SOCKSCOPE_AGENT_OWNERS } = process.env;
const periodMs = 1000 * Number(SOCKSCOPE_AGENT_SECONDS || 10);
if (!(periodMs >= 1 && periodMs < 2 ** 31)) throw new RangeError('SOCKSCOPE_AGENT_SECONDS is not a period');

const ending = new AbortController();
const { signal } = ending;
for (const name of ['SIGTERM', 'SIGINT']) process.once(name, () => ending.abort());
process.stdout.on('error', (error) => {
  // Its reader has left; or it cannot be written to any more, as on a full disk.
  if (error.code !== 'EPIPE' && !signal.aborted) {
    complain(error);
    process.exitCode = 1;
  }
  ending.abort();
});

const print = (line) => process.stdout.write(`${JSON.stringify({ time: new Date(), ...line })}\n`);
const complain = (error) =>
  console.error(JSON.stringify({ time: new Date(), error: String(error), remedy: error?.remedy }));

const host = await openHost({
  procRoot: SOCKSCOPE_AGENT_PROC || undefined,
  owners: SOCKSCOPE_AGENT_OWNERS ? SOCKSCOPE_AGENT_OWNERS.split(',') : undefined,
});
// A scan may take a period: a late answer is worth less than the next one.
const question = {
  protocols: ['tcp', 'udp'],
  columns: ['state', 'local'],
  owners: 'lowest',
  deadlineMs: periodMs,
};

print({ abilities: host.abilities });
while (!signal.aborted) {
  try {
    print(summaryOf(await host.scan({ ...question, signal })));
  } catch (error) {
    if (!signal.aborted) complain(error);
  }
  await sleep(periodMs, undefined, { signal }).catch(() => {});
}
await host.close();

function summaryOf(table) {
  const sockets = {};
  const listeners = [];
  for (const { protocol, state, local, owners } of table) {
    sockets[protocol] ??= {};
    sockets[protocol][state] = (sockets[protocol][state] ?? 0) + 1;
    if (state === 'listen')
      listeners.push({ ...local, pid: owners?.[0]?.pid, program: owners?.[0]?.program });
  }
  return { sockets, listeners, owners: table.sources.owners?.source, gaps: table.gaps };
}
