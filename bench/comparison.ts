import { type Interval, ratioInterval } from './rank-interval.ts';
import type { GoalResult, Result, ScenarioResult, SubjectResult } from './result.ts';
import { subjectNamed } from './result.ts';
import { median } from './statistics.ts';
import { type Measured, type Weather, weatherOf } from './weather.ts';

/** One figure of both results. */
export interface Change {
  readonly scenario: string;
  readonly sockets: number;
  /** A subject, or a goal: the ratio of two subjects within each round, in which the weather cancels out. */
  readonly name: string;
  readonly figure: string;
  readonly yardstick: boolean;
  readonly earlier: readonly number[];
  readonly later: readonly number[];
  /** Of the medians, later by earlier; NaN where that says nothing. */
  readonly ratio: number;
  /** What the noise of both allows the ratio to be, undefined where that cannot be told. */
  readonly within: readonly [number, number] | undefined;
  /** What the same figure of what is not ours did meanwhile. */
  readonly weather: Weather;
  readonly verdict: Verdict;
}

export type Verdict =
  | 'faster'
  | 'slower'
  | 'less'
  | 'more'
  | 'weather'
  | 'no difference'
  | 'too few runs'
  | 'no ratio';

/** What is no cost of the subject's, or another figure divided by what is the same in both results. */
const NOT_COMPARED = new Set([
  'rows',
  'calls',
  'bytes',
  'turns',
  'noiseMs',
  'wallUsPerSocket',
  'scanUsPerSocket',
]);

/** Every figure that both results have, scenario by scenario. */
export function changesBetween(earlier: Result, later: Result): Change[] {
  return pairsOf(earlier, later).flatMap(([one, other]) => [
    ...one.scenario.goals.flatMap((goal) => goalChange(goal, one, other)),
    ...one.scenario.subjects.flatMap((subject) => subjectChanges(subject, one, other)),
  ]);
}

/** Whether something of ours is worse by more than that ratio, beyond the noise of both and beyond the weather. */
export function isWorseThan(ratio: number, change: Change): boolean {
  return !change.yardstick && isWorse(change) && change.ratio > ratio * change.weather.middle;
}

export function differs({ verdict }: Change): boolean {
  return verdict === 'faster' || verdict === 'slower' || verdict === 'less' || verdict === 'more';
}

/** Why no figure of ours tells whether it is worse, in words; undefined where one does. */
export function whyNothingJudged(changes: readonly Change[]): string | undefined {
  const verdicts = changes.filter(({ yardstick }) => !yardstick).map(({ verdict }) => verdict);
  if (verdicts.length === 0) return 'both results have no figure of ours in common';
  if (verdicts.some((verdict) => verdict !== 'too few runs' && verdict !== 'no ratio')) return undefined;
  return verdicts.includes('too few runs')
    ? 'too few runs, five in both results are enough'
    : 'none has a ratio, for some are zero';
}

function isWorse({ verdict }: Change): boolean {
  return verdict === 'slower' || verdict === 'more';
}

/** The scenarios that both have at the same number of sockets. */
export function pairsOf(earlier: Result, later: Result): [Measured, Measured][] {
  return earlier.scenarios.flatMap((one) => {
    const other = later.scenarios.find((found) => label(found) === label(one));
    return other === undefined ? [] : [[measuredOf(one, earlier), measuredOf(other, later)]];
  });
}

export function label({ name, sockets }: ScenarioResult): string {
  return `${name} at ${sockets.toLocaleString('en')}`;
}

function measuredOf(scenario: ScenarioResult, { runs }: Result): Measured {
  return { scenario, machine: runs[scenario.run]!.machine };
}

function subjectChanges(subject: SubjectResult, one: Measured, other: Measured): Change[] {
  const twin = other.scenario.subjects.find(({ name }) => name === subject.name);
  return Object.entries(subject.figures)
    .filter(([figure]) => !NOT_COMPARED.has(figure) && twin?.figures[figure] !== undefined)
    .map(([figure, values]) => change(one, other, subject, figure, values, twin!.figures[figure]!));
}

/** Only where less is better: a goal that others are slower is the same ratio upside down. */
function goalChange(goal: GoalResult, one: Measured, other: Measured): Change[] {
  const twin = other.scenario.goals.find(({ what }) => what === goal.what);
  const [earlier, later] = [ratiosOf(goal, one.scenario), twin && ratiosOf(twin, other.scenario)];
  if (goal.atMost === null || earlier === undefined || later === undefined) return [];
  return [change(one, other, { name: goal.what, yardstick: false }, 'ratio', earlier, later)];
}

function ratiosOf({ of, to, reached }: GoalResult, scenario: ScenarioResult): number[] | undefined {
  if (to === null || reached === null) return undefined;
  const above = subjectNamed(scenario, of.subject).figures[of.figure]!;
  const below = subjectNamed(scenario, to.subject).figures[to.figure]!;
  return above.length === below.length ? above.map((value, round) => value / below[round]!) : undefined;
}

function change(
  one: Measured,
  other: Measured,
  { name, yardstick }: Pick<SubjectResult, 'name' | 'yardstick'>,
  figure: string,
  earlier: readonly number[],
  later: readonly number[],
): Change {
  const interval = ratioInterval(earlier, later);
  const isRatio = [...earlier, ...later].every((value) => value > 0);
  const weather = weatherOf(yardstick ? undefined : weatherFigure(figure), one, other);
  return {
    ...{
      scenario: one.scenario.name,
      sockets: one.scenario.sockets,
      name,
      figure,
      yardstick,
      earlier,
      later,
    },
    ratio: isRatio ? median(later) / median(earlier) : Number.NaN,
    within: interval && [interval.low, interval.high],
    weather,
    verdict: !isRatio
      ? 'no ratio'
      : interval === undefined
        ? 'too few runs'
        : verdictOf(interval, weather, figure),
  };
}

/** Ours has changed where the interval leaves out 1, and what the weather did to others. */
function verdictOf({ low, high }: Interval, weather: Weather, figure: string): Verdict {
  if (low <= 1 && high >= 1) return 'no difference';
  if (high < Math.min(1, weather.low)) return isTime(figure) ? 'faster' : 'less';
  if (low > Math.max(1, weather.high)) return isTime(figure) ? 'slower' : 'more';
  return 'weather';
}

/** CPU time and clock time have weathers of their own, memory and ratios have none. */
function weatherFigure(figure: string): string | undefined {
  if (!isTime(figure)) return undefined;
  return /cpu/i.test(figure) ? 'cpuMs' : 'wallMs';
}

function isTime(figure: string): boolean {
  return /^ms$|(?:Ms|Us|Ns)(?:Per\w+)?$/.test(figure);
}
