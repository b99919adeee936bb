// node count.mjs OWNERS [--list]
// How many TCP sockets each state and program has: counted over the columns of a scan with owners, over and over. Rows are
// the pairs of state and program; --list prints them, "established nginx 4000".
import { openHost, State } from '../../../dist/index.js';
import { write } from './rows.mjs';
import { printTimed } from './timed.mjs';

const stateNames = new Map(Object.entries(State).map(([name, number]) => [number, name]));
const request = {
  protocols: ['tcp'],
  columns: ['state'],
  owners: 'lowest',
  processFields: [],
  remember: false,
};

const host = await openHost({ source: 'netlink', owners: process.argv[2], threads: 2 });
if (process.argv[3] === '--list') write([...(await count())].map(([key, sockets]) => `${key} ${sockets}`));
else await printTimed(async () => (await count()).size);
await host.close();

async function count() {
  const byPid = new Map();
  const table = await host.scan(request);
  for (const batch of table.batches) {
    const states = batch.column('state');
    const { ownerStart, ownerPid, processes } = batch.owners;
    for (let row = 0; row < batch.length; row += 1) {
      const pid = ownerStart[row] === ownerStart[row + 1] ? 0 : ownerPid[ownerStart[row]];
      const key = pid * 16 + states[row];
      const counted = byPid.get(key);
      if (counted === undefined) byPid.set(key, { program: processes.get(pid)?.program ?? '-', sockets: 1 });
      else counted.sockets += 1;
    }
  }
  const counts = new Map();
  for (const [key, { program, sockets }] of byPid) {
    const name = `${stateNames.get(key % 16)} ${program}`;
    counts.set(name, (counts.get(name) ?? 0) + sockets);
  }
  return counts;
}
