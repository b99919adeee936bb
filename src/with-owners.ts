import { Ending, TIME_IS_UP } from './ending.ts';
import type { OwnerSearch } from './owner-search.ts';
import type { Asking, SearchLent } from './owner-setting.ts';
import type { KnownOwners } from './owners/known-owners.ts';
import { findingOf, inodesOf, OwnerJoin } from './owners/owner-join.ts';
import type { OwnerMemory } from './owners/owner-memory.ts';
import { kindOf, Lesson, recall } from './recall-owners.ts';
import type { SettledRequest } from './request/request.ts';
import { State } from './socket/state.ts';
import type { Batch } from './table/batch.ts';
import { collectBatches } from './table/collect.ts';
import { readAhead } from './table/read-ahead.ts';
import { nextTurn } from './turn.ts';

/**
 * The rows with their owners. A question that wants few of the sockets reads them first and then looks for the owners of
 * those; any other does both at once, and no row comes before both have come so far. A host that remembers owners reads
 * the rows first and looks for the others alone. `shared`: a search to go by, whatever is remembered.
 */
export async function* withOwners(
  rows: AsyncIterable<Batch>,
  asking: Asking,
  shared: OwnerSearch | undefined,
): AsyncGenerator<Batch, void, undefined> {
  const { request, signal } = asking;
  const leaving = new AbortController();
  const ending = new Ending([signal, leaving.signal], undefined);
  const lent = { signal: ending.signal, maxBytes: request.maxBytes };
  try {
    const memory = shared === undefined ? await memoryFor(asking) : undefined;
    const known = memory?.take(kindOf(request));
    // The choice of an owner scan has had its turn.
    await nextTurn();
    if (memory === undefined || known === undefined) yield* searched(rows, asking, lent, shared);
    else yield* remembered(rows, asking, lent, { memory, known });
  } finally {
    leaving.abort();
    ending.release();
  }
}

/**
 * Undefined where nothing is to be remembered. Of all holders of a socket a new one cannot be noticed but by looking
 * everywhere; and where BPF looks, that costs little beside the dump.
 */
async function memoryFor({ request, setting, report }: Asking): Promise<OwnerMemory | undefined> {
  if (!request.remember || request.owners !== 'lowest') return undefined;
  // Those that a program of the kernel's leaves out have not gone.
  if (request.bytecode !== undefined) return undefined;
  if (!hasCookies(report)) return undefined;
  return (await setting.ownerAbility()).source === 'procfd' ? setting.memory : undefined;
}

/** Owners are known by cookie, which netlink alone tells: it may give way to another source as long as no row has come. */
function hasCookies({ sources }: Asking['report']): boolean {
  return Object.entries(sources).every(
    ([subject, { source }]) => subject === 'owners' || source === 'netlink' || source === 'none',
  );
}

/** Most sockets of a busy host are established: without those it is a narrow question. */
function wantsFew({ states, bytecode }: SettledRequest): boolean {
  return (states & (1 << State.established)) === 0 || bytecode !== undefined;
}

async function* searched(
  rows: AsyncIterable<Batch>,
  asking: Asking,
  lent: SearchLent,
  shared: OwnerSearch | undefined,
): AsyncGenerator<Batch, void, undefined> {
  const { request, setting } = asking;
  const holders = request.owners === 'all' ? 'all' : 'lowest';
  if (shared === undefined && wantsFew(request)) {
    const held = await collectBatches(rows, request.maxBytes, 'scan');
    yield* join(held, setting.search({ holders, wanted: inodesOf(held) }, lent), asking);
    return;
  }
  const search = shared ?? setting.search({ holders }, lent);
  yield* join(readAhead(rows, search.result, request.maxBytes), search, asking);
}

async function* join(
  rows: AsyncIterable<Batch> | Iterable<Batch>,
  search: OwnerSearch,
  { request, setting, report, signal }: Asking,
): AsyncGenerator<Batch, void, undefined> {
  let owners: OwnerJoin | undefined;
  for await (const batch of rows) {
    if (owners === undefined) {
      const { index } = await search.result;
      const leave = { signal, turn: setting.turn };
      owners = new OwnerJoin(index && findingOf(index), setting.processes, request.processFields, leave);
    }
    yield await owners.attach(batch);
  }
  const { ability, report: numbers } = await search.result;
  report.sources.owners = ability;
  report.owners = numbers;
  report.gaps.push(...(owners?.gaps ?? []));
}

/** As `searched`, by what is known, which is kept where the question comes to its end. */
async function* remembered(
  rows: AsyncIterable<Batch>,
  asking: Asking,
  lent: SearchLent,
  { memory, known }: { memory: OwnerMemory; known: KnownOwners },
): AsyncGenerator<Batch, void, undefined> {
  const kind = kindOf(asking.request);
  let isWhole = false;
  try {
    isWhole = known.isEmpty
      ? yield* learned(searched(rows, asking, lent, undefined), known, asking)
      : yield* recalled(rows, known, asking, lent);
  } finally {
    if (isWhole) memory.giveBack(kind, known);
    else memory.lose(kind);
  }
}

/** Passes rows on, and puts down what they teach when all of them are there. Returns whether that came to its end. */
async function* learned(
  rows: AsyncIterable<Batch>,
  known: KnownOwners,
  asking: Asking,
): AsyncGenerator<Batch, boolean, undefined> {
  const lesson = new Lesson();
  for await (const batch of rows) {
    await asking.setting.turn.taken();
    lesson.add(batch);
    yield batch;
  }
  if (!hasCookies(asking.report)) return false;
  try {
    await lesson.teach(known, asking);
    return true;
  } catch (error) {
    if (error === TIME_IS_UP) return false;
    throw error;
  }
}

/** Rows by what is known, or by a search where that is of no use. Returns whether what is known may be kept. */
async function* recalled(
  rows: AsyncIterable<Batch>,
  known: KnownOwners,
  asking: Asking,
  lent: SearchLent,
): AsyncGenerator<Batch, boolean, undefined> {
  const held = await collectBatches(rows, asking.request.maxBytes, 'scan');
  const isFew = wantsFew(asking.request);
  const found = hasCookies(asking.report) ? await recall(held, known, isFew, asking, lent) : undefined;
  if (found === undefined) {
    const wanted = isFew ? inodesOf(held) : undefined;
    yield* join(held, asking.setting.search({ holders: 'lowest', wanted }, lent), asking);
    return false;
  }
  for (const batch of held) yield await found.join.attach(batch);
  asking.report.gaps.push(...found.join.gaps);
  // What is known was not gone over to its end.
  if (!found.whole && found.join.gaps.every(({ reason }) => reason !== 'deadline')) {
    asking.report.gaps.push({ what: 'owners', reason: 'deadline' });
  }
  return found.whole;
}
