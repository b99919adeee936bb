import { Batch, type BatchData } from '../../../src/table/batch.ts';
import { layoutOf } from '../../../src/table/layout.ts';
import { type ColumnName, columnSet, SCHEMA } from '../../../src/table/schema.ts';

/** One row's values by column: a number, the lanes of a wide column, or the bytes of a path. */
export type RowValues = Partial<Record<ColumnName, number | readonly number[] | Uint8Array>>;

export const EVERY_COLUMN = columnSet(SCHEMA.map((spec) => spec.name));

/** A batch of hand-written rows, for tests. */
export function batchOf(rows: readonly RowValues[], columns: number = EVERY_COLUMN): Batch {
  const paths = rows.map((row) => (row.path instanceof Uint8Array ? row.path : new Uint8Array()));
  const heapBytes = paths.reduce((sum, path) => sum + path.length, 0);
  const buffer = new ArrayBuffer(layoutOf(rows.length, columns, heapBytes).byteLength);
  const data: BatchData = { rows: rows.length, columns, heapBytes, buffer };
  const batch = new Batch(data);
  rows.forEach((row, index) => {
    for (const [name, value] of Object.entries(row)) {
      const array = batch.column(name as ColumnName);
      if (array === undefined || name === 'path') continue;
      if (typeof value === 'number') array[index] = value;
      else array.set(value, index * value.length);
    }
  });
  const bounds = batch.column('path');
  let end = 0;
  paths.forEach((path, index) => {
    batch.heap.set(path, end);
    end += path.length;
    if (bounds !== undefined) bounds[index + 1] = end;
  });
  return batch;
}
