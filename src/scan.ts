import { type Choice, nextAfter, unavailable, usedOf } from './choice.ts';
import { Ending, TIME_IS_UP } from './ending.ts';
import { isShortOfMeans, type SockscopeError } from './errors.ts';
import type { OwnerSearch } from './owner-search.ts';
import type { Asking, OwnerSetting } from './owner-setting.ts';
import type { Priority } from './priority.ts';
import type { SettledRequest } from './request/request.ts';
import type { FamilyName } from './socket/family.ts';
import type { ProtocolName } from './socket/protocol.ts';
import { newTally, type Source } from './source/source.ts';
import type { Batch } from './table/batch.ts';
import type { RunningReport } from './table/report.ts';
import { nextTurn } from './turn.ts';
import { withOwners } from './with-owners.ts';

/** What the pipeline is lent. */
export interface Setting extends OwnerSetting {
  choose(protocol: ProtocolName): Promise<Choice<Source>>;
  /** Ends every scan of a host that is closed. */
  readonly closing: AbortSignal;
  readonly threads: 1 | 2;
  /** As `threads`, of a dump that an owner scan runs beside. */
  readonly threadsBesideWalk: 1 | 2;
  readonly priority?: Priority | undefined;
}

/**
 * The pipeline, top to bottom: for each protocol a source, from the source batches, and what the answer lacks into the
 * report. Leaving the loop ends the scan. Throws the caller's abort reason, and SockscopeErrors.
 */
export async function* readBatches(
  request: SettledRequest,
  setting: Setting,
  report: RunningReport,
  search?: OwnerSearch,
): AsyncGenerator<Batch, void, undefined> {
  const ending = new Ending([setting.closing, request.signal], request.deadlineMs);
  try {
    const { signal } = ending;
    const readings = await chooseReadings(request, setting, report);
    const rows = readAll(readings, { request, setting, report, signal });
    yield* request.owners === 'none' ? rows : withOwners(rows, { request, setting, report, signal }, search);
    report.ended = true;
  } finally {
    ending.release();
  }
}

/** A request that is being answered. */
interface Question extends Asking {
  readonly setting: Setting;
}

async function* readAll(
  readings: readonly Reading[],
  question: Question,
): AsyncGenerator<Batch, void, undefined> {
  for (const reading of readings) yield* readProtocol(reading, question);
}

/** One protocol, and what it is read from. */
interface Reading {
  readonly choice: Choice<Source>;
  readonly source: Source;
  readonly protocol: ProtocolName;
  readonly families: readonly FamilyName[];
}

/** Before anything is read: a protocol that was asked for by name and that nothing can read is an error. */
async function chooseReadings(
  request: SettledRequest,
  setting: Setting,
  report: RunningReport,
): Promise<Reading[]> {
  const readings: Reading[] = [];
  const unreadable: SockscopeError[] = [];
  for (const protocol of request.protocols) {
    const families = familiesOf(protocol, request.families);
    if (families.length === 0) continue;
    const choice = await setting.choose(protocol);
    report.sources[protocol] = usedOf(choice);
    if (choice.chosen !== undefined) {
      readings.push({ choice, source: choice.chosen, protocol, families });
      continue;
    }
    const error = unavailable(`read ${protocol}`, choice);
    if (request.named) throw error;
    unreadable.push(error);
    if (!choice.absent) report.gaps.push({ what: protocol, reason: 'unavailable', detail: error.message });
  }
  if (readings.length === 0 && unreadable[0] !== undefined) throw unreadable[0];
  return readings;
}

async function* readProtocol(reading: Reading, question: Question): AsyncGenerator<Batch, void, undefined> {
  const { request, setting, report, signal } = question;
  const { source, protocol, families } = reading;
  const { states, columns, bytecode, anyOrder, maxBytes } = request;
  const tally = newTally();
  const start = performance.now();
  let next: Reading | undefined;
  try {
    signal.throwIfAborted();
    const threads = request.owners === 'none' ? setting.threads : setting.threadsBesideWalk;
    const { priority, turn } = setting;
    const context = { signal, threads, priority, maxBytes, tally, turn };
    yield* source.read({ protocol, families, states, columns, bytecode, anyOrder }, context);
  } catch (error) {
    next = tally.rows === 0 ? standIn(reading, error) : undefined;
    if (next !== undefined) report.sources[protocol] = usedOf(next.choice);
    else if (error === TIME_IS_UP) report.gaps.push({ what: protocol, reason: 'deadline' });
    else throw error;
  } finally {
    const milliseconds = performance.now() - start;
    const { passedOver, ...told } = tally;
    if (next === undefined)
      report.add({ protocol, milliseconds, ...told, source: tally.source ?? source.name }, passedOver);
  }
  if (next === undefined) return;
  // What the first one held is let go of in the rounds after its end.
  await nextTurn();
  await nextTurn();
  yield* readProtocol(next, question);
}

/**
 * The next source, where the best one was there when it was asked and then had no means (descriptors, threads) to give a
 * first row. None where the caller has named the source.
 */
function standIn(reading: Reading, error: unknown): Reading | undefined {
  if (!isShortOfMeans(error)) return undefined;
  const choice = nextAfter(reading.choice, error);
  return choice?.chosen && { ...reading, source: choice.chosen, choice };
}

/** Unix sockets have the one family, every other protocol the two of the internet. */
function familiesOf(protocol: ProtocolName, families: readonly FamilyName[]): readonly FamilyName[] {
  return families.filter((family) => (family === 'unix') === (protocol === 'unix'));
}
