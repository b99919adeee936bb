import { type ColumnSet, elementBytes, SCHEMA } from './schema.ts';

/** Where the columns of a batch lie in its one buffer: each starts at a multiple of 8, the heap comes last. */
export interface Layout {
  /** Byte offset of each column of SCHEMA; -1 where the batch does not carry it. */
  readonly offsets: Int32Array;
  readonly heapOffset: number;
  readonly byteLength: number;
}

/**
 * The layout of `rows` rows of the columns in `columns`, with `heapBytes` bytes of paths behind them.
 * native/core/columns.cc computes the same.
 */
export function layoutOf(rows: number, columns: ColumnSet, heapBytes: number): Layout {
  const offsets = new Int32Array(SCHEMA.length).fill(-1);
  let end = 0;
  for (let index = 0; index < SCHEMA.length; index++) {
    if ((columns & (1 << index)) === 0) continue;
    const { element, lanes } = SCHEMA[index]!;
    offsets[index] = end;
    const elements = element === 'heap' ? rows + 1 : rows * lanes;
    end = align(end + elements * elementBytes(element));
  }
  return { offsets, heapOffset: end, byteLength: end + heapBytes };
}

/** Copies the columns of `rows` rows from one layout to another that has no column more. The heap is the caller's. */
export function copyColumns(
  rows: number,
  source: ArrayBuffer,
  from: Layout,
  target: Uint8Array,
  to: Layout,
): void {
  for (const [index, { name, element, lanes }] of SCHEMA.entries()) {
    const offset = to.offsets[index]!;
    if (offset < 0) continue;
    if (from.offsets[index]! < 0) throw new TypeError(`column "${name}" is not there to be copied`);
    const elements = element === 'heap' ? rows + 1 : rows * lanes;
    target.set(new Uint8Array(source, from.offsets[index]!, elements * elementBytes(element)), offset);
  }
}

function align(offset: number): number {
  return (offset + 7) & ~7;
}
