import { isShortOfMeans } from '../errors.ts';
import { ALL_STATES } from '../socket/state.ts';
import type { Batch } from '../table/batch.ts';
import { collectBatches } from '../table/collect.ts';
import { gather, type Place, placeOf } from '../table/gather.ts';
import { projectBatch } from '../table/project.ts';
import { type ColumnSet, columnSet, hasColumn } from '../table/schema.ts';
import type { Turn } from '../turn.ts';
import { ForgedLines } from './forged-lines.ts';
import { RowPlaces } from './row-places.ts';
import { type Dump, type DumpContext, newTally, type Source } from './source.ts';

/**
 * A netlink source that can fill `unixRefs`, which only /proc/net/unix tells. Rows and names come from netlink (a name
 * cannot break its message, as a newline breaks a line of text), references and order from /proc; so do the sockets
 * that wait to be accepted, which unix_diag leaves out. Both walk the kernel's table in the same order: with two threads
 * at the same time. No row is given before netlink has told all of its own.
 * A socket that /proc does not know has gone since. Where /proc/net/unix cannot be read the references stay 0, and the
 * tally says what is lacking.
 */
export function withUnixRefs(netlink: Source, procfs: Source): Source {
  return {
    name: netlink.name,
    probe: (protocol) => netlink.probe(protocol),
    limits: (protocol) => netlink.limits?.(protocol) ?? [],
    largeBy: (protocol) => netlink.largeBy?.(protocol),
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
    const remedy = support.remedy === undefined ? '' : ` (${support.remedy})`;
    context.tally.lacks = `unixRefs: ${support.reason}${remedy}`;
    return yield* netlink.read(dump, context);
  }
  const columns = dump.columns | columnSet(['inode', 'path']);
  const { tally, turn } = context;
  const collected = newTally();
  const messages = (): Promise<Batch[]> => {
    Object.assign(collected, newTally());
    const rows = netlink.read({ ...dump, columns }, { ...context, tally: collected });
    return collectBatches(rows, context.maxBytes, 'dump unix');
  };
  // The text is only asked for numbers: its own damage (broken names) is no damage to the answer.
  const aside = { ...context, tally: newTally() };
  const text = (): AsyncIterable<Batch> => procfs.read({ ...dump, columns, states: ALL_STATES }, aside);
  const [rows, early] =
    context.threads === 2
      ? await bothOf(messages, () => collectBatches(text(), context.maxBytes, 'read unix'))
      : [await messages(), undefined];
  Object.assign(tally, { ...collected, rows: 0 });
  const join = new Join(rows, columns, dump.states);
  await join.index(turn);
  for (let time = 0; time < 2 && (time === 0 || join.waiting > 0); time++) {
    // A socket made after netlink has no row; one that is missing in the text may have been missed: it is read once
    // more for those. Who is not in the second text either has gone.
    const forged = new ForgedLines(rows);
    for await (const lines of (time === 0 && early) || text()) {
      const batch = join.match(lines, forged, time === 0);
      tally.rows += batch.length;
      if (batch.length > 0) yield projectBatch(batch, dump.columns);
      await turn.taken();
    }
  }
  tally.bytes += aside.tally.bytes;
}

/** What both come to. Where the text had the last thread that netlink needed, netlink is asked once more, alone. */
async function bothOf(
  messages: () => Promise<Batch[]>,
  text: () => Promise<Batch[]>,
): Promise<[Batch[], Batch[]]> {
  const [rows, lines] = await Promise.allSettled([messages(), text()]);
  if (lines.status === 'rejected') throw lines.reason;
  if (rows.status === 'fulfilled') return [rows.value, lines.value];
  if (!isShortOfMeans(rows.reason)) throw rows.reason;
  return [await messages(), lines.value];
}

/** Netlink's rows, to meet their lines of /proc/net/unix. */
class Join {
  readonly #rows: readonly Batch[];
  readonly #columns: ColumnSet;
  readonly #states: number;
  /** The rows that have not met their line yet. */
  readonly #waiting: RowPlaces;

  constructor(rows: readonly Batch[], columns: ColumnSet, states: number) {
    this.#rows = rows;
    this.#columns = columns;
    this.#states = states;
    this.#waiting = new RowPlaces(rows.reduce((sum, batch) => sum + batch.length, 0));
  }

  /** To be done first. */
  async index(turn: Turn): Promise<void> {
    for (const [number, batch] of this.#rows.entries()) {
      const inodes = batch.require('inode');
      const first = placeOf(number, 0);
      for (let row = 0; row < batch.length; row++) this.#waiting.put(inodes[row]!, first + row);
      await turn.taken();
    }
  }

  /** Rows without a line. */
  get waiting(): number {
    return this.#waiting.left;
  }

  /**
   * The rows that the lines are about, in their order, with references. `embryos`: also the lines of sockets that wait to
   * be accepted, which have no row.
   */
  match(lines: Batch, forged: ForgedLines, embryos: boolean): Batch {
    const inodes = lines.require('inode');
    const states = lines.require('state');
    const refs = lines.require('unixRefs');
    const firstLine = placeOf(this.#rows.length, 0);
    const asked = embryos ? this.#states : 0;
    const places: Place[] = [];
    const known: number[] = [];
    for (let line = 0; line < lines.length; line++) {
      const inode = inodes[line]!;
      const isEmbryo = inode === 0 && (asked & (1 << states[line]!)) !== 0;
      const place = isEmbryo ? firstLine + line : this.#waiting.find(inode);
      if (place === undefined || forged.has(lines, line)) continue;
      places.push(place);
      known.push(refs[line]!);
      this.#waiting.take(inode);
    }
    const batch = gather([...this.#rows, lines], places, this.#columns);
    batch.require('unixRefs').set(known);
    return batch;
  }
}
