import type { Priority } from '../priority.ts';
import type { BatchData } from '../table/batch.ts';
import type { Dump, DumpTally } from './source.ts';

/** The life of a reading thread: one table. */
export interface TableJob {
  /** Stays the caller's: the thread reads it and never closes it. */
  readonly fd: number;
  readonly isOfProcFs: boolean;
  /** What has been read of it so far. */
  readonly begun: Uint8Array;
  readonly dump: Dump;
  /** Of the thread; normal when left out. */
  readonly priority?: Priority | undefined;
  /** One number, shared: KiB of batches that were sent and not yet consumed. The consumer subtracts and notifies. */
  readonly waitingKiB: Int32Array;
  /** The thread waits before it sends what would make it more. */
  readonly maxKiB: number;
}

/** What the thread says, in this order: `started` before the first read, batches, `end` after the last read. */
export type TableMessage =
  | { readonly kind: 'started' }
  | { readonly kind: 'batch'; readonly batch: BatchData }
  | { readonly kind: 'end'; readonly tally: DumpTally; readonly failure: TableFailure | undefined };

/** An error of read(2) or of memory, as far as it can be sent. */
export interface TableFailure {
  readonly message: string;
  readonly code: string | undefined;
  readonly errno: number | undefined;
  readonly syscall: string | undefined;
}

/** KiB a batch counts for. */
export function sizeKiB(batch: BatchData): number {
  return Math.ceil(batch.buffer.byteLength / 1024);
}
