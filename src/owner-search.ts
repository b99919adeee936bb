import { type Choice, nextAfter, unavailable, usedOf } from './choice.ts';
import { TIME_IS_UP } from './ending.ts';
import { isShortOfMeans, isUnavailable, type SockscopeError } from './errors.ts';
import type { OwnerContext, OwnerIndex, OwnerQuestion, OwnerScan } from './owners/owner-scan.ts';
import type { OwnerReport, SourceUsed } from './table/report.ts';

/** What an owner search has come to. */
export interface SearchResult {
  /** Undefined where the time was up before. */
  readonly index: OwnerIndex | undefined;
  readonly ability: SourceUsed;
  /** Undefined where the time was up before. */
  readonly report: OwnerReport | undefined;
}

/**
 * One search for the owners of sockets, begun at once: by the best scan that works here, or by the next one where that
 * has failed, and nobody has named it. Several scans of sockets may share one.
 */
export class OwnerSearch {
  /** Rejects with a SockscopeError, and with the reason of the signal, the deadline's apart. */
  readonly result: Promise<SearchResult>;
  /** The search by the numbers; undefined where the time was up before its end. Rejects as `result`. */
  readonly done: Promise<OwnerReport | undefined>;
  readonly #choose: () => Promise<Choice<OwnerScan>>;
  readonly #question: OwnerQuestion;
  readonly #context: OwnerContext;

  constructor(choose: () => Promise<Choice<OwnerScan>>, question: OwnerQuestion, context: OwnerContext) {
    this.#choose = choose;
    this.#question = question;
    this.#context = context;
    this.result = this.#run();
    this.done = this.result.then(({ report }) => report);
    // Whoever awaits them hears of a failure; nobody may, when the rows fail first.
    this.result.catch(() => {});
    this.done.catch(() => {});
  }

  async #run(): Promise<SearchResult> {
    const { signal } = this.#context;
    if (signal.aborted && signal.reason !== TIME_IS_UP) throw signal.reason;
    let choice = await this.#choose();
    for (;;) {
      const scan = choice.chosen;
      if (scan === undefined) throw unavailable('find owners', choice);
      try {
        return await this.#searchWith(scan, usedOf(choice));
      } catch (error) {
        const next = hasNoMeans(error) ? nextAfter(choice, error) : undefined;
        if (next === undefined) throw error;
        choice = next;
      }
    }
  }

  async #searchWith(scan: OwnerScan, ability: SourceUsed): Promise<SearchResult> {
    const start = performance.now();
    try {
      const index = await scan.scan(this.#question, this.#context);
      const milliseconds = performance.now() - start;
      return { index, ability, report: { source: scan.name, milliseconds, ...index.tally } };
    } catch (error) {
      if (error === TIME_IS_UP) return { index: undefined, ability, report: undefined };
      throw error;
    }
  }
}

/** Not what would be too large by any scan. */
function hasNoMeans(error: unknown): error is SockscopeError {
  return isUnavailable(error) || isShortOfMeans(error);
}
