import type { NativeKnownOwners } from '../addon/native-binding.ts';
import type { Batch } from '../table/batch.ts';
import { isHolder, type RowHolders } from './row-holders.ts';

/** Places of the table that are gone over at a time: well below a millisecond. */
const PLACES = 1 << 18;

/** Sockets that are put down at a time: each may be the first to touch a page of the table. */
const LEARNT = 1024;

/** What waits for its turn on the event loop, and throws when the question is over. */
export type Pause = () => Promise<void>;

/**
 * What a host remembers of one kind of question: who held each socket, by its cookie, and what is known of those
 * processes. A question that does not come to its end leaves it half changed: it must then be thrown away.
 */
export class KnownOwners {
  /** Start of each process that holds a known socket, or has held one, by pid. */
  readonly starts = new Map<number, number>();
  /** How many questions it has answered. */
  polls = 0;
  /** Descriptors where sockets were closed and none has been found since: pairs of pid and descriptor, ascending. */
  free: Uint32Array = new Uint32Array(0);
  /** The highest descriptor of a socket that each process has been known with. */
  readonly highestFd = new Map<number, number>();
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
  async learn(cookies: Uint32Array, { pid, fd }: RowHolders, pause: Pause): Promise<void> {
    for (let from = 0; from < pid.length; from += LEARNT) {
      await pause();
      const to = from + LEARNT;
      this.#learnSome(cookies.subarray(2 * from, 2 * to), pid.subarray(from, to), fd.subarray(from, to));
    }
  }

  #learnSome(cookies: Uint32Array, pid: Uint32Array, fd: Uint32Array): void {
    this.#native.learn(cookies, pid, fd);
    for (let row = 0; row < pid.length; row++) {
      const holder = pid[row]!;
      if (!isHolder(holder)) continue;
      if ((this.highestFd.get(holder) ?? -1) < fd[row]!) this.highestFd.set(holder, fd[row]!);
    }
  }

  /**
   * How many descriptors more the process has than when this was asked last. 0 the first time; undefined where it is not
   * told.
   */
  growth(pid: number, descriptors: number | undefined): number | undefined {
    if (descriptors === undefined) return undefined;
    const before = this.#descriptors.get(pid) ?? descriptors;
    this.#descriptors.set(pid, descriptors);
    return descriptors - before;
  }

  /** Takes out the sockets that have not been seen in this question: the descriptors where they were, as pairs. */
  async sweep(pause: Pause): Promise<Uint32Array[]> {
    const freed: Uint32Array[] = [];
    for (let more = true; more; ) {
      await pause();
      const swept = this.#native.sweep(PLACES);
      if (swept.freed.length > 0) freed.push(swept.freed);
      more = swept.more;
    }
    return freed;
  }

  /** Forgets what processes held that have ended. */
  async forget(pids: readonly number[], pause: Pause): Promise<void> {
    if (pids.length === 0) return;
    const ended = Uint32Array.from(pids).sort();
    for (const pid of pids) {
      this.starts.delete(pid);
      this.highestFd.delete(pid);
      this.#descriptors.delete(pid);
    }
    do await pause();
    while (this.#native.forget(PLACES, ended));
  }
}
