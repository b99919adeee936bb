// node parse.mjs FILE inet|inet6 [--list]
// The parser of /proc/net/tcp alone: the text of FILE in memory, parsed over and over on this thread, 64 KiB at a time, into
// every column. No kernel, no file, no thread's start has a part in it. inet6: the same rows with longer addresses, as
// /proc/net/tcp6 has them. Prints what timed.mjs does, and nsPerRow; --list the rows.
import { readFileSync } from 'node:fs';
import { bundled } from './bundled.mjs';
import { rowsOf, write } from './rows.mjs';
import { timed } from './timed.mjs';

/** 2001:db8:: as /proc/net/tcp6 writes its first 96 bits. */
const PREFIX = 'B80D01200000000000000000';
/** As many as are read from a file before they are parsed. */
const PIECE = 64 * 1024;

const { readTable, newTally, columnSet, SCHEMA, ALL_STATES } = await bundled(`
  export { readTable } from './source/procfs-table.ts';
  export { newTally } from './source/source.ts';
  export { columnSet, SCHEMA } from './table/schema.ts';
  export { ALL_STATES } from './socket/state.ts';
`);

/** What PageReader is of a file. */
class MemoryReader {
  bytes = new Uint8Array(PIECE + 4);
  length = 0;
  ended = false;
  total = 0;

  fill() {
    const piece = text.subarray(this.total, this.total + PIECE - this.length);
    this.bytes.set(piece, this.length);
    this.length += piece.length;
    this.total += piece.length;
    this.ended = this.total === text.length;
  }

  drop(count) {
    this.bytes.copyWithin(0, count, this.length);
    this.length -= count;
  }
}

const [file, family, list] = process.argv.slice(2);
const text = textOf(readFileSync(file));
const dump = {
  protocol: 'tcp',
  families: [family],
  states: ALL_STATES,
  columns: columnSet(SCHEMA.map(({ name }) => name)),
};
if (list === '--list') {
  write(rowsOf([...parse()]));
} else {
  const figures = await timed(async () => counted(), { iterations: 15, warmup: 5 });
  process.stdout.write(`${JSON.stringify({ ...figures, nsPerRow: (figures.p50Ms * 1e6) / figures.rows })}\n`);
}

function textOf(captured) {
  if (family === 'inet') return captured;
  return Buffer.from(captured.toString('latin1').replaceAll(/\b[\dA-F]{8}(?=:[\dA-F]{4} )/g, `${PREFIX}$&`));
}

function counted() {
  let rows = 0;
  for (const batch of parse()) rows += batch.length;
  return rows;
}

function* parse() {
  const tally = newTally();
  for (const batch of readTable(new MemoryReader(), dump, tally)) if (batch !== undefined) yield batch;
  if (tally.malformed > 0) throw new Error(`${tally.malformed} lines are not understood`);
}
