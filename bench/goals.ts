import type { Figure, Goal, Scenario } from './contract.ts';
import type { FigureName, GoalResult, Result, ScenarioResult } from './result.ts';
import { median } from './statistics.ts';

/** What a goal is judged by. */
type Measured = Pick<ScenarioResult, 'sockets' | 'subjects'>;

/** What was reached of a goal. `quick`: one run at few sockets says nothing about it. */
export function judge(goal: Goal, measured: Measured, quick: boolean): GoalResult {
  const { what, of, to, atMost = null, atLeast = null, headline = false } = goal;
  const asked = { what, headline, of: nameOf(of), to: to === undefined ? null : nameOf(to), atMost, atLeast };
  const lacking = lackOf(of, measured) ?? (to && lackOf(to, measured));
  if (lacking !== undefined) {
    return { ...asked, reached: null, within: null, floor: null, verdict: 'not judged', because: lacking };
  }
  const reached = typical(goal, of, to, measured);
  const because = quick ? '--quick' : otherSockets(goal, measured);
  const met = reached <= (atMost ?? Infinity) && reached >= (atLeast ?? -Infinity);
  return {
    ...asked,
    reached,
    within: within(of, to, measured),
    floor: floorOf(goal, measured),
    verdict: because !== null ? 'not judged' : met ? 'met' : 'missed',
    because,
  };
}

/** Its figures judged by the goals that there are now; of a scenario that is gone nothing changes. */
export function judgedAnew(result: Result, scenarios: readonly Scenario[]): Result {
  const judged = (one: ScenarioResult): ScenarioResult => {
    const known = scenarios.find(({ name }) => name === one.name);
    const { quick } = result.runs[one.run]!.options;
    return known === undefined ? one : { ...one, goals: known.goals.map((goal) => judge(goal, one, quick)) };
  };
  return { ...result, scenarios: result.scenarios.map(judged) };
}

function nameOf({ subject, figure }: Figure): FigureName {
  return { subject: subject.name, figure };
}

/** Why there is nothing of a figure, in words; undefined where there is. */
function lackOf({ subject, figure }: Figure, { subjects }: Measured): string | undefined {
  const found = subjects.find(({ name }) => name === subject.name);
  if (found === undefined) return `not measured: ${subject.name}`;
  if (found.absent !== null) return found.absent;
  return found.figures[figure] === undefined ? `not measured: ${figure} of ${subject.name}` : undefined;
}

/** In the order of the rounds. */
function valuesOf({ subject, figure }: Figure, { subjects }: Measured): readonly number[] {
  return subjects.find(({ name }) => name === subject.name)!.figures[figure]!;
}

function otherSockets({ sockets }: Goal, measured: Measured): string | null {
  if (sockets === undefined || sockets === measured.sockets) return null;
  return `for ${sockets.toLocaleString('en')} sockets`;
}

function typical({ least }: Goal, of: Figure, to: Figure | undefined, measured: Measured): number {
  const middle = least === true ? (all: readonly number[]) => Math.min(...all) : median;
  return middle(valuesOf(of, measured)) / (to === undefined ? 1 : middle(valuesOf(to, measured)));
}

function floorOf(goal: Goal, measured: Measured): number | null {
  const { floor, floorTo = goal.to } = goal;
  if (floor === undefined || lackOf(floor, measured) !== undefined) return null;
  if (floorTo !== undefined && lackOf(floorTo, measured) !== undefined) return null;
  return typical(goal, floor, floorTo, measured);
}

function within(of: Figure, to: Figure | undefined, measured: Measured): readonly [number, number] | null {
  const above = valuesOf(of, measured);
  const below = to === undefined ? above.map(() => 1) : valuesOf(to, measured);
  if (above.length !== below.length || above.length === 1) return null;
  const rounds = above.map((value, round) => value / below[round]!);
  return [Math.min(...rounds), Math.max(...rounds)];
}
