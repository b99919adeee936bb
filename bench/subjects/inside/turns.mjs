// node turns.mjs SOURCE THREADS [OWNERS]
// How long the event loop is held while scan() runs; with OWNERS, the owner scan to use, while it finds owners as well.
import { scan } from '../../../dist/index.js';
import { printTurns } from './turn-watch.mjs';

const [source, threads, owners] = process.argv.slice(2);
const asked = owners === undefined ? {} : { owners: 'lowest', ownerScans: owners };

await printTurns(async () => {
  const table = await scan({ protocols: ['tcp'], threads: Number(threads), source, ...asked });
  return table.length;
});
