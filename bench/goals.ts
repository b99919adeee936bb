import type { Figure, Goal, Outcome } from './contract.ts';
import type { FigureName, GoalResult } from './result.ts';
import { median } from './statistics.ts';

/** What was reached of a goal. `quick`: one run at few sockets says nothing about it. */
export function judge(goal: Goal, outcome: Outcome, quick: boolean): GoalResult {
  const { what, of, to, atMost = null, atLeast = null, headline = false } = goal;
  const asked = { what, headline, of: nameOf(of), to: to === undefined ? null : nameOf(to), atMost, atLeast };
  const missing = [of, to].find((figure) => figure !== undefined && outcome.absent.has(figure.subject));
  if (missing !== undefined) {
    const because = outcome.absent.get(missing.subject)!;
    return { ...asked, reached: null, within: null, floor: null, verdict: 'not judged', because };
  }
  const reached = typical(goal, of, to, outcome);
  const because = quick ? '--quick' : otherSockets(goal, outcome);
  const met = reached <= (atMost ?? Infinity) && reached >= (atLeast ?? -Infinity);
  return {
    ...asked,
    reached,
    within: within(of, to, outcome),
    floor: floorOf(goal, outcome),
    verdict: because !== null ? 'not judged' : met ? 'met' : 'missed',
    because,
  };
}

/** All measurements of a figure, in the order of the rounds. Throws when the subject did not print it. */
export function values({ subject, figure }: Figure, { measurements }: Outcome): readonly number[] {
  return measurements.get(subject)!.map((measurement) => {
    const value = measurement[figure];
    if (value === undefined) throw new Error(`${subject.name} printed no "${figure}"`);
    return value;
  });
}

function nameOf({ subject, figure }: Figure): FigureName {
  return { subject: subject.name, figure };
}

function otherSockets({ sockets }: Goal, outcome: Outcome): string | null {
  if (sockets === undefined || sockets === outcome.sockets) return null;
  return `for ${sockets.toLocaleString('en')} sockets`;
}

function typical({ least }: Goal, of: Figure, to: Figure | undefined, outcome: Outcome): number {
  const middle = least === true ? (all: readonly number[]) => Math.min(...all) : median;
  return middle(values(of, outcome)) / (to === undefined ? 1 : middle(values(to, outcome)));
}

function floorOf(goal: Goal, outcome: Outcome): number | null {
  const { floor, floorTo = goal.to } = goal;
  if (floor === undefined || outcome.absent.has(floor.subject)) return null;
  return typical(goal, floor, floorTo, outcome);
}

function within(of: Figure, to: Figure | undefined, outcome: Outcome): readonly [number, number] | null {
  const above = values(of, outcome);
  const below = to === undefined ? above.map(() => 1) : values(to, outcome);
  if (above.length !== below.length || above.length === 1) return null;
  const rounds = above.map((value, round) => value / below[round]!);
  return [Math.min(...rounds), Math.max(...rounds)];
}
