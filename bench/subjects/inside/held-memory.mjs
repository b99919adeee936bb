// node --expose-gc held-memory.mjs OWNERS
// What a host keeps of who holds the sockets, for the next question. Prints { rows, heldBytesPerSocket }: by how much the
// process has grown over the first scan that may remember, its table dropped. To be run with MALLOC_MMAP_THRESHOLD_ set to
// less than a batch takes: then what is freed is given back, and not kept by the allocator. Scans that may not remember
// run before, so that all code and tables they need are there.
import { setTimeout as sleep } from 'node:timers/promises';
import { openHost } from '../../../dist/index.js';

const [owners] = process.argv.slice(2);
const request = {
  protocols: ['tcp'],
  columns: ['local', 'remote', 'recvQ', 'sendQ', 'inode', 'cookie'],
  owners: 'lowest',
  processFields: [],
};

const host = await openHost({ source: 'netlink', owners, threads: 2 });
for (let time = 0; time < 3; time += 1) await rowsOf({ ...request, remember: false });
const before = await heldBytes();
const rows = await rowsOf(request);
const heldBytesPerSocket = Math.max(0, (await heldBytes()) - before) / rows;
// Not before: what the host keeps would be garbage.
await host.close();
process.stdout.write(`${JSON.stringify({ rows, heldBytesPerSocket })}\n`);

/** Only a number, so that nothing holds the table. */
async function rowsOf(question) {
  const table = await host.scan(question);
  return table.length;
}

/** Resident, and in V8's heap what is used of it: how many empty pages V8 keeps is its own affair. */
async function heldBytes() {
  for (let time = 0; time < 3; time += 1) {
    globalThis.gc();
    await sleep(50);
  }
  const { rss, heapTotal, heapUsed } = process.memoryUsage();
  return rss - heapTotal + heapUsed;
}
