import type { Search } from './no-owner.ts';
import type { Holders } from './owner-scan.ts';

/** Stand for pids in what is remembered: see native/core/owners/known_owners.h. */
export const NOBODY = 0;
export const UNKNOWN = 0xffffffff;
export const UNSETTLED = 0xfffffffe;
export const DENIED = 0xfffffffd;

/** One pid and descriptor for each row of a batch; in the place of a pid may be one of the words above. */
export interface RowHolders {
  readonly pid: Uint32Array;
  readonly fd: Uint32Array;
}

export function isHolder(pid: number): boolean {
  return pid !== NOBODY && pid < DENIED;
}

/** What was done to find the holder of a socket that has none. */
export function searchBehind(pid: number): Search {
  if (pid === NOBODY) return 'whole';
  return pid === DENIED ? 'denied' : 'cut-short';
}

/** As Holders, for rows that have one holder at the most. */
export function holdersOf({ pid, fd }: RowHolders): Holders {
  const start = new Uint32Array(pid.length + 1);
  const pids = new Uint32Array(pid.length);
  const fds = new Uint32Array(pid.length);
  let length = 0;
  for (let row = 0; row < pid.length; row++) {
    if (isHolder(pid[row]!)) {
      pids[length] = pid[row]!;
      fds[length++] = fd[row]!;
    }
    start[row + 1] = length;
  }
  return { start, pid: pids.subarray(0, length), fd: fds.subarray(0, length) };
}
