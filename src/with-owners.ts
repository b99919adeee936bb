import { Ending } from './ending.ts';
import type { OwnerSearch } from './owner-search.ts';
import type { Asking } from './owner-setting.ts';
import { findingOf, inodesOf, OwnerJoin } from './owners/owner-join.ts';
import { kindOf, recall, remember } from './recall-owners.ts';
import type { SettledRequest } from './request/request.ts';
import { State } from './socket/state.ts';
import type { Batch } from './table/batch.ts';
import { collectBatches } from './table/collect.ts';
import { readAhead } from './table/read-ahead.ts';

/**
 * The rows with their owners. A question that wants few of the sockets reads them first and then looks for the owners of
 * those; any other does both at once, and no row comes before both have come so far. A host that remembers owners looks
 * for the others alone. `shared`: a search to go by, whatever is remembered.
 */
export async function* withOwners(
  rows: AsyncIterable<Batch>,
  asking: Asking,
  shared: OwnerSearch | undefined,
): AsyncGenerator<Batch, void, undefined> {
  const { request, setting, signal } = asking;
  const leaving = new AbortController();
  const ending = new Ending([signal, leaving.signal], undefined);
  const lent = { signal: ending.signal, maxBytes: request.maxBytes };
  const memory = shared === undefined && mayRemember(request) ? setting.memory : undefined;
  const known = memory?.take(kindOf(request));
  try {
    if (known === undefined) yield* searched(rows, asking, lent, shared);
    else if (known.isEmpty) yield* remember(searched(rows, asking, lent, undefined), known, asking);
    else yield* recall(rows, known, asking, lent);
  } finally {
    if (known !== undefined) memory?.giveBack(known);
    leaving.abort();
    ending.release();
  }
}

/** Of all holders of a socket a new one cannot be noticed but by looking everywhere. */
function mayRemember(request: SettledRequest): boolean {
  return request.remember && request.owners === 'lowest' && !wantsFew(request);
}

/** Most sockets of a busy host are established: without those it is a narrow question. */
function wantsFew({ states, bytecode }: SettledRequest): boolean {
  return (states & (1 << State.established)) === 0 || bytecode !== undefined;
}

async function* searched(
  rows: AsyncIterable<Batch>,
  asking: Asking,
  lent: { signal: AbortSignal; maxBytes: number },
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
