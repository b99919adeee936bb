import { InetRows } from '../../src/source/parsers/inet-rows.ts';
import { LineCutter } from '../../src/source/parsers/lines.ts';
import { UnixRows } from '../../src/source/parsers/unix-rows.ts';
import { type Dump, type DumpTally, newTally } from '../../src/source/source.ts';
import type { Batch } from '../../src/table/batch.ts';
import { TableBuilder } from '../../src/table/builder.ts';
import { type ColumnName, SCHEMA } from '../../src/table/schema.ts';

export const ALL_COLUMNS: number = (1 << SCHEMA.length) - 1;

export type PlainRow = Readonly<Partial<Record<ColumnName, number | string>>>;

/** Rows as objects: addresses as hexadecimal digits, a path as text of a character a byte. */
export function rowsOf(batches: readonly Batch[]): PlainRow[] {
  return batches.flatMap((batch) => Array.from({ length: batch.length }, (_, row) => rowOf(batch, row)));
}

function rowOf(batch: Batch, row: number): PlainRow {
  const cells: Partial<Record<ColumnName, number | string>> = {};
  for (const { name, element, lanes } of SCHEMA) {
    const array = batch.column(name);
    if (array === undefined) continue;
    if (element === 'heap') {
      cells[name] = Buffer.from(batch.heap.subarray(array[row], array[row + 1])).toString('latin1');
    } else if (lanes > 1) {
      cells[name] = Buffer.from(array.slice(row * lanes, (row + 1) * lanes)).toString('hex');
    } else {
      cells[name] = array[row]!;
    }
  }
  return cells;
}

export interface Parsed {
  readonly batches: Batch[];
  readonly tally: DumpTally;
}

/** Parses a table that comes in pieces. */
export function parsePieces(dump: Dump, pieces: readonly Uint8Array[]): Parsed {
  const tally = newTally();
  const builder = new TableBuilder(dump.columns);
  const Rows = dump.protocol === 'unix' ? UnixRows : InetRows;
  const lines = new LineCutter(new Rows(dump, builder, tally));
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 1));
  const batches: (Batch | undefined)[] = [];
  let length = 0;
  for (const piece of pieces) {
    bytes.set(piece, length);
    length += piece.length;
    const used = lines.push(bytes, length);
    bytes.copyWithin(0, used, length);
    length -= used;
    batches.push(builder.take());
  }
  lines.finish(bytes, length);
  batches.push(builder.take(), builder.finish());
  return { batches: batches.filter((batch) => batch !== undefined), tally };
}

/** Cuts a text at the given places, in whatever order they are. */
export function cutAt(text: Uint8Array, places: readonly number[]): Uint8Array[] {
  const sorted = [0, ...places.map((place) => Math.min(place, text.length)), text.length].sort(
    (left, right) => left - right,
  );
  return sorted.slice(1).map((end, index) => text.subarray(sorted[index], end));
}

/** The question for everything there is of a protocol. */
export function everythingOf(protocol: Dump['protocol']): Dump {
  const families = protocol === 'unix' ? (['unix'] as const) : (['inet', 'inet6'] as const);
  return { protocol, families, states: 0xfff, columns: ALL_COLUMNS };
}
