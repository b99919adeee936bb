import { type ColumnSet, type ColumnSpec, elementBytes, SCHEMA } from './schema.ts';

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
    const spec = SCHEMA[index]!;
    offsets[index] = end;
    end = align(end + elementsOf(spec, rows) * elementBytes(spec.element));
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
  for (const [index, spec] of SCHEMA.entries()) {
    const offset = to.offsets[index]!;
    if (offset < 0) continue;
    if (from.offsets[index]! < 0) throw new TypeError(`column "${spec.name}" is not there to be copied`);
    const bytes = elementsOf(spec, rows) * elementBytes(spec.element);
    target.set(new Uint8Array(source, from.offsets[index]!, bytes), offset);
  }
}

/** Elements that a column of `rows` rows has; the heap column has an offset more. */
export function elementsOf({ element, lanes }: ColumnSpec, rows: number): number {
  return element === 'heap' ? rows + 1 : rows * lanes;
}

/** A column's array over part of a buffer, which must begin at a multiple of its element. */
export function viewOf(
  { element }: ColumnSpec,
  buffer: ArrayBuffer,
  offset: number,
  elements: number,
): Uint8Array | Uint16Array | Uint32Array {
  const width = elementBytes(element);
  const View = width === 1 ? Uint8Array : width === 2 ? Uint16Array : Uint32Array;
  return new View(buffer, offset, elements);
}

function align(offset: number): number {
  return (offset + 7) & ~7;
}
