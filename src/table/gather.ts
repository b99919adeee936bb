import { Batch } from './batch.ts';
import { layoutOf } from './layout.ts';
import { type ColumnSet, SCHEMA } from './schema.ts';

/** Where a row stands. */
export interface RowPlace {
  readonly batch: Batch;
  readonly index: number;
}

/** A batch of rows taken from others, in the given order. Every source batch must carry `columns`. */
export function gather(rows: readonly RowPlace[], columns: ColumnSet): Batch {
  const bounds = rows.map(({ batch, index }) => pathOf(batch, index));
  const heapBytes = bounds.reduce((sum, path) => sum + path.length, 0);
  const layout = layoutOf(rows.length, columns, heapBytes);
  const buffer = new ArrayBuffer(layout.byteLength);
  const batch = new Batch({ rows: rows.length, columns, heapBytes, buffer });
  for (const { name, element, lanes } of SCHEMA) {
    const target = batch.column(name);
    if (target === undefined || element === 'heap') continue;
    for (let row = 0; row < rows.length; row++) {
      const from = rows[row]!;
      const values = from.batch.require(name);
      for (let lane = 0; lane < lanes; lane++)
        target[row * lanes + lane] = values[from.index * lanes + lane]!;
    }
  }
  fillHeap(batch, bounds);
  return batch;
}

function pathOf(batch: Batch, index: number): Uint8Array {
  const offsets = batch.column('path');
  return offsets === undefined
    ? batch.heap.subarray(0, 0)
    : batch.heap.subarray(offsets[index]!, offsets[index + 1]!);
}

function fillHeap(batch: Batch, paths: readonly Uint8Array[]): void {
  const offsets = batch.column('path');
  if (offsets === undefined) return;
  let end = 0;
  for (let row = 0; row < paths.length; row++) {
    batch.heap.set(paths[row]!, end);
    end += paths[row]!.length;
    offsets[row + 1] = end;
  }
}
