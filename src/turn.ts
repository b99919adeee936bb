/** Milliseconds of work on the event loop after which others get their turn: a piece of work may take as long again. */
export const TURN_MS = 1;

/** Lets the event loop go round once. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/**
 * The time that all scans of a host together take of one round of the event loop. It begins when the first of them asks,
 * and anew in the next round; who comes when it is over waits, first come first served.
 */
export class Turn {
  #end: number | undefined;

  /** Waits until there is time left: to be asked before every piece of work of more than some microseconds. */
  async taken(): Promise<void> {
    while (this.#isOver()) await nextTurn();
  }

  #isOver(): boolean {
    const now = performance.now();
    if (this.#end !== undefined) return now >= this.#end;
    this.#end = now + TURN_MS;
    setImmediate(() => {
      this.#end = undefined;
    });
    return false;
  }
}
