// node parse.mjs ROOT ROWS [PROTOCOL]
// The procfs parser alone: scan() of a captured ROOT/net/PROTOCOL, which has to have ROWS sockets. Its text comes from files,
// so that the kernel prints nothing; the reading thread's start is in it. Prints { rows, p50Ms, p99Ms, minMs, cpuMs, calls }.
import assert from 'node:assert/strict';
import { scan } from '../../../dist/index.js';
import { printTimed } from './timed.mjs';

const [procRoot, rows, protocol = 'tcp'] = process.argv.slice(2);

await printTimed(async () => {
  const table = await scan({ protocols: [protocol], source: 'procfs', procRoot });
  assert.equal(table.length, Number(rows), 'sockets in the captured table');
  return table.length;
});
