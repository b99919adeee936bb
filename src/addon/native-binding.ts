import type { BatchData } from '../table/batch.ts';

/** What the addon exports. One object a process and thread; it keeps no state of its own outside of dumps. */
export interface NativeBinding {
  /** LAYOUT_VERSION the addon was built with. */
  readonly layoutVersion: number;
  /** The addon's schema: column names in order, bytes a row of each (the heap column: of one offset). */
  readonly layout: readonly { readonly name: string; readonly width: number }[];
  /**
   * Starts a dump on threads of its own and returns at once; throws a TypeError on a malformed request.
   * `wake` is called on this thread whenever `take` has something new to say, and never again after `cancel`.
   */
  startDump(request: NativeDumpRequest, wake: () => void): NativeDump;
  /**
   * As `startDump`, but decodes recorded netlink datagrams (copied before it returns) instead of asking the kernel: for
   * tests and replays.
   */
  replayDump(request: NativeDumpRequest, datagrams: readonly Uint8Array[], wake: () => void): NativeDump;
  /** The user's name from getpwuid_r(3), or undefined when there is none. */
  userName(uid: number): string | undefined;
}

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
  readonly threads: 1 | 2;
  readonly maxBytes: number;
}

export interface NativeDump {
  /** The next waiting batch, `undefined` while none is there, or the end: given again at every later call. */
  take(): BatchData | NativeEnd | undefined;
  /** Ends the dump soon; returns at once, idempotent. Waiting batches are dropped. */
  cancel(): void;
}

/** How a dump ended, and what it counted. */
export interface NativeEnd {
  readonly end: true;
  readonly status:
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
