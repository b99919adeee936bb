import { label, pairsOf } from './comparison.ts';
import type { Result, ScenarioResult } from './result.ts';

/** Something of a result that the other one does not have. */
export interface Unmatched {
  readonly only: 'first' | 'second';
  readonly what: string;
  /** Whether it is something of ours that went: it ran in the first, in a scenario that both have. */
  readonly isLoss: boolean;
}

/** Scenarios, and in those that both have subjects that ran and goals that were reached, of which only one result knows. */
export function unmatched(earlier: Result, later: Result): Unmatched[] {
  return [
    ...onlyIn('first', earlier, later, pairsOf(earlier, later).length === 0),
    ...onlyIn('second', later, earlier, false),
  ];
}

export function inWords({ only, what }: Unmatched): string {
  return `only in the ${only}: ${what}`;
}

/** `isAll`: no scenario is in both. */
function onlyIn(only: Unmatched['only'], mine: Result, others: Result, isAll: boolean): Unmatched[] {
  const known = others.scenarios.map(label);
  const scenarios = mine.scenarios
    .map(label)
    .filter((name) => !known.includes(name))
    .map((what) => ({ only, what, isLoss: isAll }));
  const within = pairsOf(mine, others).flatMap(([{ scenario }, other]) =>
    leftOver(scenario, other.scenario).map(({ what, isOurs }) => ({
      only,
      what: `${what}, ${label(scenario)}`,
      isLoss: isOurs && only === 'first',
    })),
  );
  return [...scenarios, ...within];
}

/** What ran in one, or was reached, and not in the other. */
function leftOver(one: ScenarioResult, other: ScenarioResult): { what: string; isOurs: boolean }[] {
  const [ran, known] = [ranIn(one), ranIn(other).map(({ name }) => name)];
  const reached = reachedIn(other);
  return [
    ...ran
      .filter(({ name }) => !known.includes(name))
      .map(({ name, yardstick }) => ({ what: name, isOurs: !yardstick })),
    ...reachedIn(one)
      .filter((what) => !reached.includes(what))
      .map((what) => ({ what: `goal: ${what}`, isOurs: false })),
  ];
}

function ranIn({ subjects }: ScenarioResult): ScenarioResult['subjects'] {
  return subjects.filter(({ absent, figures }) => absent === null && Object.keys(figures).length > 0);
}

function reachedIn({ goals }: ScenarioResult): string[] {
  return goals.filter(({ reached }) => reached !== null).map(({ what }) => what);
}
