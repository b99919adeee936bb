import { TIME_IS_UP } from './ending.ts';
import type { Asking, SearchLent } from './owner-setting.ts';
import { type KnownOwners, NOBODY } from './owners/known-owners.ts';
import { OwnerJoin } from './owners/owner-join.ts';
import type { Leave } from './owners/pace.ts';
import { Poll, type PollResult } from './owners/poll.ts';
import type { SettledRequest } from './request/request.ts';
import type { Batch } from './table/batch.ts';
import { collectBatches } from './table/collect.ts';
import { NoOwner } from './table/owners.ts';
import type { Process } from './table/process.ts';

/** Questions of one kind see the same sockets, so that one which is not seen has gone. */
export function kindOf({ protocols, families, states }: SettledRequest): string {
  return JSON.stringify([protocols, families, states]);
}

/** Passes the rows on, and puts down who holds them once all of them are there. */
export async function* remember(
  rows: AsyncIterable<Batch>,
  known: KnownOwners,
  { setting, signal }: Asking,
): AsyncGenerator<Batch, void, undefined> {
  const lessons: Lesson[] = [];
  let sockets = 0;
  for await (const batch of rows) {
    lessons.push(lessonOf(batch));
    sockets += batch.length;
    for (const [pid, { startTime }] of batch.owners?.processes ?? []) known.starts.set(pid, startTime);
    yield batch;
  }
  known.begin(sockets);
  for (const { cookies, pid, fd } of lessons) {
    await setting.turn.taken();
    signal.throwIfAborted();
    known.learn(cookies, { pid, fd });
  }
  for (const pid of known.starts.keys()) known.growth(pid, setting.descriptorsOf(pid));
}

/** The rows with the owners that are known, and those that a poll finds. No row comes before all have been read. */
export async function* recall(
  rows: AsyncIterable<Batch>,
  known: KnownOwners,
  asking: Asking,
  lent: SearchLent,
): AsyncGenerator<Batch, void, undefined> {
  const { request, setting, report, signal } = asking;
  const start = performance.now();
  const leave = { signal, turn: setting.turn };
  const reading = setting.processes.read(known.starts.keys(), known.starts, request.processFields, leave);
  reading.catch(() => {});
  const held = await collectBatches(rows, request.maxBytes, 'scan');
  const ability = await setting.ownerAbility();
  const seesMore = ability.source !== 'procfd';
  const polled = await unlessTimeIsUp(async () => {
    const processes = await reading;
    return { processes, result: await poll(known, { processes, held, seesMore }, asking, lent) };
  });
  const owners = new OwnerJoin(
    polled?.result,
    setting.processes,
    request.processFields,
    leave,
    polled?.processes,
  );
  for (const batch of held) yield await owners.attach(batch);
  report.sources.owners = ability;
  report.gaps.push(...owners.gaps);
  if (polled === undefined) return;
  const { tally, remembered } = polled.result;
  const milliseconds = performance.now() - start;
  report.owners = { source: ability.source, milliseconds, ...tally, remembered };
}

async function poll(
  known: KnownOwners,
  { processes, held, seesMore }: Seen,
  { setting, ...asking }: Asking,
  lent: SearchLent,
): Promise<PollResult> {
  const leave: Leave = { signal: asking.signal, turn: setting.turn };
  const ended = [...known.starts.keys()].filter((pid) => !processes.has(pid));
  await known.forget(ended, leave);
  const means = {
    walk: (question: Parameters<typeof setting.walk>[0]) => setting.walk(question, lent),
    searchAll: async (wanted: Uint32Array) => {
      const { index } = await setting.search({ holders: 'lowest', wanted }, lent).result;
      if (index === undefined) throw TIME_IS_UP;
      return index;
    },
    seesMore,
    descriptorsOf: setting.descriptorsOf,
  };
  return new Poll(known, held, means, leave).run();
}

interface Seen {
  /** Those among the known ones that have not ended. */
  readonly processes: ReadonlyMap<number, Process>;
  readonly held: readonly Batch[];
  /** See PollMeans. */
  readonly seesMore: boolean;
}

async function unlessTimeIsUp<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error === TIME_IS_UP) return undefined;
    throw error;
  }
}

interface Lesson {
  readonly cookies: Uint32Array;
  readonly pid: Uint32Array;
  readonly fd: Uint32Array;
}

/** What a batch with owners teaches; of sockets that were not looked for, or have no inode, nothing. */
function lessonOf(batch: Batch): Lesson {
  const { ownerStart, ownerPid, ownerFd, noOwner } = batch.owners!;
  const all = batch.require('cookie');
  const inode = batch.require('inode');
  const cookies = new Uint32Array(2 * batch.length);
  const pid = new Uint32Array(batch.length);
  const fd = new Uint32Array(batch.length);
  let length = 0;
  for (let row = 0; row < batch.length; row++) {
    if (inode[row] === 0 || noOwner[row] === NoOwner['not-searched']) continue;
    const at = ownerStart[row]!;
    const held = at < ownerStart[row + 1]!;
    cookies[2 * length] = all[2 * row]!;
    cookies[2 * length + 1] = all[2 * row + 1]!;
    pid[length] = held ? ownerPid[at]! : NOBODY;
    fd[length++] = held ? ownerFd[at]! : 0;
  }
  return {
    cookies: cookies.subarray(0, 2 * length),
    pid: pid.subarray(0, length),
    fd: fd.subarray(0, length),
  };
}
