import { getMaxListeners, setMaxListeners } from 'node:events';

/** What setTimeout takes at the most; a deadline beyond these 24 days is none. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Scans that may listen to one signal before Node warns of a leak; its default is ten. */
const MOST_LISTENERS = 10_000;

/** The reason of the abort at a deadline. */
export const TIME_IS_UP: unique symbol = Symbol('the deadline');

/**
 * What ends one scan before its time: any of several signals, or its deadline. Not AbortSignal.any, whose sources
 * remember every signal made from them: a host would grow with each scan.
 */
export class Ending {
  readonly #controller = new AbortController();
  readonly #releases: (() => void)[] = [];

  constructor(signals: readonly (AbortSignal | undefined)[], deadlineMs: number | undefined) {
    for (const signal of signals) {
      if (signal?.aborted) this.#controller.abort(signal.reason);
      else if (signal !== undefined) this.#listen(signal);
    }
    if (deadlineMs === undefined || deadlineMs > LONGEST_TIMER_MS) return;
    // What a scan waits for keeps the process alive; a deadline that nobody waits for need not.
    const timer = setTimeout(() => this.#controller.abort(TIME_IS_UP), deadlineMs).unref();
    this.#releases.push(() => clearTimeout(timer));
  }

  /** Aborted with the reason of the first signal that was, or with TIME_IS_UP. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Lets go of signals and timer. */
  release(): void {
    for (const release of this.#releases.splice(0)) release();
  }

  #listen(signal: AbortSignal): void {
    const onAbort = (): void => this.#controller.abort(signal.reason);
    allowListeners(signal);
    signal.addEventListener('abort', onAbort, { once: true });
    this.#releases.push(() => signal.removeEventListener('abort', onAbort));
  }
}

/** A signal that is not Node's own (of jsdom, of a polyfill) counts no listeners, and Node refuses to count them. */
function allowListeners(signal: AbortSignal): void {
  try {
    const most = getMaxListeners(signal);
    if (most !== 0 && most < MOST_LISTENERS) setMaxListeners(MOST_LISTENERS, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_INVALID_ARG_TYPE') throw error;
  }
}
