/**
 * What to wait for the next beat, in milliseconds: beats are at multiples of the period, however long what is done at each
 * takes, and those that would have come meanwhile are left out. A timer may end a little early: a beat that is less than a
 * tenth of the period away has been kept already. A departure. Seen: netstat begins a round a second after the end of the
 * one before, every 1.7 s for rounds that take 0.7 s.
 */
export function untilNextBeat(elapsed: number, period: number): number {
  const wait = period - (elapsed % period);
  return wait < period / 10 ? wait + period : wait;
}
