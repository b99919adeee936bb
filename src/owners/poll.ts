import type { Batch } from '../table/batch.ts';
import { type Place, placeOf } from '../table/gather.ts';
import { BATCH_ROWS } from '../table/schema.ts';
import type { KnownOwners, Pause } from './known-owners.ts';
import type { Finding } from './owner-join.ts';
import type { OwnerIndex, OwnerQuestion } from './owner-scan.ts';
import {
  DENIED,
  holdersOf,
  isHolder,
  NOBODY,
  type RowHolders,
  searchBehind,
  UNKNOWN,
  UNSETTLED,
} from './row-holders.ts';
import { filterSlots, lowestOfEach, mergeSlots, type Slots } from './slots.ts';

/** Every process is looked at again, whole, in one of so many polls. */
export const ROTATION = 64;

/** With more new sockets than this a search everywhere is the better way. */
export const MOST_ASKED = 32_768;

/** Descriptors that are looked at above the highest known one, beside as many as the process has more of. */
const SPARE_SLOTS = 16;
/** Closed descriptors that are kept in mind. */
const MOST_FREE = 65_536;

/** How a poll looks for owners. */
export interface PollMeans {
  /** A walk over /proc/<pid>/fd: of some descriptors, or of some processes. */
  walk(question: OwnerQuestion): Promise<OwnerIndex>;
  /** A search everywhere. */
  searchAll(wanted: Uint32Array): Promise<OwnerIndex>;
  /** How many descriptors the process has; undefined where it cannot be told. */
  descriptorsOf(pid: number): number | undefined;
  /** Waits for the next turn on the event loop; throws when the question is over. */
  readonly pause: Pause;
}

/**
 * Finds the owners of sockets by what is known of them, and puts down what is new. New ones are looked for where sockets
 * were closed, above the highest descriptor of processes that have more of them than before, in the processes whose turn
 * it is, and in those that held none; what is in none of these places is looked for in the next poll, everywhere.
 */
export class Poll implements Finding {
  /** Processes walked, in all walks of this poll: one that was looked at twice counts twice. */
  readonly tally = {
    processes: 0,
    vanished: 0,
    denied: 0,
    unopened: 0,
    descriptors: 0,
    sockets: 0,
    threads: 0,
  };
  /** Sockets whose owner was known before. */
  remembered = 0;
  readonly unsearched = 'not-searched';
  readonly #known: KnownOwners;
  readonly #batches: readonly Batch[];
  readonly #means: PollMeans;
  readonly #found: RowHolders[] = [];
  readonly #numbers = new Map<Batch, number>();
  /** Sockets never seen before. */
  #asked: Place[] = [];
  /** Sockets to be looked for everywhere: missed the last time, or not where they were. */
  #thorough: Place[] = [];
  /** Sockets of which something else is to be remembered than before. */
  readonly #changed: Place[] = [];
  /** Starts of the processes that this poll's walks have seen, by pid. */
  readonly #starts = new Map<number, number>();
  #isMixedUp = false;
  /** Pairs of pid and descriptor. */
  readonly #closed: number[] = [];
  readonly #phase: number;

  constructor(known: KnownOwners, batches: readonly Batch[], means: PollMeans) {
    this.#known = known;
    this.#batches = batches;
    this.#means = means;
    this.#phase = (known.polls + 1) % ROTATION;
  }

  get starts(): ReadonlyMap<number, number> {
    return this.#known.starts;
  }

  find(batch: Batch): ReturnType<typeof holdersOf> {
    return holdersOf(this.#rowsOf(batch));
  }

  unfound(batch: Batch): (row: number) => ReturnType<typeof searchBehind> {
    const { pid } = this.#rowsOf(batch);
    return (row) => searchBehind(pid[row]!);
  }

  /** False where too much is new, or a pid was used again meanwhile: what is known is then to be thrown away. */
  async run(): Promise<boolean> {
    this.#known.begin(this.#batches.reduce((sum, batch) => sum + batch.length, 0));
    for (const [number, batch] of this.#batches.entries()) {
      await this.#means.pause();
      this.#recall(batch, number);
    }
    if (this.#asked.length + this.#thorough.length > MOST_ASKED) return false;
    const freed = await this.#known.sweep(this.#means.pause);
    const free = mergeSlots([this.#known.free, ...freed, Uint32Array.from(this.#closed)]);
    await this.#lookNearby(free);
    await this.#lookElsewhere();
    this.#learn();
    return !this.#isMixedUp;
  }

  /** What is known of a batch's sockets. One that has lost its inode was closed, whoever held it. */
  #recall(batch: Batch, number: number): void {
    const found = this.#known.find(batch);
    this.#found.push(found);
    this.#numbers.set(batch, number);
    const inodes = batch.require('inode');
    for (let row = 0; row < batch.length; row++) {
      const pid = found.pid[row]!;
      if (inodes[row] === 0) {
        if (!isHolder(pid)) continue;
        this.#closed.push(pid, found.fd[row]!);
        this.#set(placeOf(number, row), NOBODY, 0);
      } else if (pid === UNKNOWN) this.#asked.push(placeOf(number, row));
      else if (pid === UNSETTLED) this.#thorough.push(placeOf(number, row));
      else if (isHolder(pid)) this.remembered++;
    }
  }

  /** Where new sockets mostly are; and, whole, the processes whose turn it is. */
  async #lookNearby(free: Slots): Promise<void> {
    const sought = this.#asked.length + this.#thorough.length;
    const slots = mergeSlots([lowestOfEach(free, sought), this.#newSlots(sought)]);
    const share = { index: this.#phase, of: ROTATION };
    const index = await this.#means.walk({ holders: 'lowest', slots, share });
    this.#count(index);
    const taken = new Set<string>();
    for (const [number, batch] of this.#batches.entries()) {
      await this.#means.pause();
      this.#compare(batch, number, index, taken);
    }
    const left = filterSlots(free, (pid, fd) => !taken.has(`${pid} ${fd}`));
    this.#known.free = left.slice(0, 2 * MOST_FREE);
  }

  /** Where a process has more descriptors than before, the new ones mostly stand behind the others. */
  #newSlots(sought: number): Uint32Array {
    const slots: number[] = [];
    for (const [pid, highest] of this.#known.highestFd) {
      const more = this.#known.growth(pid, this.#means.descriptorsOf(pid)) ?? 1;
      if (more <= 0 || sought === 0) continue;
      for (let fd = highest + 1; fd <= highest + more + SPARE_SLOTS; fd++) slots.push(pid, fd);
    }
    return Uint32Array.from(slots);
  }

  /** Holds what is known of a batch's sockets against what a walk has seen of them. */
  #compare(batch: Batch, number: number, index: OwnerIndex, taken: Set<string>): void {
    const inodes = batch.require('inode');
    const { start, pid, fd } = index.find(inodes);
    const found = this.#found[number]!;
    for (let row = 0; row < batch.length; row++) {
      const known = found.pid[row]!;
      const at = start[row]!;
      if (at === start[row + 1]) {
        const isGone = inodes[row] !== 0 && isHolder(known) && known % ROTATION === this.#phase;
        if (!isGone) continue;
        this.#set(placeOf(number, row), UNSETTLED, 0);
        this.#thorough.push(placeOf(number, row));
        continue;
      }
      const holds = isHolder(known) && known % ROTATION !== this.#phase;
      if (holds && known <= pid[at]!) continue;
      if (known !== pid[at] || found.fd[row] !== fd[at]) {
        this.#set(placeOf(number, row), pid[at]!, fd[at]!);
        taken.add(`${pid[at]} ${fd[at]}`);
      }
    }
  }

  /** In processes that held none; and everywhere, for those that were missed before. */
  async #lookElsewhere(): Promise<void> {
    this.#asked = this.#asked.filter((place) => !this.#isFound(place));
    this.#thorough = this.#thorough.filter((place) => !this.#isFound(place));
    const left = [...this.#asked, ...this.#thorough];
    if (left.length === 0) return;
    const except = Uint32Array.from(this.#known.highestFd.keys()).sort();
    const others = await this.#means.walk({ holders: 'lowest', wanted: this.#inodesOf(left), except });
    const missed = this.#take(left, others);
    if (this.#thorough.every((place) => this.#isFound(place))) {
      for (const place of missed) this.#set(place, UNSETTLED, 0);
      return;
    }
    const everywhere = await this.#means.searchAll(this.#inodesOf(missed));
    const nobody = everywhere.tally.denied > 0 ? DENIED : NOBODY;
    for (const place of this.#take(missed, everywhere)) this.#set(place, nobody, 0);
  }

  /** Puts down what an index knows; gives the rest. */
  #take(places: readonly Place[], index: OwnerIndex): Place[] {
    this.#count(index);
    const { start, pid, fd } = index.find(this.#inodesOf(places));
    return places.filter((place, at) => {
      const isFound = start[at] !== start[at + 1];
      if (isFound) this.#set(place, pid[start[at]!]!, fd[start[at]!]!);
      return !isFound;
    });
  }

  #learn(): void {
    const { length } = this.#changed;
    const cookies = new Uint32Array(2 * length);
    const learned = { pid: new Uint32Array(length), fd: new Uint32Array(length) };
    for (const [at, place] of this.#changed.entries()) {
      const { batch, found, row } = this.#at(place);
      const halves = batch.require('cookie');
      cookies[2 * at] = halves[2 * row]!;
      cookies[2 * at + 1] = halves[2 * row + 1]!;
      learned.pid[at] = found.pid[row]!;
      learned.fd[at] = found.fd[row]!;
    }
    this.#known.learn(cookies, learned);
    for (const pid of new Set(learned.pid)) {
      if (isHolder(pid)) this.#known.growth(pid, this.#means.descriptorsOf(pid));
    }
  }

  #count({ tally, starts }: OwnerIndex): void {
    for (const [pid, start] of starts) {
      this.#starts.set(pid, start);
      // The pid is another process's since this poll began: what is known of it is not.
      this.#isMixedUp ||= (this.#known.starts.get(pid) ?? start) !== start;
    }
    for (const what of ['processes', 'vanished', 'descriptors', 'sockets'] as const) {
      this.tally[what] += tally[what];
    }
    for (const what of ['denied', 'unopened', 'threads'] as const) {
      this.tally[what] = Math.max(this.tally[what], tally[what]);
    }
  }

  #set(place: Place, pid: number, fd: number): void {
    const { found, row } = this.#at(place);
    found.pid[row] = pid;
    found.fd[row] = fd;
    this.#changed.push(place);
    const start = this.#starts.get(pid);
    if (start !== undefined) this.#known.starts.set(pid, start);
  }

  #isFound(place: Place): boolean {
    const { found, row } = this.#at(place);
    return isHolder(found.pid[row]!);
  }

  #inodesOf(places: readonly Place[]): Uint32Array {
    return Uint32Array.from(places, (place) => {
      const { batch, row } = this.#at(place);
      return batch.require('inode')[row]!;
    });
  }

  #at(place: Place): { batch: Batch; found: RowHolders; row: number } {
    const number = Math.trunc(place / BATCH_ROWS);
    return { batch: this.#batches[number]!, found: this.#found[number]!, row: place % BATCH_ROWS };
  }

  /** Of a batch that was not looked at, because the time was up, nothing is known. */
  #rowsOf(batch: Batch): RowHolders {
    const found = this.#found[this.#numbers.get(batch) ?? -1];
    return found ?? { pid: new Uint32Array(batch.length).fill(UNKNOWN), fd: new Uint32Array(batch.length) };
  }
}
