// node scan.mjs SOURCE THREADS CALLS [--list]
// Calls scan() CALLS times, one after the other, and prints { rows, scanMs } of the last call; with --list its rows.
import { performance } from 'node:perf_hooks';
import { scan } from '../../../dist/index.js';

const [source, threads, calls, list] = process.argv.slice(2);
const request = { protocols: ['tcp'], threads: Number(threads), source };

let table;
let scanMs = 0;
for (let call = 0; call < Number(calls); call += 1) {
  const begun = performance.now();
  table = await scan(request);
  scanMs = performance.now() - begun;
}
process.stdout.write(
  list === '--list' ? rowsOf(table) : `${JSON.stringify({ rows: table.length, scanMs })}\n`,
);

/** The load is IPv4 only: the last four bytes of an address are all there is to it. */
function rowsOf(sockets) {
  const localAddress = sockets.column('localAddress');
  const remoteAddress = sockets.column('remoteAddress');
  const localPort = sockets.column('localPort');
  const remotePort = sockets.column('remotePort');
  let text = '';
  for (let row = 0; row < sockets.length; row += 1) {
    const local = localAddress.subarray(row * 16 + 12, row * 16 + 16).join('.');
    const remote = remoteAddress.subarray(row * 16 + 12, row * 16 + 16).join('.');
    text += `${local}:${localPort[row]} ${remote}:${remotePort[row]}\n`;
  }
  return text;
}
