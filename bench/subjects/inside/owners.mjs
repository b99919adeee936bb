// node owners.mjs OWNERS THREADS
// The search for owners alone, over and over: every descriptor of every process, and then who holds the TCP sockets of this
// namespace, whose inodes a scan has told before the clock runs. `host.searchOwners` is what `host.scan` uses, and no name of
// the library's. Rows are the sockets for which somebody is found.
import { openHost } from '../../../dist/index.js';
import { printTimed } from './timed.mjs';

const [owners, threads] = process.argv.slice(2);
const host = await openHost({ owners, threads: Number(threads) });
const inodes = (await host.scan({ protocols: ['tcp'], columns: ['inode'] })).column('inode');
await printTimed(async () => {
  const { index } = await host.searchOwners({ holders: 'lowest' }).result;
  const { start } = index.find(inodes);
  let held = 0;
  for (let at = 0; at < inodes.length; at += 1) if (start[at + 1] > start[at]) held += 1;
  return held;
});
await host.close();
