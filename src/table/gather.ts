import { Batch } from './batch.ts';
import { layoutOf } from './layout.ts';
import { BATCH_ROWS, type ColumnSet, SCHEMA } from './schema.ts';

/** Where a row stands in a list of batches: the batch's number times BATCH_ROWS, plus the row's. */
export type Place = number;

export function placeOf(batch: number, row: number): Place {
  return batch * BATCH_ROWS + row;
}

/** A batch of rows taken from others, in the given order. Every batch that is taken from must carry `columns`. */
export function gather(batches: readonly Batch[], places: readonly Place[], columns: ColumnSet): Batch {
  const paths = places.map((place) => pathAt(batches, place));
  const heapBytes = paths.reduce((sum, path) => sum + path.length, 0);
  const layout = layoutOf(places.length, columns, heapBytes);
  const buffer = new ArrayBuffer(layout.byteLength);
  const batch = new Batch({ rows: places.length, columns, heapBytes, buffer });
  for (const { name, element, lanes } of SCHEMA) {
    const target = batch.column(name);
    if (target === undefined || element === 'heap') continue;
    const sources = batches.map((from) => from.column(name));
    for (let row = 0; row < places.length; row++) {
      const place = places[row]!;
      const source = sources[Math.trunc(place / BATCH_ROWS)]!;
      const start = (place % BATCH_ROWS) * lanes;
      for (let lane = 0; lane < lanes; lane++) target[row * lanes + lane] = source[start + lane]!;
    }
  }
  fillHeap(batch, paths);
  return batch;
}

const NO_PATH = new Uint8Array(0);

function pathAt(batches: readonly Batch[], place: Place): Uint8Array {
  const batch = batches[Math.trunc(place / BATCH_ROWS)]!;
  const row = place % BATCH_ROWS;
  const bounds = batch.column('path');
  if (bounds === undefined || bounds[row] === bounds[row + 1]) return NO_PATH;
  return batch.heap.subarray(bounds[row], bounds[row + 1]);
}

function fillHeap(batch: Batch, paths: readonly Uint8Array[]): void {
  const bounds = batch.column('path');
  if (bounds === undefined) return;
  let end = 0;
  for (let row = 0; row < paths.length; row++) {
    const path = paths[row]!;
    if (path.length > 0) batch.heap.set(path, end);
    end += path.length;
    bounds[row + 1] = end;
  }
}
