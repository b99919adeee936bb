import { CHUNK_HOLDERS, type HolderList, LANES } from './holder-list.ts';
import type { Holders } from './owner-scan.ts';
import type { Pace } from './pace.ts';

/** Buckets and holders that one unit of work stands for: some 50 ns each. */
const PER_UNIT = 64;
const STEP = CHUNK_HOLDERS;
/** Longest bucket that is put in order by insertion. */
const FEW = 16;

/**
 * From a socket's inode to who holds it: flat, and the same cost a look-up for a thousand sockets and for a million.
 * Buckets go by the lowest bits, so that neighbouring inodes, as a process has them, are neighbours here.
 */
export class InodeIndex {
  readonly #mask: number;
  /** Bucket b is at #ends[b - 1] .. #ends[b] of the three that follow, by ascending inode, pid and descriptor. */
  readonly #ends: Uint32Array;
  readonly #inodes: Uint32Array;
  readonly #pids: Uint32Array;
  readonly #fds: Uint32Array;

  private constructor(holders: number) {
    const buckets = 2 ** Math.ceil(Math.log2(Math.max(1, holders)));
    this.#mask = buckets - 1;
    this.#ends = new Uint32Array(buckets);
    this.#inodes = new Uint32Array(holders);
    this.#pids = new Uint32Array(holders);
    this.#fds = new Uint32Array(holders);
  }

  /**
   * A holder that stands in the list twice is kept once. `lowest`: of each socket only the holder with the lowest pid, and
   * there the lowest descriptor.
   */
  static async build(list: HolderList, lowest: boolean, pace: Pace): Promise<InodeIndex> {
    const index = new InodeIndex(list.length);
    const inChunks = async (work: (chunk: Uint32Array, end: number) => void): Promise<void> => {
      for (const [number, chunk] of list.chunks.entries()) {
        if (pace.due(STEP / PER_UNIT)) await pace.next();
        work(chunk, LANES * list.lengthOf(number));
      }
    };
    const inSteps = async (work: (from: number, to: number) => void): Promise<void> => {
      for (let from = 0; from <= index.#mask; from += STEP) {
        if (pace.due(STEP / PER_UNIT)) await pace.next();
        work(from, Math.min(from + STEP, index.#mask + 1));
      }
    };
    await inChunks((chunk, end) => index.#count(chunk, end));
    let start = 0;
    await inSteps((from, to) => {
      start = index.#turnIntoStarts(from, to, start);
    });
    await inChunks((chunk, end) => index.#place(chunk, end));
    const cursor = { from: 0, to: 0 };
    await inSteps((from, to) => index.#settle(from, to, lowest, cursor));
    return index;
  }

  /** Who holds the sockets with these inodes; nobody for inode 0. */
  find(inodes: Uint32Array): Holders {
    const start = new Uint32Array(inodes.length + 1);
    const first = new Uint32Array(inodes.length);
    let total = 0;
    for (let at = 0; at < inodes.length; at++) {
      const inode = inodes[at]!;
      const bucket = inode & this.#mask;
      const end = this.#ends[bucket]!;
      let holder = bucket === 0 ? 0 : this.#ends[bucket - 1]!;
      while (holder < end && this.#inodes[holder] !== inode) holder++;
      first[at] = holder;
      for (; holder < end && this.#inodes[holder] === inode; holder++) total++;
      start[at + 1] = total;
    }
    return this.#gather(start, first, total);
  }

  #gather(start: Uint32Array, first: Uint32Array, total: number): Holders {
    const pid = new Uint32Array(total);
    const fd = new Uint32Array(total);
    for (let at = 0; at < first.length; at++) {
      let holder = first[at]!;
      for (let to = start[at]!; to < start[at + 1]!; to++, holder++) {
        pid[to] = this.#pids[holder]!;
        fd[to] = this.#fds[holder]!;
      }
    }
    return { start, pid, fd };
  }

  #count(chunk: Uint32Array, end: number): void {
    for (let at = 0; at < end; at += LANES) this.#ends[chunk[at]! & this.#mask]!++;
  }

  /** Each bucket's length becomes where it begins: `#place` turns that into where it ends. */
  #turnIntoStarts(from: number, to: number, start: number): number {
    let next = start;
    for (let bucket = from; bucket < to; bucket++) {
      const length = this.#ends[bucket]!;
      this.#ends[bucket] = next;
      next += length;
    }
    return next;
  }

  #place(chunk: Uint32Array, end: number): void {
    for (let at = 0; at < end; at += LANES) {
      const to = this.#ends[chunk[at]! & this.#mask]!++;
      this.#set(to, chunk[at]!, chunk[at + 1]!, chunk[at + 2]!);
    }
  }

  /** Sorts buckets and moves up what is kept of them. */
  #settle(
    firstBucket: number,
    lastBucket: number,
    lowest: boolean,
    cursor: { from: number; to: number },
  ): void {
    let { from, to } = cursor;
    for (let bucket = firstBucket; bucket < lastBucket; bucket++) {
      const end = this.#ends[bucket]!;
      const begin = to;
      this.#sort(from, end);
      for (; from < end; from++) {
        if (to > begin && this.#repeats(from, to - 1, lowest)) continue;
        this.#set(to++, this.#inodes[from]!, this.#pids[from]!, this.#fds[from]!);
      }
      this.#ends[bucket] = to;
    }
    cursor.from = from;
    cursor.to = to;
  }

  #repeats(holder: number, before: number, lowest: boolean): boolean {
    if (this.#inodes[holder] !== this.#inodes[before]) return false;
    return lowest || (this.#pids[holder] === this.#pids[before] && this.#fds[holder] === this.#fds[before]);
  }

  #sort(from: number, end: number): void {
    if (end - from > FEW) {
      this.#sortMany(from, end);
      return;
    }
    for (let at = from + 1; at < end; at++) {
      for (let to = at; to > from && this.#compare(to - 1, to) > 0; to--) this.#swap(to - 1, to);
    }
  }

  /** A socket that thousands hold, mostly in order already: a walk goes upwards. */
  #sortMany(from: number, end: number): void {
    let sorted = from + 1;
    while (sorted < end && this.#compare(sorted - 1, sorted) <= 0) sorted++;
    if (sorted === end) return;
    const order = Array.from({ length: end - from }, (_, at) => from + at);
    order.sort((left, right) => this.#compare(left, right));
    for (const column of [this.#inodes, this.#pids, this.#fds]) {
      column.set(
        order.map((holder) => column[holder]!),
        from,
      );
    }
  }

  #compare(left: number, right: number): number {
    return (
      this.#inodes[left]! - this.#inodes[right]! ||
      this.#pids[left]! - this.#pids[right]! ||
      this.#fds[left]! - this.#fds[right]!
    );
  }

  #swap(left: number, right: number): void {
    const inode = this.#inodes[left]!;
    const pid = this.#pids[left]!;
    const fd = this.#fds[left]!;
    this.#set(left, this.#inodes[right]!, this.#pids[right]!, this.#fds[right]!);
    this.#set(right, inode, pid, fd);
  }

  #set(holder: number, inode: number, pid: number, fd: number): void {
    this.#inodes[holder] = inode;
    this.#pids[holder] = pid;
    this.#fds[holder] = fd;
  }
}
