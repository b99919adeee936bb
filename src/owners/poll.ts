import type { Batch } from '../table/batch.ts';
import type { OwnerTally } from '../table/report.ts';
import { holdersOf, type KnownOwners, NOBODY, type RowHolders, UNKNOWN, UNSETTLED } from './known-owners.ts';
import type { Finding } from './owner-join.ts';
import type { OwnerIndex, OwnerQuestion } from './owner-scan.ts';
import type { Leave } from './pace.ts';

/** Known sockets are looked at again in rotation: each in one of so many polls. */
export const ROTATION = 64;

/** Descriptors that are looked at above the highest known one, beside as many as the process has more of. */
const SPARE_SLOTS = 16;

const NOTHING = { processes: 0, vanished: 0, denied: 0, unopened: 0, descriptors: 0, sockets: 0, threads: 0 };

/** How a poll looks for owners. */
export interface PollMeans {
  /** A walk over /proc/<pid>/fd: of some descriptors, or of some processes. */
  walk(question: OwnerQuestion): Promise<OwnerIndex>;
  /** A search everywhere, by the best scan. */
  searchAll(wanted: Uint32Array): Promise<OwnerIndex>;
  /** Whether that one may look into processes that deny the walk. */
  readonly seesMore: boolean;
  /** How many descriptors the process has; undefined where it cannot be told. */
  descriptorsOf(pid: number): number | undefined;
}

/** A socket whose owner a poll has to find. */
interface Asked {
  readonly batch: number;
  readonly row: number;
  readonly inode: number;
  /** Whether it has to be looked for everywhere: it is known, and not where it was, or it was missed the last time. */
  readonly thorough: boolean;
}

/** What a poll has found, beside what was known. */
export interface PollResult extends Finding {
  readonly tally: OwnerTally;
  /** Sockets whose owner was taken from earlier questions, unseen. */
  readonly remembered: number;
}

/**
 * Finds the owners of sockets by what is known of them, and puts down what is new. The new ones are looked for where
 * sockets were closed, above the highest descriptor of processes that have more of them than before, and in processes
 * that held none; those in none of these places in the next poll, everywhere.
 */
export class Poll {
  readonly #known: KnownOwners;
  readonly #batches: readonly Batch[];
  readonly #means: PollMeans;
  readonly #leave: Leave;
  readonly #found: RowHolders[] = [];
  readonly #asked: Asked[] = [];
  readonly #tally = { ...NOTHING };
  /** Where known sockets are that come round in the rotation. */
  readonly #due: number[] = [];
  #freed: readonly Uint32Array[] = [];

  constructor(known: KnownOwners, batches: readonly Batch[], means: PollMeans, leave: Leave) {
    this.#known = known;
    this.#batches = batches;
    this.#means = means;
    this.#leave = leave;
  }

  async run(): Promise<PollResult> {
    const rows = this.#batches.reduce((sum, batch) => sum + batch.length, 0);
    this.#known.begin(rows);
    for (const [index, batch] of this.#batches.entries()) {
      await this.#leave.turn.taken();
      this.#leave.signal.throwIfAborted();
      this.#look(batch, index);
    }
    this.#freed = await this.#known.sweep(this.#leave);
    if (this.#asked.length > 0) await this.#findAsked();
    const found = new Map(this.#batches.map((batch, index) => [batch, this.#found[index]!]));
    return {
      find: (batch) => holdersOf(found.get(batch)!),
      starts: this.#known.starts,
      denied: this.#tally.denied > 0,
      tally: this.#tally,
      remembered: rows - this.#asked.length,
    };
  }

  #look(batch: Batch, index: number): void {
    const found = this.#known.find(batch);
    this.#found.push(found);
    const inodes = batch.require('inode');
    const cookies = batch.require('cookie');
    const phase = this.#known.polls % ROTATION;
    for (let row = 0; row < batch.length; row++) {
      const inode = inodes[row]!;
      if (inode === 0) continue;
      const pid = found.pid[row]!;
      if (pid === UNKNOWN) {
        // Without a cookie it would be as unknown the next time.
        const thorough = cookies[2 * row] === 0 && cookies[2 * row + 1] === 0;
        this.#asked.push({ batch: index, row, inode, thorough });
      } else if (pid === UNSETTLED || isDue(pid, cookies[2 * row]!, phase)) {
        if (pid !== UNSETTLED && pid !== NOBODY) this.#due.push(pid, found.fd[row]!);
        this.#asked.push({ batch: index, row, inode, thorough: true });
      }
    }
  }

  async #findAsked(): Promise<void> {
    let left: Asked[] = this.#asked;
    const slots = mergePairs([Uint32Array.from(this.#due), this.#freedSlots(), this.#newSlots()]);
    if (slots.length > 0) left = await this.#ask(left, { slots });
    if (left.length > 0) {
      const except = Uint32Array.from(this.#known.starts.keys()).sort();
      left = await this.#ask(left, { except });
    }
    const isDenied = this.#means.seesMore && this.#tally.denied > 0;
    if (left.length > 0 && (isDenied || left.some(({ thorough }) => thorough))) {
      this.#tally.denied = 0;
      left = this.#take(left, await this.#means.searchAll(inodesOf(left)));
      this.#settle(left, NOBODY);
    } else {
      this.#settle(left, UNSETTLED);
    }
    this.#learn();
  }

  /** A process takes its lowest free descriptor first: so many as there are sockets to be found are enough of each. */
  #freedSlots(): Uint32Array {
    const slots: number[] = [];
    const sorted = mergePairs(this.#freed);
    let taken = 0;
    for (let at = 0; at < sorted.length; at += 2) {
      taken = at > 0 && sorted[at] === sorted[at - 2] ? taken + 1 : 0;
      if (taken < this.#asked.length) slots.push(sorted[at]!, sorted[at + 1]!);
    }
    return Uint32Array.from(slots);
  }

  /** Where a process has more descriptors than before, the new ones mostly stand behind the others. */
  #newSlots(): Uint32Array {
    const slots: number[] = [];
    for (const [pid, highest] of this.#known.highestFd) {
      const more = this.#known.growth(pid, this.#means.descriptorsOf(pid));
      if (more <= 0) continue;
      for (let fd = highest + 1; fd <= highest + more + SPARE_SLOTS; fd++) slots.push(pid, fd);
    }
    return Uint32Array.from(slots);
  }

  async #ask(asked: Asked[], where: Pick<OwnerQuestion, 'slots' | 'except'>): Promise<Asked[]> {
    const index = await this.#means.walk({ holders: 'lowest', wanted: inodesOf(asked), ...where });
    return this.#take(asked, index);
  }

  /** Puts down what an index knows; gives the rest. */
  #take(asked: readonly Asked[], index: OwnerIndex): Asked[] {
    this.#count(index.tally);
    for (const [pid, start] of index.starts) this.#known.starts.set(pid, start);
    const { start, pid, fd } = index.find(inodesOf(asked));
    const left: Asked[] = [];
    for (const [at, one] of asked.entries()) {
      if (start[at] === start[at + 1]) left.push(one);
      else this.#set(one, pid[start[at]!]!, fd[start[at]!]!);
    }
    return left;
  }

  #settle(asked: readonly Asked[], pid: number): void {
    for (const one of asked) this.#set(one, pid, 0);
  }

  #set({ batch, row }: Asked, pid: number, fd: number): void {
    const found = this.#found[batch]!;
    found.pid[row] = pid;
    found.fd[row] = fd;
  }

  #learn(): void {
    const cookies = new Uint32Array(2 * this.#asked.length);
    const pid = new Uint32Array(this.#asked.length);
    const fd = new Uint32Array(this.#asked.length);
    for (const [at, { batch, row }] of this.#asked.entries()) {
      const halves = this.#batches[batch]!.require('cookie');
      cookies.set(halves.subarray(2 * row, 2 * row + 2), 2 * at);
      pid[at] = this.#found[batch]!.pid[row]!;
      fd[at] = this.#found[batch]!.fd[row]!;
    }
    this.#known.learn(cookies, { pid, fd });
  }

  #count(tally: OwnerTally): void {
    this.#tally.processes += tally.processes;
    this.#tally.vanished += tally.vanished;
    this.#tally.denied = Math.max(this.#tally.denied, tally.denied);
    this.#tally.unopened = Math.max(this.#tally.unopened, tally.unopened);
    this.#tally.descriptors += tally.descriptors;
    this.#tally.sockets += tally.sockets;
    this.#tally.threads = Math.max(this.#tally.threads, tally.threads);
  }
}

/** Those that nobody holds come all in one poll: to look for one everywhere costs as much as to look for all. */
function isDue(pid: number, cookie: number, phase: number): boolean {
  return pid === NOBODY ? phase === 0 : cookie % ROTATION === phase;
}

function inodesOf(asked: readonly Asked[]): Uint32Array {
  return Uint32Array.from(asked, ({ inode }) => inode);
}

/** Pairs of pid and descriptor, ascending, each once. */
function mergePairs(lists: readonly Uint32Array[]): Uint32Array {
  const keys = new Float64Array(lists.reduce((sum, list) => sum + list.length, 0) / 2);
  let length = 0;
  for (const list of lists) {
    for (let at = 0; at < list.length; at += 2) keys[length++] = list[at]! * FD_SPACE + list[at + 1]!;
  }
  const sorted = new Uint32Array(2 * keys.sort().length);
  length = 0;
  let last = -1;
  for (const key of keys) {
    if (key === last) continue;
    last = key;
    sorted[length++] = Math.floor(key / FD_SPACE);
    sorted[length++] = key % FD_SPACE;
  }
  return sorted.subarray(0, length);
}

/** Descriptors have 31 bits: a pid and one of them fit into a double. */
const FD_SPACE = 2 ** 31;
