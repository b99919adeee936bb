import type { BatchData } from '../table/batch.ts';
import type { NativePriority } from './native-binding.ts';

export interface NativeDumpRequest {
  /** `inet`: legacy one-walk request with its fallback; `unix`: unix_diag. */
  readonly kind: 'inet' | 'unix';
  /** IPPROTO_* (6, 17, 136, 255 for raw); 0 for unix. */
  readonly ipProtocol: number;
  /** AF_* numbers wanted; rows of others are left out. */
  readonly families: readonly number[];
  readonly states: number;
  readonly columns: number;
  /** A program for the kernel (INET_DIAG_REQ_BYTECODE), kind `inet` only: rows it rejects are not given. Absent: none. */
  readonly bytecode?: Uint8Array | undefined;
  /**
   * Two such programs, instead of one, of which each socket passes one and no more. With two threads, and where the kernel
   * runs dumps at once (Linux 6.9), each reads by one of them, and rows come in no order; else neither is used.
   */
  readonly halves?: readonly [Uint8Array, Uint8Array] | undefined;
  readonly threads: 1 | 2;
  /** Absent: normal. */
  readonly priority?: NativePriority | undefined;
  readonly maxBytes: number;
}

export interface NativeDump {
  /** The next waiting batch, `undefined` while none is there, or the end: given again at every later call. */
  take(): BatchData | NativeEnd | undefined;
  /** Ends the dump soon; returns at once, idempotent. Waiting batches are dropped. */
  cancel(): void;
}

/** Status::Code of native/core/status.h. */
export type NativeStatus =
  | 'ok'
  | 'system'
  | 'refused'
  | 'not-supported'
  | 'truncated'
  | 'malformed'
  | 'cancelled'
  | 'too-large'
  | 'no-memory'
  | 'no-thread';

/** How a dump ended, and what it counted. */
export interface NativeEnd {
  readonly end: true;
  readonly status: NativeStatus;
  /** What failed, such as `recvmsg`; empty for `ok`. */
  readonly operation: string;
  /** Positive errno; 0 when there is none. */
  readonly errno: number;
  /** Threads that really ran: 1 where the second was refused. */
  readonly threads: number;
  readonly rows: number;
  readonly bytes: number;
  readonly malformed: number;
  readonly duplicates: number;
  readonly interrupted: boolean;
}
