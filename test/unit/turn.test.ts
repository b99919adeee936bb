import { describe, expect, it } from 'vitest';
import { nextTurn, TURN_MS, Turn } from '../../src/turn.ts';

/** Holds the event loop as work would. */
function work(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

/** How often the event loop has gone round so far. */
function countRounds(): { readonly rounds: number; stop(): void } {
  const counter = { rounds: 0, stop: () => clearImmediate(immediate) };
  let immediate = setImmediate(function round() {
    counter.rounds++;
    immediate = setImmediate(round);
  });
  return counter;
}

describe('a turn', () => {
  it('is there while time is left', async () => {
    const counter = countRounds();
    const turn = new Turn();
    for (let time = 0; time < 100; time++) await turn.taken();
    expect(counter.rounds).toBe(0);
    counter.stop();
  });

  it('is shared: of many who work, one goes on in each round', async () => {
    const counter = countRounds();
    const turn = new Turn();
    const workers = 5;
    const pieces = 3;
    await Promise.all(
      Array.from({ length: workers }, async () => {
        for (let piece = 0; piece < pieces; piece++) {
          await turn.taken();
          work(TURN_MS);
        }
      }),
    );
    // All of them ask for their first piece at once, before any has worked.
    expect(counter.rounds).toBeGreaterThanOrEqual(workers * (pieces - 1));
    counter.stop();
  });

  it('begins anew in the next round', async () => {
    const turn = new Turn();
    await turn.taken();
    work(TURN_MS);
    await nextTurn();
    const counter = countRounds();
    await turn.taken();
    expect(counter.rounds).toBe(0);
    counter.stop();
  });
});
