// node ask.mjs QUESTION [--list]
// Asks one host the same question over and over, timed by tinybench: what a program pays that stays. QUESTION is JSON:
//     host        options of openHost
//     request     options of host.scan
//     port        only sockets with this local port, picked from the column once all sockets are there
//     stream      true: by host.batches, whose rows stand in the kernel's order always; all of them are kept
//     iterations  7 when left out
// Prints what timed.mjs does, and usPerRow; with --list the rows, once.
import assert from 'node:assert/strict';
import { openHost } from '../../../dist/index.js';
import { rowsOf, write } from './rows.mjs';
import { timed } from './timed.mjs';

const { host: options, request, port, stream = false, iterations = 7 } = JSON.parse(process.argv[2]);
const host = await openHost(options);
if (process.argv[3] === '--list') {
  const rows = rowsOf(stream ? await read() : (await scan()).batches, request.owners !== undefined);
  write(port === undefined ? rows : rows.filter((row) => row.split(' ', 1)[0].endsWith(`:${port}`)));
} else {
  const figures = await timed(stream ? rowsRead : rowsScanned, { iterations });
  const usPerRow = (figures.p50Ms * 1e3) / figures.rows;
  process.stdout.write(`${JSON.stringify({ ...figures, usPerRow })}\n`);
}
await host.close();

async function rowsScanned() {
  return (port === undefined ? await scan() : await scanForPort()).length;
}

async function rowsRead() {
  return (await read()).reduce((rows, { length }) => rows + length, 0);
}

async function read() {
  const answer = host.batches(request);
  const batches = [];
  for await (const batch of answer) batches.push(batch);
  assert.ok(answer.report.complete, 'the table is not complete');
  return batches;
}

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
