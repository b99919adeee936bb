/** Milliseconds of work on the event loop after which others get their turn. */
export const TURN_MS = 2;

/** Lets the event loop go round once. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
