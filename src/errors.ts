import type { Needs } from './need.ts';

/** What went wrong, for programs to branch on. */
export type SockscopeErrorCode =
  /** A source cannot be used here: no netlink, no such protocol in the kernel, no /proc file, not permitted. */
  | 'ERR_SOURCE_UNAVAILABLE'
  /** The kernel answered a request with an error. */
  | 'ERR_KERNEL'
  /** A reply did not fit its buffer, or could not be followed: rows would be missing. */
  | 'ERR_REPLY_DAMAGED'
  /** More bytes than `maxBytes` would be held, or a file has more than a kernel's table has. */
  | 'ERR_TOO_LARGE'
  /** The machine refused memory or a thread. */
  | 'ERR_NO_RESOURCES'
  /** The host was closed. */
  | 'ERR_CLOSED'
  /** Not Linux. */
  | 'ERR_UNSUPPORTED_PLATFORM';

/** The facts behind an error. */
export interface SockscopeErrorDetails {
  /** What was tried, such as `dump tcp`. */
  readonly operation: string;
  /** The system call that failed, or the name of the kernel's answer. */
  readonly syscall?: string | undefined;
  /** The kernel's error number, positive. */
  readonly errno?: number | undefined;
  /** What the caller can do about it. */
  readonly remedy?: string | undefined;
  /** The same for programs. */
  readonly needs?: Needs | undefined;
  /** The error that led to this one, where there is one. */
  readonly cause?: unknown;
}

/** The one class of error that a scan throws, misuse (TypeError) and the caller's own abort aside. */
export class SockscopeError extends Error {
  /** Tells the class where `instanceof` cannot: of another copy of the package, or from a worker. */
  override readonly name = 'SockscopeError';
  /** What went wrong, for programs. */
  readonly code: SockscopeErrorCode;
  /** What went wrong, in words, without the operation and the remedy that `message` names as well. */
  readonly reason: string;
  /** What was tried, such as `dump tcp`. */
  readonly operation: string;
  /** The system call that failed, or the name of the kernel's answer, such as NLMSG_DONE; undefined when there was none. */
  readonly syscall: string | undefined;
  /** The kernel's error number, positive; undefined when there was none. */
  readonly errno: number | undefined;
  /** What the caller can do about it. */
  readonly remedy: string | undefined;
  /** The same for programs: ways out, as far as they can be named. */
  readonly needs: Needs | undefined;

  constructor(code: SockscopeErrorCode, reason: string, details: SockscopeErrorDetails) {
    const remedy = details.remedy === undefined ? '' : ` (${details.remedy})`;
    super(
      `${details.operation}: ${reason}${remedy}`,
      details.cause === undefined ? undefined : { cause: details.cause },
    );
    this.code = code;
    this.reason = reason;
    this.operation = details.operation;
    this.syscall = details.syscall;
    this.errno = details.errno;
    this.remedy = details.remedy;
    this.needs = details.needs;
  }
}

/** Whether it cannot be had here, so that something else has to do, or nothing. */
export function isUnavailable(error: unknown): error is SockscopeError {
  return error instanceof SockscopeError && error.code === 'ERR_SOURCE_UNAVAILABLE';
}

/** Whether the machine refused what the work takes (memory, threads, descriptors): work that takes less may do. */
export function isShortOfMeans(error: unknown): error is SockscopeError {
  return error instanceof SockscopeError && error.code === 'ERR_NO_RESOURCES';
}
