import type { Batch } from '../table/batch.ts';
import type { BatchOwners } from '../table/owners.ts';
import type { JoinProcesses } from './join-processes.ts';
import { noOwnerReason, type Search } from './no-owner.ts';
import type { Holders } from './owner-scan.ts';

/** What is known when the owners of a batch are put down. */
export interface Attachment {
  /** Who holds the sockets of the batch: `index.find(batch.require('inode'))`. Undefined: the search was cut short. */
  readonly holders: Holders | undefined;
  /** The processes of all holders; those that have gone are left out. */
  readonly processes: Pick<JoinProcesses, 'present' | 'gone'>;
  /** Whether a process that has gone may be there, and hidden. */
  readonly hides: boolean;
  /** What was done to find the holder of a row that has none. */
  readonly unfound: (row: number) => Search;
}

/** The owners of a batch's sockets, and the reasons where there are none. Needs columns protocol, state and inode. */
export function attachOwners(batch: Batch, { holders, processes, hides, unfound }: Attachment): BatchOwners {
  const found = holders ?? nobody(batch.length);
  const { start, pid, fd } = presentHolders(found, processes.gone);
  const isLost = (row: number): boolean => found.start[row] !== found.start[row + 1];
  const noOwner = reasonsOf(batch, start, (row) => (hides && isLost(row) ? 'denied' : unfound(row)));
  return { ownerStart: start, ownerPid: pid, ownerFd: fd, noOwner, processes: processes.present };
}

function nobody(rows: number): Holders {
  return { start: new Uint32Array(rows + 1), pid: new Uint32Array(0), fd: new Uint32Array(0) };
}

/** Without those whose process has gone. */
function presentHolders(holders: Holders, gone: ReadonlySet<number>): Holders {
  if (gone.size === 0) return holders;
  const start = new Uint32Array(holders.start.length);
  const pid = new Uint32Array(holders.pid.length);
  const fd = new Uint32Array(holders.fd.length);
  let kept = 0;
  for (let row = 0; row + 1 < start.length; row++) {
    for (let at = holders.start[row]!; at < holders.start[row + 1]!; at++) {
      if (gone.has(holders.pid[at]!)) continue;
      pid[kept] = holders.pid[at]!;
      fd[kept++] = holders.fd[at]!;
    }
    start[row + 1] = kept;
  }
  return { start, pid: pid.slice(0, kept), fd: fd.slice(0, kept) };
}

function reasonsOf(batch: Batch, start: Uint32Array, unfound: Attachment['unfound']): Uint8Array {
  const protocol = batch.require('protocol');
  const state = batch.require('state');
  const inode = batch.require('inode');
  const reasons = new Uint8Array(batch.length);
  for (let row = 0; row < reasons.length; row++) {
    if (start[row] !== start[row + 1]) continue;
    reasons[row] = noOwnerReason(protocol[row]!, state[row]!, inode[row]!, unfound(row));
  }
  return reasons;
}
