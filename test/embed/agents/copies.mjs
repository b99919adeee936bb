// Several copies of the package in one process: argv[2] names a scene, the rest are the index files of the copies.
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

const [scene, ...copies] = process.argv.slice(2);
const WORKER = fileURLToPath(new URL('scanning-worker.mjs', import.meta.url));
const ROUNDS = 10;
const RELOADS = 50;

const libraries = await Promise.all(copies.map((path) => import(path)));
const server = createServer().listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = server.address();

/** Whether a scan by this host finds our listener, and us as its owner. */
async function findsItself(host) {
  const table = await host.scan({
    protocols: ['tcp'],
    states: ['listen'],
    owners: 'lowest',
    remember: false,
  });
  for (const row of table) if (row.local.port === port) return row.owners?.[0].pid === process.pid;
  return false;
}

const openAll = () => Promise.all(libraries.map(({ openHost }) => openHost()));
const closeAll = (hosts) => Promise.all(hosts.map((host) => host.close()));
const question = { states: ['listen'], owners: 'lowest' };
const scanning = (path) => new Worker(WORKER, { workerData: { path, port, question } });
const held = () => ({
  descriptors: readdirSync('/proc/self/fd').length,
  threads: readdirSync('/proc/self/task').length,
});

/** What this process holds more of than before, by name. */
function moreThan(before) {
  const now = held();
  return Object.keys(now).filter((name) => now[name] > before[name]);
}

async function reloads(start) {
  const [host] = await openAll();
  const reload = async (index) => {
    const worker = start(copies[index % copies.length]);
    await once(worker, 'message');
    const scan = findsItself(host);
    await worker.terminate();
    return scan;
  };
  await reload(0);
  const before = held();
  let found = 0;
  for (let index = 0; index < RELOADS; index++) if (await reload(index)) found++;
  let more = moreThan(before);
  // A thread that was cancelled is gone soon, not at once.
  for (let turns = 0; turns < 500 && more.length > 0; turns++) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    more = moreThan(before);
  }
  await host.close();
  return { found, more };
}

const scenes = {
  /** All at once, each on its own addon. */
  async together() {
    const hosts = await openAll();
    const found = await Promise.all(Array.from({ length: ROUNDS }, () => hosts.map(findsItself)).flat());
    const sources = hosts.map(({ abilities: { tcp } }) => ({ source: tcp.source, better: tcp.better }));
    await closeAll(hosts);
    return { found: found.every(Boolean), scans: found.length, sources };
  },

  /** An error of one is none of the other by its class; by name and code it is. */
  async errors() {
    const errors = await Promise.all(
      libraries.map(({ openHost }) => openHost({ addonPath: '/nonexistent.node' }).catch((error) => error)),
    );
    return errors.map((error) => ({
      name: error.name,
      code: error.code,
      classes: libraries.map(({ SockscopeError }) => error instanceof SockscopeError),
    }));
  },

  /** Threads scan with a copy each, and so does this one. */
  async threads() {
    const workers = copies.map(scanning);
    await Promise.all(workers.map((worker) => once(worker, 'message')));
    const hosts = await openAll();
    const found = [];
    for (let round = 0; round < ROUNDS; round++) found.push(...(await Promise.all(hosts.map(findsItself))));
    const scans = await Promise.all(
      workers.map(async (worker) => {
        worker.postMessage('stop');
        return (await once(worker, 'message'))[0];
      }),
    );
    await Promise.all(workers.map((worker) => worker.terminate()));
    await closeAll(hosts);
    return { found: found.every(Boolean), scans };
  },

  /** Threads are ended while they scan, again and again; what they held is let go of. */
  reloads: () => reloads(scanning),

  /** As above, of threads that read a long table of /proc by a thread of their own: LONG_TABLE is its root. */
  async readers() {
    const options = { source: 'procfs', procRoot: process.env.LONG_TABLE };
    return reloads((path) => new Worker(WORKER, { workerData: { path, port, options } }));
  },

  /** The process ends while every copy scans, here and in threads. */
  async exit() {
    const workers = copies.map(scanning);
    await Promise.all(workers.map((worker) => once(worker, 'message')));
    const hosts = await openAll();
    for (const host of hosts) {
      void findsItself(host);
      void host.interfaces();
    }
    console.log('"exiting"');
    process.exit(7);
  },
};

console.log(JSON.stringify(await scenes[scene]()));
server.close();
