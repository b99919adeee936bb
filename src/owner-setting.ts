import type { OwnerSearch } from './owner-search.ts';
import type { OwnerMemory } from './owners/owner-memory.ts';
import type { OwnerContext, OwnerIndex, OwnerQuestion } from './owners/owner-scan.ts';
import type { ProcessTable } from './owners/processes.ts';
import type { SettledRequest } from './request/request.ts';
import type { RunningReport, SourceUsed } from './table/report.ts';
import type { Turn } from './turn.ts';

/** What one search is lent; the rest is the host's. */
export type SearchLent = Pick<OwnerContext, 'signal' | 'maxBytes'>;

/** What the search for owners is lent by the host. */
export interface OwnerSetting {
  /** Begins a search by the best scan there is. */
  search(question: OwnerQuestion, lent: SearchLent): OwnerSearch;
  /** Which scan looks for owners. */
  ownerAbility(): Promise<SourceUsed>;
  /** What is remembered of owners; undefined where nothing can be. */
  readonly memory: OwnerMemory | undefined;
  /** A walk over /proc/<pid>/fd, for what is remembered. */
  walk(question: OwnerQuestion, lent: SearchLent): Promise<OwnerIndex>;
  /** How many descriptors a process has; undefined where it cannot be told. */
  descriptorsOf(pid: number): number | undefined;
  readonly processes: ProcessTable;
  /** One for all scans of a host: many at once must not add up. */
  readonly turn: Turn;
}

/** A request that is being answered, and all that goes with it. */
export interface Asking {
  readonly request: SettledRequest;
  readonly setting: OwnerSetting;
  readonly report: RunningReport;
  readonly signal: AbortSignal;
}
