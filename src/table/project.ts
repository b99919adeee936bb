import { Batch } from './batch.ts';
import { copyColumns, layoutOf } from './layout.ts';
import { type ColumnSet, hasColumn } from './schema.ts';

/** The batch with the columns of `columns` alone, copied; the batch itself when it has no others. */
export function projectBatch(batch: Batch, columns: ColumnSet): Batch {
  if (batch.columns === columns) return batch;
  const rows = batch.length;
  const heap = hasColumn(columns, 'path') ? batch.heap : new Uint8Array(0);
  const to = layoutOf(rows, columns, heap.length);
  const bytes = new Uint8Array(to.byteLength);
  copyColumns(rows, batch.buffer, layoutOf(rows, batch.columns, batch.heap.length), bytes, to);
  bytes.set(heap, to.heapOffset);
  return new Batch({ rows, columns, heapBytes: heap.length, buffer: bytes.buffer });
}
