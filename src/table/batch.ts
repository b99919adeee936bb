import type { Columns } from './columns.ts';
import { elementsOf, type Layout, layoutOf, viewOf } from './layout.ts';
import type { BatchOwners } from './owners.ts';
import { type ColumnName, type ColumnSet, columnIndex, SCHEMA } from './schema.ts';

/** The array a column is read through. */
export type ColumnArray<N extends ColumnName> = Columns[N];

/** What a batch looks like when it crosses from the addon, or from a worker. */
export interface BatchData {
  readonly rows: number;
  readonly columns: ColumnSet;
  readonly heapBytes: number;
  readonly buffer: ArrayBuffer;
  readonly owners?: BatchOwners | undefined;
}

/**
 * Up to BATCH_ROWS sockets as columns over one ArrayBuffer, which the batch owns; plus a heap of bytes for paths.
 * Immutable by convention: every stage may keep views.
 */
export class Batch {
  /** Sockets. */
  readonly length: number;
  /** Which columns it carries: bit i stands for SCHEMA[i]. */
  readonly columns: ColumnSet;
  /** The whole batch; what to transfer to a worker. */
  readonly buffer: ArrayBuffer;
  /** Bytes of unix names, one after the other: `column('path')` has their bounds. */
  readonly heap: Uint8Array;
  /** Who holds its sockets; undefined where that was not asked. */
  readonly owners: BatchOwners | undefined;
  readonly #layout: Layout;
  readonly #arrays: (Uint8Array | Uint16Array | Uint32Array | undefined)[] = [];

  /**
   * Throws a RangeError when the buffer is shorter than its rows need.
   * @internal
   */
  constructor(data: BatchData) {
    this.length = data.rows;
    this.columns = data.columns;
    this.buffer = data.buffer;
    this.owners = data.owners;
    this.#layout = layoutOf(data.rows, data.columns, data.heapBytes);
    if (data.buffer.byteLength < this.#layout.byteLength) {
      throw new RangeError(
        `a batch of ${data.rows} rows needs ${this.#layout.byteLength} bytes, got ${data.buffer.byteLength}`,
      );
    }
    this.heap = new Uint8Array(data.buffer, this.#layout.heapOffset, data.heapBytes);
  }

  /** The column's array (`lanes` elements a row; `path`: length + 1 offsets), or undefined when it was not asked for. */
  column<N extends ColumnName>(name: N): ColumnArray<N> | undefined {
    const index = columnIndex[name];
    const array = this.#arrays[index] ?? this.#view(index);
    return array as ColumnArray<N> | undefined;
  }

  /** As `column`, for a column the caller knows to be there; throws a TypeError when it is not. */
  require<N extends ColumnName>(name: N): ColumnArray<N> {
    const array = this.column(name);
    if (array === undefined) throw new TypeError(`column "${name}" was not asked for`);
    return array;
  }

  /**
   * The batch as data; `buffer` may then be transferred (owners are cloned).
   * @internal
   */
  toData(): BatchData {
    const { length: rows, columns, heap, buffer, owners } = this;
    return { rows, columns, heapBytes: heap.length, buffer, owners };
  }

  /**
   * The same sockets with their owners; the buffer is shared.
   * @internal
   */
  withOwners(owners: BatchOwners): Batch {
    return new Batch({ ...this.toData(), owners });
  }

  #view(index: number): Uint8Array | Uint16Array | Uint32Array | undefined {
    const offset = this.#layout.offsets[index]!;
    if (offset < 0) return undefined;
    const spec = SCHEMA[index]!;
    const array = viewOf(spec, this.buffer, offset, elementsOf(spec, this.length));
    this.#arrays[index] = array;
    return array;
  }
}
