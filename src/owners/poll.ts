import type { Batch } from '../table/batch.ts';
import type { Place } from '../table/gather.ts';
import { placeOf } from '../table/gather.ts';
import type { KnownOwners, Pause } from './known-owners.ts';
import type { Search } from './no-owner.ts';
import type { Finding } from './owner-join.ts';
import type { Holders, OwnerIndex, OwnerQuestion } from './owner-scan.ts';
import { type PolledBatch, PollRows } from './poll-rows.ts';
import { DENIED, holdersOf, isHolder, NOBODY, searchBehind, UNKNOWN, UNSETTLED } from './row-holders.ts';
import { filterSlots, lowestOfEach, mergeSlots, type Slots } from './slots.ts';

/** Every process is looked at again, whole, in one of so many polls. */
export const ROTATION = 64;

/** With more new sockets than this a search everywhere is the better way. */
export const MOST_ASKED = 32_768;

/** More known sockets than this are not few: a search everywhere reads hardly more links than it takes to confirm them. */
export const MOST_CONFIRMED = 4096;

/** Descriptors that are looked at above the highest known one, beside as many as the process has more of. */
const SPARE_SLOTS = 16;
/** Closed descriptors that are kept in mind, of a process and in all. */
const MOST_FREE_OF_EACH = 1024;
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
 *
 * Of few sockets, listeners for one, each known descriptor is looked at again; those that are new, or are not there any more,
 * or were nobody's, are looked for everywhere at once. So such a poll can miss nothing but that a process with a lower pid
 * has been given a socket, until that process has its turn.
 */
export class Poll implements Finding {
  /** Of all walks of this poll: a process that was looked at twice counts twice. */
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
  unsearched: Finding['unsearched'] = 'not-searched';
  readonly #known: KnownOwners;
  readonly #batches: readonly Batch[];
  readonly #isFew: boolean;
  readonly #means: PollMeans;
  readonly #rows = new PollRows();
  /** Sockets never seen before. */
  #asked: Place[] = [];
  /** Sockets to be looked for everywhere: missed the last time, not where they were, or nobody's since a rotation. */
  #thorough: Place[] = [];
  /** Starts of the processes that this poll's walks have seen, by pid. */
  readonly #starts = new Map<number, number>();
  #isMixedUp = false;
  /** Pairs of pid and descriptor: where sockets were, and where few of them are to be confirmed. */
  readonly #closed: number[] = [];
  readonly #confirmed: number[] = [];
  /** Processes with this pid, modulo ROTATION, have their turn. */
  readonly #phase: number;

  constructor(known: KnownOwners, batches: readonly Batch[], isFew: boolean, means: PollMeans) {
    this.#known = known;
    this.#batches = batches;
    this.#isFew = isFew;
    this.#means = means;
    this.#phase = (known.polls + 1) % ROTATION;
  }

  get starts(): ReadonlyMap<number, number> {
    return this.#known.starts;
  }

  find(batch: Batch): Holders {
    return holdersOf(this.#rows.of(batch));
  }

  unfound(batch: Batch): (row: number) => Search {
    const { pid } = this.#rows.of(batch);
    return (row) => searchBehind(pid[row]!);
  }

  /** False where too much is new, or a pid was used again meanwhile: what is known is then to be thrown away. */
  async run(): Promise<boolean> {
    this.#known.begin(this.#batches.reduce((sum, batch) => sum + batch.length, 0));
    for (const batch of this.#batches) {
      await this.#means.pause();
      this.#recall(this.#rows.add(batch, this.#known.find(batch)));
    }
    if (this.#asked.length + this.#thorough.length > MOST_ASKED) return false;
    if (this.#confirmed.length > 2 * MOST_CONFIRMED) return false;
    const freed = await this.#known.sweep(this.#means.pause);
    const free = mergeSlots([this.#known.free, ...freed, Uint32Array.from(this.#closed)]);
    await this.#lookNearby(filterSlots(free, (pid) => this.#known.highestFd.has(pid)));
    await this.#lookElsewhere();
    await this.#learn();
    return !this.#isMixedUp;
  }

  /** What is known of a batch's sockets. One that has lost its inode was closed, whoever held it. */
  #recall(polled: PolledBatch): void {
    const { batch, number, found } = polled;
    const inodes = batch.require('inode');
    for (let row = 0; row < batch.length; row++) {
      const pid = found.pid[row]!;
      if (inodes[row] === 0) {
        if (!isHolder(pid)) continue;
        this.#closed.push(pid, found.fd[row]!);
        this.#set(polled, row, NOBODY, 0);
      } else if (pid === UNKNOWN) this.#asked.push(placeOf(number, row));
      else if (isHolder(pid)) {
        this.remembered++;
        if (this.#isFew) this.#confirmed.push(pid, found.fd[row]!);
      } else if (this.#isFew || pid === UNSETTLED || this.#phase === 0)
        this.#thorough.push(placeOf(number, row));
    }
  }

  /** Where new sockets mostly are; and, whole, the processes whose turn it is. */
  async #lookNearby(free: Slots): Promise<void> {
    const sought = this.#asked.length + this.#thorough.length;
    const slots = mergeSlots(
      this.#isFew
        ? [Uint32Array.from(this.#confirmed)]
        : [lowestOfEach(free, sought), this.#newSlots(sought)],
    );
    const share = { index: this.#phase, of: ROTATION };
    const index = await this.#means.walk({ holders: 'lowest', slots, share });
    this.#count(index);
    const taken = new Set<string>();
    for (const polled of this.#rows.polled) {
      await this.#means.pause();
      this.#compare(polled, index, taken);
    }
    const left = filterSlots(free, (pid, fd) => !taken.has(`${pid} ${fd}`));
    this.#known.free = lowestOfEach(left, MOST_FREE_OF_EACH).slice(0, 2 * MOST_FREE);
  }

  /** Where a process has more descriptors than before, the new ones mostly stand behind the others. */
  #newSlots(sought: number): Uint32Array {
    const slots: number[] = [];
    for (const [pid, highest] of this.#known.highestFd) {
      const more = this.#known.growth(pid, this.#means.descriptorsOf(pid)) ?? 1;
      if (more <= 0 || sought === 0) continue;
      // Not every new descriptor is a socket's.
      const last = highest + Math.min(more, 4 * sought) + SPARE_SLOTS;
      for (let fd = highest + 1; fd <= last; fd++) slots.push(pid, fd);
    }
    return Uint32Array.from(slots);
  }

  /** Holds what is known of a batch's sockets against what a walk has seen of them. */
  #compare(polled: PolledBatch, index: OwnerIndex, taken: Set<string>): void {
    const { batch, found } = polled;
    const inodes = batch.require('inode');
    const { start, pid, fd } = index.find(inodes);
    for (let row = 0; row < batch.length; row++) {
      const known = found.pid[row]!;
      if (this.#isFew && !isHolder(known)) continue;
      const hasTurn = isHolder(known) && known % ROTATION === this.#phase;
      const at = start[row]!;
      const isMissing = at === start[row + 1] || (this.#isFew && known < pid[at]!);
      if (isMissing) {
        if ((hasTurn || this.#isFew) && inodes[row] !== 0)
          this.#thorough.push(this.#set(polled, row, UNSETTLED, 0));
        continue;
      }
      if (isHolder(known) && !hasTurn && known <= pid[at]!) continue;
      if (known === pid[at] && found.fd[row] === fd[at]) continue;
      this.#set(polled, row, pid[at]!, fd[at]!);
      taken.add(`${pid[at]} ${fd[at]}`);
    }
  }

  /** In processes that held none; and everywhere, for few, and for those that were missed before. */
  async #lookElsewhere(): Promise<void> {
    this.#asked = this.#asked.filter((place) => !this.#rows.isFound(place));
    this.#thorough = this.#thorough.filter((place) => !this.#rows.isFound(place));
    const left = [...this.#asked, ...this.#thorough];
    if (left.length === 0) return;
    const everywhere = async (places: readonly Place[]): Promise<void> => {
      const index = await this.#means.searchAll(this.#rows.inodesOf(places));
      this.#settle(this.#take(places, index), index.tally.denied > 0 ? DENIED : NOBODY);
    };
    if (this.#isFew) return everywhere(left);
    const except = Uint32Array.from(this.#known.highestFd.keys()).sort();
    const wanted = this.#rows.inodesOf(left);
    const missed = this.#take(left, await this.#means.walk({ holders: 'lowest', wanted, except }));
    if (this.#thorough.every((place) => this.#rows.isFound(place))) {
      this.#settle(missed, UNSETTLED);
      return;
    }
    await everywhere(missed);
  }

  /** Puts down what an index knows; gives the rest. */
  #take(places: readonly Place[], index: OwnerIndex): Place[] {
    this.#count(index);
    const { start, pid, fd } = index.find(this.#rows.inodesOf(places));
    return places.filter((place, at) => {
      const { polled, row } = this.#rows.at(place);
      const isFound = start[at] !== start[at + 1];
      if (isFound) this.#set(polled, row, pid[start[at]!]!, fd[start[at]!]!);
      return !isFound;
    });
  }

  #settle(places: readonly Place[], word: number): void {
    for (const place of places) {
      const { polled, row } = this.#rows.at(place);
      this.#set(polled, row, word, 0);
    }
  }

  #set(polled: PolledBatch, row: number, pid: number, fd: number): Place {
    const start = this.#starts.get(pid);
    if (start !== undefined) this.#known.starts.set(pid, start);
    return this.#rows.set(polled, row, pid, fd);
  }

  async #learn(): Promise<void> {
    const { cookies, pid, fd } = this.#rows.changes();
    await this.#known.learn(cookies, { pid, fd }, this.#means.pause);
    for (const holder of new Set(pid)) {
      if (isHolder(holder)) this.#known.growth(holder, this.#means.descriptorsOf(holder));
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
}
