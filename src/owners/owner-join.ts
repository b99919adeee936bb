import { TIME_IS_UP } from '../ending.ts';
import type { Batch } from '../table/batch.ts';
import { type BatchOwners, NoOwner } from '../table/owners.ts';
import type { Process, ProcessField } from '../table/process.ts';
import type { Gap } from '../table/report.ts';
import { attachOwners } from './attach.ts';
import { JoinProcesses } from './join-processes.ts';
import type { Search } from './no-owner.ts';
import type { Holders, OwnerIndex } from './owner-scan.ts';
import type { Leave } from './pace.ts';
import type { ProcessTable } from './processes.ts';

/** Who holds sockets, by whatever they are found by. */
export interface Finding {
  /** The holders of a batch's sockets. */
  find(batch: Batch): Holders;
  /** Start of each process that `find` may name, by pid, as OwnerIndex has it. */
  readonly starts: ReadonlyMap<number, number>;
  /** What was done to find the holder of a row of the batch that has none. */
  unfound(batch: Batch): (row: number) => Search;
  /** Why a socket has not been searched for, where one has not. */
  readonly unsearched: 'deadline' | 'not-searched';
}

/** What an index finds by inode. */
export function findingOf(index: OwnerIndex): Finding {
  const search = index.tally.denied > 0 ? 'denied' : 'whole';
  return {
    find: (batch) => index.find(batch.require('inode')),
    starts: index.starts,
    unfound: () => () => search,
    unsearched: 'deadline',
  };
}

/** The inodes of all sockets in batches; without those that have none. */
export function inodesOf(batches: readonly Batch[]): Uint32Array {
  const all = new Uint32Array(batches.reduce((sum, batch) => sum + batch.length, 0));
  let length = 0;
  for (const batch of batches) {
    for (const inode of batch.require('inode')) if (inode !== 0) all[length++] = inode;
  }
  return all.subarray(0, length);
}

function cutShort(): Search {
  return 'cut-short';
}

/** The join of one scan: batches get their owners, and each process that appears is read once. */
export class OwnerJoin {
  readonly #finding: Finding | undefined;
  readonly #table: ProcessTable;
  readonly #fields: readonly ProcessField[];
  readonly #leave: Leave;
  readonly #processes: JoinProcesses;
  #notPermitted = 0;
  #notSearched = 0;

  /** `finding`: undefined where the search was cut short. `processes`: those that have been read already. */
  constructor(
    finding: Finding | undefined,
    table: ProcessTable,
    fields: readonly ProcessField[],
    leave: Leave,
    processes: ReadonlyMap<number, Process> = new Map(),
  ) {
    this.#finding = finding;
    this.#table = table;
    this.#fields = fields;
    this.#leave = leave;
    this.#processes = new JoinProcesses(processes);
  }

  /** The batch with its owners; after the deadline without. Rejects with the reason of any other abort. */
  async attach(batch: Batch): Promise<Batch> {
    const holders = await this.#holdersOf(batch);
    await this.#leave.turn.taken();
    const unfound = holders === undefined ? cutShort : this.#finding!.unfound(batch);
    const hides = this.#processes.gone.size > 0 && this.#table.hides;
    const owners = attachOwners(batch, { holders, processes: this.#processes, hides, unfound });
    this.#count(owners);
    return batch.withOwners(owners);
  }

  /** What the batches lack. */
  get gaps(): Gap[] {
    const gaps: Gap[] = [];
    if (this.#notPermitted > 0) {
      gaps.push({ what: 'owners', reason: 'not-permitted', rows: this.#notPermitted });
    }
    if (this.#notSearched > 0) {
      const reason = this.#finding?.unsearched ?? 'deadline';
      gaps.push({ what: 'owners', reason, rows: this.#notSearched });
    }
    return gaps;
  }

  /** Undefined where the time is up. */
  async #holdersOf(batch: Batch): Promise<Holders | undefined> {
    if (this.#finding === undefined) return undefined;
    await this.#leave.turn.taken();
    const holders = this.#finding.find(batch);
    try {
      await this.#read(holders, this.#finding);
      return holders;
    } catch (error) {
      if (error === TIME_IS_UP) return undefined;
      throw error;
    }
  }

  /** Reads the processes that have not appeared yet. */
  async #read(holders: Holders, { starts }: Finding): Promise<void> {
    const unread = this.#processes.unread(holders.pid);
    if (unread.size === 0) return;
    await this.#leave.turn.taken();
    this.#processes.add(unread, await this.#table.read(unread, starts, this.#fields, this.#leave));
  }

  #count({ noOwner }: BatchOwners): void {
    for (const reason of noOwner) {
      if (reason === NoOwner['not-permitted']) this.#notPermitted++;
      else if (reason === NoOwner['not-searched']) this.#notSearched++;
    }
  }
}
