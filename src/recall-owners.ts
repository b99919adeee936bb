import { TIME_IS_UP } from './ending.ts';
import { SockscopeError } from './errors.ts';
import type { Asking, SearchLent } from './owner-setting.ts';
import type { KnownOwners } from './owners/known-owners.ts';
import { OwnerJoin } from './owners/owner-join.ts';
import { Poll, type PollMeans } from './owners/poll.ts';
import { DENIED, type RowHolders, UNSETTLED } from './owners/row-holders.ts';
import type { SettledRequest } from './request/request.ts';
import type { Batch } from './table/batch.ts';
import { NoOwner } from './table/owners.ts';
import type { Process } from './table/process.ts';

/** Questions of one kind see the same sockets, so that one which is not seen has gone. */
export function kindOf({ protocols, families, states }: SettledRequest): string {
  return JSON.stringify([protocols, families, states]);
}

/** What the rows of a first scan teach; put down once all of them are there. */
export class Lesson {
  readonly #starts = new Map<number, number>();
  readonly #parts: (RowHolders & { readonly cookies: Uint32Array })[] = [];
  #sockets = 0;

  add(batch: Batch): void {
    this.#sockets += batch.length;
    this.#parts.push(learnedFrom(batch));
    for (const [pid, { startTime }] of batch.owners?.processes ?? []) this.#starts.set(pid, startTime);
  }

  /** Throws what the pause does: what is known is then to be thrown away. */
  async teach(known: KnownOwners, { setting, signal }: Asking): Promise<void> {
    known.begin(this.#sockets);
    const pause = async (): Promise<void> => {
      await setting.turn.taken();
      signal.throwIfAborted();
    };
    for (const part of this.#parts) await known.learn(part.cookies, part, pause);
    for (const [pid, start] of this.#starts) known.starts.set(pid, start);
    for (const pid of known.highestFd.keys()) known.growth(pid, setting.descriptorsOf(pid));
  }
}

/** What a poll came to: the join for its rows, or undefined where a search everywhere is the better way. */
export interface Recalled {
  readonly join: OwnerJoin;
  /** Whether it came to its end, so that what is known may be kept. */
  readonly whole: boolean;
}

/** The owners of rows, few or many, by what is known, and by what a poll finds. Rejects with the reason of an abort. */
export async function recall(
  held: readonly Batch[],
  known: KnownOwners,
  isFew: boolean,
  asking: Asking,
  lent: SearchLent,
): Promise<Recalled | undefined> {
  const { request, setting, report } = asking;
  const leave = { signal: lent.signal, turn: setting.turn };
  const start = performance.now();
  const poll = new Poll(known, held, isFew, meansOf(asking, lent));
  let processes: ReadonlyMap<number, Process> = new Map();
  let whole = true;
  try {
    processes = await setting.processes.read(known.starts.keys(), known.starts, request.processFields, leave);
    const ended = [...known.starts.keys()].filter((pid) => !processes.has(pid));
    await known.forget(ended, () => pause(asking, lent));
    if (!(await poll.run())) return undefined;
  } catch (error) {
    if (error instanceof SockscopeError) return undefined;
    if (error !== TIME_IS_UP) throw error;
    whole = false;
    poll.unsearched = 'deadline';
  }
  report.sources.owners = await setting.ownerAbility();
  const milliseconds = performance.now() - start;
  const { tally, remembered } = poll;
  if (whole) report.owners = { source: 'procfd', milliseconds, ...tally, remembered };
  return { join: new OwnerJoin(poll, setting.processes, request.processFields, leave, processes), whole };
}

function meansOf(asking: Asking, lent: SearchLent): PollMeans {
  const { setting } = asking;
  return {
    walk: (question) => setting.walk(question, lent),
    searchAll: (wanted) => setting.walk({ holders: 'lowest', wanted }, lent),
    descriptorsOf: (pid) => setting.descriptorsOf(pid),
    pause: () => pause(asking, lent),
  };
}

async function pause({ setting }: Asking, { signal }: SearchLent): Promise<void> {
  await setting.turn.taken();
  signal.throwIfAborted();
}

/**
 * A socket that was not found may have been opened, or passed on, while the search was on its way: it is looked for once
 * more. Of sockets that were not looked for, or have no inode, there is nothing to learn.
 */
function learnedFrom(batch: Batch): RowHolders & { readonly cookies: Uint32Array } {
  const { ownerStart, ownerPid, ownerFd, noOwner } = batch.owners!;
  const all = batch.require('cookie');
  const inode = batch.require('inode');
  // One buffer, large enough for the allocator to give it back when it is freed.
  const bytes = new ArrayBuffer(4 * Uint32Array.BYTES_PER_ELEMENT * batch.length);
  const cookies = new Uint32Array(bytes, 0, 2 * batch.length);
  const pid = new Uint32Array(bytes, 8 * batch.length, batch.length);
  const fd = new Uint32Array(bytes, 12 * batch.length, batch.length);
  let length = 0;
  for (let row = 0; row < batch.length; row++) {
    if (inode[row] === 0 || noOwner[row] === NoOwner['not-searched']) continue;
    const at = ownerStart[row]!;
    const isHeld = at < ownerStart[row + 1]!;
    const missed = noOwner[row] === NoOwner['not-permitted'] ? DENIED : UNSETTLED;
    cookies[2 * length] = all[2 * row]!;
    cookies[2 * length + 1] = all[2 * row + 1]!;
    pid[length] = isHeld ? ownerPid[at]! : missed;
    fd[length++] = isHeld ? ownerFd[at]! : 0;
  }
  return {
    cookies: cookies.subarray(0, 2 * length),
    pid: pid.subarray(0, length),
    fd: fd.subarray(0, length),
  };
}
