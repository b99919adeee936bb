import { Batch, type ColumnArray } from './batch.ts';
import { copyColumns, elementsOf, type Layout, layoutOf, viewOf } from './layout.ts';
import { BATCH_ROWS, type ColumnName, type ColumnSet, SCHEMA } from './schema.ts';

/** The arrays of the batch being filled. A column that was not asked for has no elements: what is stored there is ignored. */
export type BuilderColumns = { readonly [N in ColumnName]: ColumnArray<N> };

const NO_WORDS = new Uint32Array(0);
const NO_COLUMNS = columnsOf(NO_WORDS.buffer, layoutOf(0, 0, 0));

/** Fills batches row by row: room for a row, its columns, commit. Columns that nobody stores to hold zeros. */
export class TableBuilder {
  readonly columns: ColumnSet;
  // Both values are given before the first row: V8 takes a field that was stored once for a constant, and would throw away
  // the code of the whole parser when the second batch begins.
  /** Arrays of the current batch; `begin` may replace them. */
  to: BuilderColumns = NO_COLUMNS;
  /** The two address columns as words in memory order, four a row: network order has no endianness of its own. */
  localWords: Uint32Array = NO_WORDS;
  remoteWords: Uint32Array = NO_WORDS;
  readonly #staging: Layout;
  #buffer: ArrayBuffer = NO_WORDS.buffer;
  #length = 0;
  #heap: Uint8Array = new Uint8Array(0);
  #heapLength = 0;
  #full: Batch | undefined;

  constructor(columns: ColumnSet) {
    this.columns = columns;
    this.#staging = layoutOf(BATCH_ROWS, columns, 0);
    this.#begin();
  }

  /**
   * Makes room for one row and returns its index. The row becomes part of the batch with `commit`; without it the next
   * `begin` gives the same index again. When the batch is full it is set aside for `take`, which must have fetched the
   * one before.
   */
  begin(): number {
    if (this.#length === BATCH_ROWS) {
      if (this.#full !== undefined) throw new RangeError('a full batch was not taken');
      this.#full = this.#finishBatch();
    }
    return this.#length;
  }

  /** Adds the row that `begin` gave. */
  commit(): void {
    this.#length++;
    if (this.to.path.length !== 0) this.to.path[this.#length] = this.#heapLength;
  }

  /** Appends bytes[start, end) to the path of the last row added. There must be one in the current batch. */
  appendPath(bytes: Uint8Array, start: number, end: number): void {
    if (this.to.path.length === 0) return;
    const length = this.#heapLength + (end - start);
    if (length > this.#heap.length) {
      const larger = new Uint8Array(Math.max(length, 2 * this.#heap.length, 4096));
      larger.set(this.#heap.subarray(0, this.#heapLength));
      this.#heap = larger;
    }
    // Names are short: a loop is faster than a view to copy from.
    const heap = this.#heap;
    for (let from = start, at = this.#heapLength; from < end; from++, at++) heap[at] = bytes[from]!;
    this.#heapLength = length;
    this.to.path[this.#length] = length;
  }

  /** The batch that is full, once; undefined while none is. To be asked at least every BATCH_ROWS rows. */
  take(): Batch | undefined {
    const batch = this.#full;
    this.#full = undefined;
    return batch;
  }

  /** What is left, after the last `take`; undefined when there is nothing. The builder may be used again. */
  finish(): Batch | undefined {
    return this.#length === 0 ? undefined : this.#finishBatch();
  }

  #finishBatch(): Batch {
    const rows = this.#length;
    const heapBytes = this.#heapLength;
    const whole = rows === BATCH_ROWS && heapBytes === 0;
    const buffer = whole ? this.#buffer : this.#packed(rows, heapBytes);
    this.#begin();
    return new Batch({ rows, columns: this.columns, heapBytes, buffer });
  }

  #begin(): void {
    this.#buffer = new ArrayBuffer(this.#staging.byteLength);
    this.to = columnsOf(this.#buffer, this.#staging);
    this.localWords = wordsOf(this.to.localAddress);
    this.remoteWords = wordsOf(this.to.remoteAddress);
    this.#length = 0;
    this.#heapLength = 0;
  }

  #packed(rows: number, heapBytes: number): ArrayBuffer {
    const layout = layoutOf(rows, this.columns, heapBytes);
    const target = new Uint8Array(layout.byteLength);
    copyColumns(rows, this.#buffer, this.#staging, target, layout);
    target.set(this.#heap.subarray(0, heapBytes), layout.heapOffset);
    return target.buffer;
  }
}

function columnsOf(buffer: ArrayBuffer, layout: Layout): BuilderColumns {
  const views = SCHEMA.map((spec, index) => {
    const offset = layout.offsets[index]!;
    return [
      spec.name,
      viewOf(spec, buffer, Math.max(offset, 0), offset < 0 ? 0 : elementsOf(spec, BATCH_ROWS)),
    ];
  });
  return Object.fromEntries(views) as BuilderColumns;
}

function wordsOf(address: Uint8Array): Uint32Array {
  return new Uint32Array(address.buffer, address.byteOffset, address.length / 4);
}
