import type { Process } from './process.ts';

/** Why a socket has no owner: what can be proven. The numbers are those of `BatchOwners.noOwner`. */
export const NO_OWNER = [
  /** It has one. */
  'none',
  /** TIME_WAIT: the kernel keeps the address pair, and no socket. */
  'time-wait',
  /** A connection that waits for accept(2). */
  'not-accepted',
  /** Closed by every process; the kernel still talks to the peer. */
  'orphaned',
  /** Nothing was found, and descriptors of some process may not be read. */
  'not-permitted',
  /** No process seen has a descriptor of it: the kernel's own, another pid namespace's, in flight, or closed since. */
  'no-descriptor',
  /** The search was ended before it was over, or is for the next scan of a host that remembers. */
  'not-searched',
] as const;

/** Why a socket has no owner. */
export type NoOwnerReason = Exclude<(typeof NO_OWNER)[number], 'none'>;

/** Reason to number: position in NO_OWNER. */
export const NoOwner = Object.fromEntries(NO_OWNER.map((word, number) => [word, number])) as Readonly<
  Record<(typeof NO_OWNER)[number], number>
>;

/** Who holds the sockets of a batch: those of row i are at ownerStart[i] .. ownerStart[i + 1]. */
export interface BatchOwners {
  /** One more than the batch has rows; begins with 0. */
  readonly ownerStart: Uint32Array;
  /** Process id (thread group), ascending within a row. */
  readonly ownerPid: Uint32Array;
  /** The descriptor by which that process holds the socket. */
  readonly ownerFd: Uint32Array;
  /** Of each row why nobody is named: position in NO_OWNER; 0 where somebody is. */
  readonly noOwner: Uint8Array;
  /** What is known of those processes, and perhaps of others, by pid. */
  readonly processes: ReadonlyMap<number, Process>;
}
