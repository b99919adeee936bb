import { SockscopeError } from '../errors.ts';
import type { BatchStream } from '../host.ts';
import type { Batch } from '../table/batch.ts';
import type { ScanReport } from '../table/report.ts';
import { TOO_MANY_FILES } from './errno.ts';

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

  /** Whether it failed, before its first batch, for want of descriptors, which something beside it may have had. */
  async lacksDescriptors(): Promise<boolean> {
    try {
      await this.#first;
      return false;
    } catch (error) {
      return error instanceof SockscopeError && TOO_MANY_FILES.includes(error.errno ?? 0);
    }
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
