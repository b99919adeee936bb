import { SockscopeError } from './errors.ts';
import type { Question } from './request/request.ts';
import type { FamilyName } from './socket/family.ts';
import type { ProtocolName } from './socket/protocol.ts';
import { abilityOf, type Choice, unavailable } from './source/choice.ts';
import { type DumpTally, newTally, type Source } from './source/source.ts';
import type { Batch } from './table/batch.ts';
import type { ScanReport } from './table/report.ts';

/** What the pipeline is lent. */
export interface Setting {
  choose(protocol: ProtocolName): Promise<Choice>;
  /** Ends every scan of a host that is closed. */
  readonly closing: AbortSignal;
  readonly threads: 1 | 2;
}

/** What setTimeout takes at the most; a deadline beyond these 24 days is none. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

const timeIsUp: unique symbol = Symbol('the deadline');

/**
 * The pipeline, top to bottom: for each protocol a source, from the source batches, and what the answer lacks into the
 * report. Leaving the loop ends the scan. Throws the caller's abort reason, and SockscopeErrors.
 */
export async function* readBatches(
  question: Question,
  setting: Setting,
  report: ScanReport,
): AsyncGenerator<Batch, void, undefined> {
  const deadline = startDeadline(question.deadlineMs);
  const signals = [setting.closing, deadline.signal, question.signal].filter(
    (signal) => signal !== undefined,
  );
  const signal = AbortSignal.any(signals);
  const unreadable: SockscopeError[] = [];
  try {
    for (const protocol of question.protocols) {
      const families = familiesOf(protocol, question.families);
      if (families.length === 0) continue;
      const choice = await setting.choose(protocol);
      report.sources[protocol] = abilityOf(choice);
      if (choice.source !== undefined) {
        yield* readProtocol(choice.source, protocol, families, { question, signal, setting, report });
      } else if (question.named) {
        throw unavailable(protocol, choice);
      } else {
        unreadable.push(unavailable(protocol, choice));
        if (!choice.absent)
          report.gaps.push({ what: protocol, reason: 'unavailable', detail: unreadable.at(-1)!.message });
      }
    }
    if (report.dumps.length === 0 && unreadable[0] !== undefined) throw unreadable[0];
  } finally {
    deadline.stop();
  }
}

interface Reading {
  readonly question: Question;
  readonly signal: AbortSignal;
  readonly setting: Setting;
  readonly report: ScanReport;
}

async function* readProtocol(
  source: Source,
  protocol: ProtocolName,
  families: readonly FamilyName[],
  { question, signal, setting, report }: Reading,
): AsyncGenerator<Batch, void, undefined> {
  const { states, columns, maxBytes } = question;
  const tally = newTally();
  const start = performance.now();
  try {
    signal.throwIfAborted();
    yield* source.read(
      { protocol, families, states, columns },
      { signal, threads: setting.threads, maxBytes, tally },
    );
  } catch (error) {
    if (error !== timeIsUp) throw error;
    report.gaps.push({ what: protocol, reason: 'deadline' });
  } finally {
    report.add(dumpReport(protocol, source, tally, performance.now() - start));
  }
}

/** All batches of a question, held at once; more bytes than the question allows are an ERR_TOO_LARGE. */
export async function collect(batches: AsyncIterable<Batch>, maxBytes: number): Promise<Batch[]> {
  const held: Batch[] = [];
  let bytes = 0;
  for await (const batch of batches) {
    bytes += batch.buffer.byteLength;
    if (bytes > maxBytes) {
      throw new SockscopeError('ERR_TOO_LARGE', `the table takes more than ${maxBytes} bytes`, {
        operation: 'scan',
        remedy: 'raise maxBytes, ask for fewer columns or sockets, or read batches() as they come',
      });
    }
    if (batch.length > 0) held.push(batch);
  }
  return held;
}

/** Unix sockets have the one family, every other protocol the two of the internet. */
function familiesOf(protocol: ProtocolName, families: readonly FamilyName[]): readonly FamilyName[] {
  return families.filter((family) => (family === 'unix') === (protocol === 'unix'));
}

function dumpReport(
  protocol: ProtocolName,
  source: Source,
  tally: DumpTally,
  milliseconds: number,
): ScanReport['dumps'][number] {
  return { protocol, source: source.name, milliseconds, ...tally };
}

function startDeadline(milliseconds: number | undefined): { signal: AbortSignal | undefined; stop(): void } {
  if (milliseconds === undefined || milliseconds > LONGEST_TIMER_MS) return { signal: undefined, stop() {} };
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(timeIsUp), milliseconds);
  return { signal: controller.signal, stop: () => clearTimeout(timer) };
}
