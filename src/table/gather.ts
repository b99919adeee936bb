import { Batch } from './batch.ts';
import { layoutOf } from './layout.ts';
import { BATCH_ROWS, type ColumnSet, SCHEMA } from './schema.ts';

/** Where a row stands in a list of batches: the batch's number times BATCH_ROWS, plus the row's. Below 2^32. */
export type Place = number;

export function placeOf(batch: number, row: number): Place {
  return batch * BATCH_ROWS + row;
}

/** A batch of rows taken from others, in the given order. Every batch that is taken from must carry `columns`. */
export function gather(batches: readonly Batch[], places: readonly Place[], columns: ColumnSet): Batch {
  const runs = runsOf(places);
  const heapBytes = runs.reduce((sum, run) => sum + pathBytes(batches, run), 0);
  const layout = layoutOf(places.length, columns, heapBytes);
  const buffer = new ArrayBuffer(layout.byteLength);
  const batch = new Batch({ rows: places.length, columns, heapBytes, buffer });
  for (const { name, element, lanes } of SCHEMA) {
    const target = batch.column(name);
    if (target === undefined || element === 'heap') continue;
    const sources = batches.map((from) => from.column(name));
    for (const { to, from, row, length } of runs) {
      const source = sources[from]!;
      if (length < SHORT_RUN) {
        for (let lane = 0; lane < length * lanes; lane++)
          target[to * lanes + lane] = source[row * lanes + lane]!;
      } else target.set(source.subarray(row * lanes, (row + length) * lanes), to * lanes);
    }
  }
  fillHeap(batch, batches, runs);
  return batch;
}

/** Below so many rows a loop is faster than a view and a copy. */
const SHORT_RUN = 16;

/** Rows that stand one behind the other, here and where they are taken from. */
interface Run {
  readonly to: number;
  /** The batch that they are taken from, and the first of them there. */
  readonly from: number;
  readonly row: number;
  readonly length: number;
}

function runsOf(places: readonly Place[]): Run[] {
  const runs: Run[] = [];
  for (let to = 0; to < places.length; ) {
    const place = places[to]!;
    const row = place % BATCH_ROWS;
    const most = Math.min(places.length - to, BATCH_ROWS - row);
    let length = 1;
    while (length < most && places[to + length] === place + length) length++;
    runs.push({ to, from: (place - row) / BATCH_ROWS, row, length });
    to += length;
  }
  return runs;
}

function pathBytes(batches: readonly Batch[], { from, row, length }: Run): number {
  const bounds = batches[from]!.column('path');
  return bounds === undefined ? 0 : bounds[row + length]! - bounds[row]!;
}

function fillHeap(batch: Batch, batches: readonly Batch[], runs: readonly Run[]): void {
  const bounds = batch.column('path');
  if (bounds === undefined) return;
  let end = 0;
  for (const { to, from, row, length } of runs) {
    const { heap } = batches[from]!;
    const begins = batches[from]!.require('path');
    const shift = end - begins[row]!;
    for (let at = 1; at <= length; at++) bounds[to + at] = begins[row + at]! + shift;
    const last = begins[row + length]!;
    if (last > begins[row]!) batch.heap.set(heap.subarray(begins[row], last), end);
    end = last + shift;
  }
}
