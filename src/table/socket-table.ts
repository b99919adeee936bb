import type { Batch, ColumnArray } from './batch.ts';
import { elementsOf, viewOf } from './layout.ts';
import type { Gap, ScanReport } from './report.ts';
import { SocketRow } from './row.ts';
import { type ColumnName, columnIndex, elementBytes, SCHEMA } from './schema.ts';

/** A list of batches, read as one table. Rows of one protocol stand together. */
export class SocketTable implements Iterable<SocketRow> {
  /** Number of sockets. */
  readonly length: number;
  /** The parts of the table, in its order. */
  readonly batches: readonly Batch[];
  /** What the scan tells about itself. */
  readonly report: ScanReport;
  readonly #ends: readonly number[];

  /** @internal */
  constructor(batches: readonly Batch[], report: ScanReport) {
    let length = 0;
    this.batches = batches;
    this.#ends = batches.map((batch) => (length += batch.length));
    this.length = length;
    this.report = report;
  }

  /** True when nothing is known to be missing. */
  get complete(): boolean {
    return this.report.complete;
  }

  /** What is missing, and why. */
  get gaps(): readonly Gap[] {
    return this.report.gaps;
  }

  /** The source each protocol came from, and why not a better one. */
  get sources(): ScanReport['sources'] {
    return this.report.sources;
  }

  /**
   * A column of the whole table as one array, `lanes` elements a row; undefined when it was not asked for. Copied from
   * the batches at each call. `path` has no such form: read it batch by batch.
   */
  column<N extends Exclude<ColumnName, 'path'>>(name: N): ColumnArray<N> | undefined {
    const spec = SCHEMA[columnIndex[name]];
    if (spec === undefined || spec.element === 'heap')
      throw new TypeError(`there is no column "${name}" to be had whole`);
    const elements = elementsOf(spec, this.length);
    const buffer = new ArrayBuffer(elements * elementBytes(spec.element));
    const whole = viewOf(spec, buffer, 0, elements);
    let at = 0;
    for (const batch of this.batches) {
      const part = batch.column(name);
      if (part === undefined) return undefined;
      whole.set(part, at);
      at += part.length;
    }
    return whole as ColumnArray<N>;
  }

  /** Row `index`, 0 to length - 1; throws a RangeError outside of it. */
  row(index: number): SocketRow {
    if (!Number.isInteger(index) || index < 0 || index >= this.length) {
      throw new RangeError(`row ${index} of a table of ${this.length}`);
    }
    const at = firstAbove(this.#ends, index);
    const batch = this.batches[at]!;
    return new SocketRow(batch, index - (this.#ends[at]! - batch.length));
  }

  /** Walks the table with one view that moves: keep a socket with `toObject()`, or take `row(i)`. */
  *[Symbol.iterator](): Iterator<SocketRow> {
    const first = this.batches[0];
    if (first === undefined) return;
    const cursor = new SocketRow(first, 0);
    for (const batch of this.batches) {
      for (let index = 0; index < batch.length; index++) yield cursor.moveTo(batch, index);
    }
  }
}

/** Position of the first of the ascending `ends` that is above `index`. */
function firstAbove(ends: readonly number[], index: number): number {
  let low = 0;
  let high = ends.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ends[middle]! > index) high = middle;
    else low = middle + 1;
  }
  return low;
}
