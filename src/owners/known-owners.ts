import type { NativeKnownOwners } from '../addon/native-binding.ts';
import type { Batch } from '../table/batch.ts';
import type { Holders } from './owner-scan.ts';
import type { Leave } from './pace.ts';

/** Stand for pids in what `find` tells and `learn` takes: see native/core/owners/known_owners.h. */
export const NOBODY = 0;
export const UNKNOWN = 0xffffffff;
export const UNSETTLED = 0xfffffffe;

/** Places of the table that are gone over at a time: well below a millisecond. */
const PLACES = 1 << 18;

/** One pid and descriptor for each row of a batch; in the place of a pid NOBODY, UNKNOWN or UNSETTLED. */
export interface RowHolders {
  readonly pid: Uint32Array;
  readonly fd: Uint32Array;
}

/**
 * What a host remembers of one kind of question: who held each socket, by its cookie, and when those processes started.
 * Everything here runs on the event loop, in pieces.
 */
export class KnownOwners {
  /** Start of each process that holds a known socket, or has held one, by pid. */
  readonly starts = new Map<number, number>();
  /** The highest descriptor of a known socket of each process. */
  readonly highestFd = new Map<number, number>();
  /** How many questions it has answered. */
  polls = 0;
  readonly #descriptors = new Map<number, number>();
  readonly #native: NativeKnownOwners;

  constructor(native: NativeKnownOwners) {
    this.#native = native;
  }

  get isEmpty(): boolean {
    return this.polls === 0;
  }

  /** A question with so many sockets begins. */
  begin(sockets: number): void {
    this.polls++;
    this.#native.beginPoll(sockets);
  }

  /** Who held the sockets of the batch, which needs the column cookie. */
  find(batch: Batch): RowHolders {
    return this.#native.find(batch.require('cookie'));
  }

  /** Puts down who holds sockets: low and high halves of their cookies, pids and descriptors. */
  learn(cookies: Uint32Array, { pid, fd }: RowHolders): void {
    this.#native.learn(cookies, pid, fd);
    for (let row = 0; row < pid.length; row++) {
      const holder = pid[row]!;
      if (holder === NOBODY || holder >= UNSETTLED) continue;
      if ((this.highestFd.get(holder) ?? -1) < fd[row]!) this.highestFd.set(holder, fd[row]!);
    }
  }

  /** How many descriptors more the process has than when this was asked last; 0 the first time, or where it is not told. */
  growth(pid: number, descriptors: number | undefined): number {
    const before = this.#descriptors.get(pid) ?? descriptors;
    if (descriptors === undefined || before === undefined) return 0;
    this.#descriptors.set(pid, descriptors);
    return descriptors - before;
  }

  /** Takes out the sockets that have not been seen in this question: the descriptors where they were, as pairs. */
  async sweep(leave: Leave): Promise<Uint32Array[]> {
    const freed: Uint32Array[] = [];
    for (let more = true; more; ) {
      await taken(leave);
      const swept = this.#native.sweep(PLACES);
      if (swept.freed.length > 0) freed.push(swept.freed);
      more = swept.more;
    }
    return freed;
  }

  /** Forgets what processes held that have ended. */
  async forget(pids: readonly number[], leave: Leave): Promise<void> {
    if (pids.length === 0) return;
    const ended = Uint32Array.from(pids).sort();
    for (const pid of pids) {
      this.starts.delete(pid);
      this.highestFd.delete(pid);
      this.#descriptors.delete(pid);
    }
    do await taken(leave);
    while (this.#native.forget(PLACES, ended));
  }
}

/** As Holders, for rows that have one holder at the most. */
export function holdersOf({ pid, fd }: RowHolders): Holders {
  const start = new Uint32Array(pid.length + 1);
  const pids = new Uint32Array(pid.length);
  const fds = new Uint32Array(pid.length);
  let length = 0;
  for (let row = 0; row < pid.length; row++) {
    const holder = pid[row]!;
    if (holder !== NOBODY && holder < UNSETTLED) {
      pids[length] = holder;
      fds[length++] = fd[row]!;
    }
    start[row + 1] = length;
  }
  return { start, pid: pids.subarray(0, length), fd: fds.subarray(0, length) };
}

async function taken({ turn, signal }: Leave): Promise<void> {
  await turn.taken();
  signal.throwIfAborted();
}
