// node scan.mjs SOURCE THREADS CALLS [OWNERS] [--list]
// Scans CALLS times, one after the other, each time with a host of its own, and prints { rows, scanMs, scanUsPerSocket }
// of the last time; with --list its rows. OWNERS is the owner scan to use; left out, owners are not asked for.
import { performance } from 'node:perf_hooks';
import { openHost, scan } from '../../../dist/index.js';

const [source, threads, calls, ...rest] = process.argv.slice(2);
const owners = rest.find((word) => word !== '--list');

let table;
let scanMs = 0;
for (let call = 0; call < Number(calls); call += 1) {
  const begun = performance.now();
  table = await (owners === undefined ? scanOnce() : scanOnceWithOwners());
  scanMs = performance.now() - begun;
}
const figures = { rows: table.length, scanMs, scanUsPerSocket: (scanMs * 1e3) / table.length };
process.stdout.write(rest.includes('--list') ? rowsOf(table) : `${JSON.stringify(figures)}\n`);

function scanOnce() {
  return scan({ protocols: ['tcp'], threads: Number(threads), source });
}

async function scanOnceWithOwners() {
  const host = await openHost({ threads: Number(threads), source, owners });
  try {
    return await host.scan({ protocols: ['tcp'], owners: 'lowest', processFields: [] });
  } finally {
    await host.close();
  }
}

/** The load is IPv4 only: the last four bytes of an address are all there is to it. */
function rowsOf(sockets) {
  const localAddress = sockets.column('localAddress');
  const remoteAddress = sockets.column('remoteAddress');
  const localPort = sockets.column('localPort');
  const remotePort = sockets.column('remotePort');
  let text = '';
  let row = 0;
  for (const socket of sockets) {
    const local = localAddress.subarray(row * 16 + 12, row * 16 + 16).join('.');
    const remote = remoteAddress.subarray(row * 16 + 12, row * 16 + 16).join('.');
    const owner = owners === undefined ? '' : ` ${socket.owners?.[0]?.pid ?? '-'}`;
    text += `${local}:${localPort[row]} ${remote}:${remotePort[row]}${owner}\n`;
    row += 1;
  }
  return text;
}
