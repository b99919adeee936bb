import type { BatchStream } from '../host.ts';
import type { Batch } from '../table/batch.ts';
import type { ScanReport } from '../table/report.ts';

/** A stream of batches that has begun to be read; leaving the loop over it, once, ends the scan. */
export class Reading implements AsyncIterable<Batch> {
  /** Grows while the stream is read; whole at its end. */
  readonly report: ScanReport;
  readonly #iterator: AsyncIterator<Batch>;
  readonly #first: Promise<IteratorResult<Batch>>;

  constructor(stream: BatchStream) {
    this.report = stream.report;
    this.#iterator = stream[Symbol.asyncIterator]();
    this.#first = this.#iterator.next();
    // A failure is told to whoever reads; nobody may, where the owners cannot be had.
    this.#first.catch(() => {});
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Batch, void, undefined> {
    try {
      for (let step = await this.#first; step.done !== true; step = await this.#iterator.next()) {
        yield step.value;
      }
    } finally {
      await this.#iterator.return?.();
    }
  }
}
