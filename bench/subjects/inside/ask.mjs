// node ask.mjs QUESTION [--list]
// Asks one host the same question over and over, timed by tinybench: what a program pays that stays. QUESTION is JSON:
//     host        options of openHost
//     request     options of host.scan
//     port        only sockets with this local port, picked from the column once all sockets are there
//     iterations  7 when left out
// With --list its rows, once.
import assert from 'node:assert/strict';
import { openHost } from '../../../dist/index.js';
import { rowsOf, write } from './rows.mjs';
import { printTimed } from './timed.mjs';

const { host: options, request, port, iterations = 7 } = JSON.parse(process.argv[2]);
const host = await openHost(options);
if (process.argv[3] === '--list') {
  const rows = rowsOf((await scan()).batches, request.owners !== undefined);
  write(port === undefined ? rows : rows.filter((row) => row.split(' ', 1)[0].endsWith(`:${port}`)));
} else {
  await printTimed(async () => (port === undefined ? await scan() : await scanForPort()).length, {
    iterations,
  });
}
await host.close();

async function scan() {
  const table = await host.scan(request);
  assert.ok(table.complete, 'the table is not complete');
  return table;
}

/** The rows' numbers, as a program would look them up. */
async function scanForPort() {
  const found = [];
  for (const [row, local] of (await scan()).column('localPort').entries())
    if (local === port) found.push(row);
  return found;
}
