import { ALL_STATES } from '../socket/state.ts';
import type { Batch } from '../table/batch.ts';
import { gather, type RowPlace } from '../table/gather.ts';
import { BATCH_ROWS, type ColumnSet, columnSet, hasColumn } from '../table/schema.ts';
import { type Dump, type DumpContext, newTally, type Source } from './source.ts';

/**
 * A netlink source that can fill `unixRefs`, which only /proc/net/unix tells. Rows and names come from netlink (a name
 * cannot break its message, as a newline breaks a line of text), references and order from /proc; so do the sockets
 * that wait to be accepted, which unix_diag leaves out. Both walk the kernel's table in the same order.
 */
export function withUnixRefs(netlink: Source, procfs: Source): Source {
  return {
    name: netlink.name,
    probe: (protocol) => netlink.probe(protocol),
    read: (dump, context) =>
      dump.protocol === 'unix' && hasColumn(dump.columns, 'unixRefs')
        ? joined(netlink, procfs, dump, context)
        : netlink.read(dump, context),
  };
}

async function* joined(
  netlink: Source,
  procfs: Source,
  dump: Dump,
  context: DumpContext,
): AsyncGenerator<Batch, void, undefined> {
  const columns = dump.columns | columnSet(['inode']);
  const messages = await readAll(netlink, { ...dump, columns }, context);
  const support = await procfs.probe('unix');
  if (support.verdict !== 'yes') return yield* messages;
  // The text is only asked for numbers: its own damage (broken names) is no damage to the answer.
  const lines = await readAll(
    procfs,
    { ...dump, columns, states: ALL_STATES },
    { ...context, tally: newTally() },
  );
  const rows = inOrder(messages, lines, dump.states);
  context.tally.rows = rows.length;
  for (let start = 0; start < rows.length; start += BATCH_ROWS) {
    const part = rows.slice(start, start + BATCH_ROWS);
    yield withRefs(part, columns);
  }
}

interface JoinedRow extends RowPlace {
  readonly refs: number;
}

/** Netlink's rows in the order of the lines, the not yet accepted ones between them, those without a line at the end. */
function inOrder(messages: readonly Batch[], lines: readonly Batch[], states: number): JoinedRow[] {
  const waiting = new Map<number, RowPlace>();
  for (const place of places(messages)) waiting.set(place.batch.require('inode')[place.index]!, place);
  const rows: JoinedRow[] = [];
  for (const line of places(lines)) {
    const inode = line.batch.require('inode')[line.index]!;
    const refs = line.batch.require('unixRefs')[line.index]!;
    const row = waiting.get(inode);
    if (row !== undefined) rows.push({ ...row, refs });
    else if (inode === 0 && (states & (1 << line.batch.require('state')[line.index]!)) !== 0)
      rows.push({ ...line, refs });
    waiting.delete(inode);
  }
  for (const row of waiting.values()) rows.push({ ...row, refs: 0 });
  return rows;
}

function withRefs(rows: readonly JoinedRow[], columns: ColumnSet): Batch {
  const batch = gather(rows, columns);
  const refs = batch.require('unixRefs');
  for (let row = 0; row < rows.length; row++) refs[row] = rows[row]!.refs;
  return batch;
}

function* places(batches: readonly Batch[]): Generator<RowPlace> {
  for (const batch of batches) for (let index = 0; index < batch.length; index++) yield { batch, index };
}

async function readAll(source: Source, dump: Dump, context: DumpContext): Promise<Batch[]> {
  const batches: Batch[] = [];
  for await (const batch of source.read(dump, context)) batches.push(batch);
  return batches;
}
