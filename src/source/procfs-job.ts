import type { BatchData } from '../table/batch.ts';
import type { RingMemory } from './page-ring.ts';
import type { Dump, DumpTally } from './source.ts';

/** The life of a thread that reads a table ahead of the one that parses it. */
export interface PageJob {
  readonly kind: 'pages';
  /** Stays the caller's. */
  readonly fd: number;
  readonly ring: RingMemory;
}

/** The life of a reading thread: one table. */
export interface TableJob {
  readonly kind: 'table';
  /** Stays the caller's: the thread reads it and never closes it. */
  readonly fd: number;
  /** What has been read of it so far. */
  readonly begun: Uint8Array;
  readonly dump: Dump;
  /** Whether it may have a thread beside it that reads ahead, and the file of both. */
  readonly readAheadBy: string | undefined;
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
