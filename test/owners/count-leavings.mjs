// Runs inside a scene: opens a host, scans it and closes it many times, for each set of host options; prints as JSON how
// many descriptors and threads this process had before and after.
// usage: count-leavings.mjs LIBRARY HOSTS TIMES      (JSON: an array of host options)
import { readdirSync } from 'node:fs';

const [library, hosts, times] = process.argv.slice(2);
const { openHost } = await import(library);

const counts = [];
for (const options of JSON.parse(hosts)) {
  // What Node.js starts only once.
  for (let time = 0; time < 5; time++) await once(options);
  const before = await count();
  let named = 0;
  for (let time = 0; time < Number(times); time++) named += (await once(options)) > 0 ? 1 : 0;
  counts.push({ before, after: await count(), named });
}
process.stdout.write(JSON.stringify(counts));

/** How many sockets had an owner. */
async function once(options) {
  const host = await openHost(options);
  try {
    const table = await host.scan({ owners: 'lowest' });
    return Array.from(table, (socket) => socket.owners?.length ?? 0).filter((owners) => owners > 0).length;
  } finally {
    await host.close();
  }
}

/** After what a host still does when it has been closed. */
async function count() {
  await new Promise((resolve) => setTimeout(resolve, 50));
  return { descriptors: readdirSync('/proc/self/fd').length, threads: readdirSync('/proc/self/task').length };
}
