import { ALL_STATES } from '../socket/state.ts';
import type { Batch } from '../table/batch.ts';
import { collectBatches } from '../table/collect.ts';
import { gather, type RowPlace } from '../table/gather.ts';
import { projectBatch } from '../table/project.ts';
import { BATCH_ROWS, columnSet, hasColumn } from '../table/schema.ts';
import { nextTurn } from '../turn.ts';
import { type Dump, type DumpContext, newTally, type Source } from './source.ts';

/**
 * A netlink source that can fill `unixRefs`, which only /proc/net/unix tells. Rows and names come from netlink (a name
 * cannot break its message, as a newline breaks a line of text), references and order from /proc; so do the sockets
 * that wait to be accepted, which unix_diag leaves out. Both walk the kernel's table in the same order.
 * Where /proc/net/unix cannot be read the references stay 0, and the tally says what is lacking.
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
  const support = await procfs.probe('unix');
  if (support.verdict !== 'yes') {
    context.tally.lacks = `unixRefs: ${support.reason}`;
    return yield* netlink.read(dump, context);
  }
  const columns = dump.columns | columnSet(['inode']);
  const messages = await collectBatches(
    netlink.read({ ...dump, columns }, context),
    context.maxBytes,
    'dump unix',
  );
  const rows = new WaitingRows(messages, dump.states);
  await rows.index();
  context.tally.rows = 0;
  const withRefs = (places: readonly PlaceWithRefs[]): Batch => {
    context.tally.rows += places.length;
    return projectBatch(batchOf(places, columns), dump.columns);
  };
  // The text is only asked for numbers: its own damage (broken names) is no damage to the answer.
  const aside = { ...context, tally: newTally() };
  for await (const lines of procfs.read({ ...dump, columns, states: ALL_STATES }, aside)) {
    yield withRefs(rows.takeInOrderOf(lines));
    await nextTurn();
  }
  context.tally.bytes += aside.tally.bytes;
  const rest = rows.rest();
  for (let start = 0; start < rest.length; start += BATCH_ROWS)
    yield withRefs(rest.slice(start, start + BATCH_ROWS));
}

interface PlaceWithRefs extends RowPlace {
  readonly refs: number;
}

function batchOf(places: readonly PlaceWithRefs[], columns: number): Batch {
  const batch = gather(places, columns);
  batch.require('unixRefs').set(places.map(({ refs }) => refs));
  return batch;
}

/** Netlink's rows that have not met their line yet, by inode. */
class WaitingRows {
  readonly #batches: readonly Batch[];
  readonly #states: number;
  readonly #places = new Map<number, number>();

  constructor(batches: readonly Batch[], states: number) {
    this.#batches = batches;
    this.#states = states;
  }

  /** To be done first; a batch a turn of the event loop. */
  async index(): Promise<void> {
    for (const [number, batch] of this.#batches.entries()) {
      const inodes = batch.require('inode');
      for (let index = 0; index < batch.length; index++)
        this.#places.set(inodes[index]!, number * BATCH_ROWS + index);
      await nextTurn();
    }
  }

  /** The rows that the lines are about, in their order; of sockets not yet accepted the lines themselves. */
  takeInOrderOf(lines: Batch): PlaceWithRefs[] {
    const inodes = lines.require('inode');
    const states = lines.require('state');
    const refs = lines.require('unixRefs');
    const taken: PlaceWithRefs[] = [];
    for (let index = 0; index < lines.length; index++) {
      const inode = inodes[index]!;
      const place = this.#places.get(inode);
      if (place !== undefined) taken.push({ ...this.#at(place), refs: refs[index]! });
      else if (inode === 0 && (this.#states & (1 << states[index]!)) !== 0)
        taken.push({ batch: lines, index, refs: refs[index]! });
      this.#places.delete(inode);
    }
    return taken;
  }

  /** Rows without a line: sockets made between the two readings. */
  rest(): PlaceWithRefs[] {
    return [...this.#places.values()].map((place) => ({ ...this.#at(place), refs: 0 }));
  }

  #at(place: number): RowPlace {
    return { batch: this.#batches[Math.floor(place / BATCH_ROWS)]!, index: place % BATCH_ROWS };
  }
}
