// node poll.mjs OWNERS POLLS PERCENT
// What a program pays that keeps one host and asks it again and again who holds the TCP sockets. Before each poll PERCENT
// of the connections are replaced (descriptor 4: a line `churn PERCENT` there, a line back when it is done). Prints
//     rows                 sockets of the last poll
//     firstMs              the first scan that may remember, when nothing is
//     pollMs, pollCpuMs    a later one
//     dumpMs, dumpCpuMs    the same question without owners, asked beside each poll
//     freshMs              the same question, nothing remembered
//     pollP99Ms, dumpP99Ms the 99th percentile of those, by nearest rank: the longest of fewer than a hundred
// all others medians but the first two. After each poll every socket has to have an owner, the one that a fresh scan finds for the
// same cookie; and links of /proc/PID/fd have to say so, for a thousand of them.
import assert from 'node:assert/strict';
import { readlinkSync } from 'node:fs';
import { Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import { openHost } from '../../../dist/index.js';
import { median } from './median.mjs';
import { quick } from './quick.mjs';

const [owners, polls, percent] = process.argv.slice(2);
const dump = { protocols: ['tcp'], columns: ['local', 'remote', 'recvQ', 'sendQ', 'inode', 'cookie'] };
const poll = { ...dump, owners: 'lowest', processFields: [] };
const fresh = { ...poll, remember: false };

const load = new Socket({ fd: 4 });
const answers = createInterface({ input: load })[Symbol.asyncIterator]();
/** More than any process has. */
const DESCRIPTORS = 2 ** 30;

const host = await openHost({ source: 'netlink', owners, threads: 2 });

await timed(dump);
const first = (await timed(poll)).ms;

const rounds = [];
let rows = 0;
for (let round = 0; round < (quick ? 1 : Number(polls)); round += 1) {
  await churn();
  // In turns: the first of the two meets what the churn has left in no cache.
  const order = round % 2 === 0 ? [poll, dump] : [dump, poll];
  const results = new Map();
  for (const request of order) results.set(request, await timed(request));
  const polled = results.get(poll);
  const dumped = results.get(dump);
  const looked = await timed(fresh);
  assertOwners(polled.table, looked.table);
  rows = polled.table.length;
  rounds.push({
    pollMs: polled.ms,
    pollCpuMs: polled.cpuMs,
    dumpMs: dumped.ms,
    dumpCpuMs: dumped.cpuMs,
    freshMs: looked.ms,
  });
}
await host.close();
load.destroy();

const figures = { rows, firstMs: first };
for (const name of Object.keys(rounds[0])) figures[name] = median(rounds.map((round) => round[name]));
figures.pollP99Ms = p99(rounds.map(({ pollMs }) => pollMs));
figures.dumpP99Ms = p99(rounds.map(({ dumpMs }) => dumpMs));
process.stdout.write(`${JSON.stringify(figures)}\n`);

async function timed(request) {
  const cpu = process.cpuUsage();
  const begun = performance.now();
  const table = await host.scan(request);
  const ms = performance.now() - begun;
  const { user, system } = process.cpuUsage(cpu);
  return { table, ms, cpuMs: (user + system) / 1e3 };
}

async function churn() {
  load.write(`churn ${percent}\n`);
  const { value, done } = await answers.next();
  assert.ok(!done && value.startsWith('churned '), `the load answered ${value}`);
}

function assertOwners(polled, looked) {
  assert.ok(polled.complete && looked.complete, 'a table is not complete');
  assert.equal(polled.length, looked.length, 'sockets of the poll and of the fresh scan');
  const expected = new Map();
  for (const { cookie, pid, fd } of ownersOf(looked)) expected.set(cookie, pid * DESCRIPTORS + fd);
  assert.equal(expected.size, looked.length, 'cookies of the fresh scan');
  const every = Math.ceil(polled.length / 1000);
  let index = 0;
  for (const { cookie, inode, pid, fd } of ownersOf(polled)) {
    if (expected.get(cookie) !== pid * DESCRIPTORS + fd)
      assert.fail(`${pid}/fd/${fd} is not socket ${inode}`);
    if (index % every === 0) assert.equal(readlinkSync(`/proc/${pid}/fd/${fd}`), `socket:[${inode}]`);
    index += 1;
  }
}

/** Each socket's one owner. By columns: an object for each of half a million would take longer than what is measured. */
function* ownersOf(table) {
  for (const batch of table.batches) {
    const [cookies, inodes] = [batch.column('cookie'), batch.column('inode')];
    const { ownerStart, ownerPid, ownerFd } = batch.owners;
    const found = {};
    for (let row = 0; row < batch.length; row += 1) {
      const at = ownerStart[row];
      if (ownerStart[row + 1] !== at + 1) assert.fail(`socket ${inodes[row]} has not one owner`);
      found.cookie = cookies[2 * row + 1] * 2 ** 32 + cookies[2 * row];
      found.inode = inodes[row];
      found.pid = ownerPid[at];
      found.fd = ownerFd[at];
      yield found;
    }
  }
}

function p99(values) {
  return values.sort((a, b) => a - b)[Math.ceil(0.99 * values.length) - 1];
}
