import type { Priority } from '../priority.ts';
import type { Support } from '../support.ts';
import type { Limit, OwnerTally } from '../table/report.ts';
import type { Turn } from '../turn.ts';

/** The ways to find who holds a socket, the best first. */
export const OWNER_SCANS = ['bpf', 'bpf-pinned', 'procfd'] as const;
/**
 * `bpf`: an iterator over all descriptors, loaded for it; `bpf-pinned`: one that `sockscope pin` has made; `procfd`: a
 * walk over /proc/<pid>/fd.
 */
export type OwnerScanName = (typeof OWNER_SCANS)[number];

/** One question to an owner scan: who holds sockets. */
export interface OwnerQuestion {
  /** `lowest`: of each socket the holder with the lowest pid, and there the lowest descriptor, alone. */
  readonly holders: 'lowest' | 'all';
  /** Inodes to look for: with it a scan may stop early, and holds no others. Absent: every socket's holders. */
  readonly wanted?: Uint32Array | undefined;
  /** Descriptors to look at and no others, as pairs of pid and fd with ascending pids; only `procfd` can. */
  readonly slots?: Uint32Array | undefined;
  /** Processes to look at beside `slots`: those whose pid modulo `of` is `index`; only the addon's `procfd` can. */
  readonly share?: { readonly index: number; readonly of: number } | undefined;
  /** Processes not to look at, by ascending pid; only `procfd` can. */
  readonly except?: Uint32Array | undefined;
  /** Do not look for threads whose descriptors /proc/<pid>/fd does not show: netstat does not. */
  readonly leadersOnly?: boolean | undefined;
}

/** What a caller lends an owner scan. */
export interface OwnerContext {
  /** Ends the scan at once: it then rejects with the signal's reason. */
  readonly signal: AbortSignal;
  /** Native threads that walk. */
  readonly threads: number;
  /** Of these threads; normal when left out. */
  readonly priority?: Priority | undefined;
  /** Bytes of holders that may be kept. More is an ERR_TOO_LARGE. */
  readonly maxBytes: number;
  /** What all scans of a host together take of a round of the event loop. */
  readonly turn: Turn;
}

/** Who holds the sockets of a list: those of the i-th are at start[i] .. start[i + 1] of `pid` and `fd`. */
export interface Holders {
  /** One more than the list has sockets; begins with 0. */
  readonly start: Uint32Array;
  /** Process (thread group) ids, ascending within a socket. */
  readonly pid: Uint32Array;
  /** The descriptor of that process. */
  readonly fd: Uint32Array;
}

/** What an owner scan has found. */
export interface OwnerIndex {
  readonly tally: OwnerTally;
  /** Start of each process with a holder in the index, by pid: clock ticks from boot, modulo 2^32. */
  readonly starts: ReadonlyMap<number, number>;
  /** Who holds the sockets with these inodes; nobody for inode 0. */
  find(inodes: Uint32Array): Holders;
}

/** A way to find who holds sockets. */
export interface OwnerScan {
  readonly name: OwnerScanName;
  /** Whether it works here. Never throws; remembers what is certain. */
  probe(): Promise<Support>;
  /** Whose sockets it does not find here, where it works. Never throws. Absent: nothing is known. */
  limits?(): readonly Limit[];
  /**
   * Looks through the descriptors of all processes that it may see.
   * Rejects with a SockscopeError when it cannot (ERR_SOURCE_UNAVAILABLE where another try would end the same way), and
   * with `context.signal.reason` on abort.
   */
  scan(question: OwnerQuestion, context: OwnerContext): Promise<OwnerIndex>;
  /** Lets go of what is kept between scans. */
  close?(): void;
}
