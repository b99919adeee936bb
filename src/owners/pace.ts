import { nextTurn, type Turn } from '../turn.ts';

/** Units of work between two looks at the clock: a descriptor is one, some 3 µs. */
const PIECE = 100;

/** What work on the event loop has to respect. */
export interface Leave {
  readonly signal: AbortSignal;
  readonly turn: Turn;
}

/** Cuts work on the event loop into pieces: `if (pace.due()) await pace.next();` */
export class Pace {
  readonly #leave: Leave;
  #done = 0;

  constructor(leave: Leave) {
    this.#leave = leave;
  }

  /** Counts `units` of work; true when it is time for `next`. */
  due(units = 1): boolean {
    this.#done += units;
    return this.#done >= PIECE;
  }

  /** Waits until the event loop has time. Throws the signal's reason when it is aborted. */
  async next(): Promise<void> {
    this.#done = 0;
    // Others have one round without this work: whoever asks first takes the whole of it.
    await nextTurn();
    await this.#leave.turn.taken();
    this.#leave.signal.throwIfAborted();
  }
}
