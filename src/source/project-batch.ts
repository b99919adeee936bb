import { Batch } from '../table/batch.ts';
import { layoutOf } from '../table/layout.ts';
import { type ColumnSet, elementBytes, hasColumn, SCHEMA } from '../table/schema.ts';

/** The batch with the columns of `columns` alone, copied; the batch itself when it has no others. */
export function projectBatch(batch: Batch, columns: ColumnSet): Batch {
  if (batch.columns === columns) return batch;
  const rows = batch.length;
  const heap = hasColumn(columns, 'path') ? batch.heap : new Uint8Array(0);
  const from = layoutOf(rows, batch.columns, batch.heap.length);
  const to = layoutOf(rows, columns, heap.length);
  const bytes = new Uint8Array(to.byteLength);
  for (const [index, { element, lanes }] of SCHEMA.entries()) {
    const source = from.offsets[index]!;
    const target = to.offsets[index]!;
    if (target < 0) continue;
    if (source < 0) throw new TypeError(`column "${SCHEMA[index]!.name}" is not in the batch`);
    const elements = element === 'heap' ? rows + 1 : rows * lanes;
    bytes.set(new Uint8Array(batch.buffer, source, elements * elementBytes(element)), target);
  }
  bytes.set(heap, to.heapOffset);
  return new Batch({ rows, columns, heapBytes: heap.length, buffer: bytes.buffer });
}
