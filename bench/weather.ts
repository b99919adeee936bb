import type { Machine } from './machine.ts';
import { type Interval, ratioInterval } from './rank-interval.ts';
import type { ScenarioResult, SubjectResult } from './result.ts';
import { median } from './statistics.ts';

/**
 * What has not changed did from one result to the other: programs that are not ours. `middle` is the median of their ratios,
 * `low` and `high` are the medians of the ends of their intervals: one yardstick that is noisy or has changed by itself
 * hides nothing of ours.
 */
export interface Weather {
  readonly low: number;
  readonly middle: number;
  readonly high: number;
}

/** A scenario, and the machine that its figures are of. */
export interface Measured {
  readonly scenario: ScenarioResult;
  readonly machine: Machine;
}

/** Fewer runs tell nothing. */
const LEAST_RUNS = 5;
const CALM: Weather = { low: 1, middle: 1, high: 1 };

/** What a figure of the yardsticks did from one result of a scenario to the other; calm where nothing tells. */
export function weatherOf(figure: string | undefined, one: Measured, other: Measured): Weather {
  const seen = figure === undefined ? [] : ratiosOf(figure, one, other);
  if (seen.length === 0) return CALM;
  return {
    low: median(seen.map(({ low }) => low)),
    middle: median(seen.map(({ ratio }) => ratio)),
    high: median(seen.map(({ high }) => high)),
  };
}

/** Of each yardstick that both have run often enough, in the same version. */
function ratiosOf(figure: string, one: Measured, other: Measured): (Interval & { readonly ratio: number })[] {
  return one.scenario.subjects.filter(isYardstick).flatMap(({ name, figures }) => {
    const twin = other.scenario.subjects.find((subject) => subject.name === name);
    const [earlier, later] = [figures[figure], twin?.figures[figure]];
    if (earlier === undefined || later === undefined || !isSameVersion(name, one, other)) return [];
    if (Math.min(earlier.length, later.length) < LEAST_RUNS) return [];
    const interval = ratioInterval(earlier, later);
    return interval === undefined ? [] : [{ ...interval, ratio: median(later) / median(earlier) }];
  });
}

function isYardstick({ yardstick }: SubjectResult): boolean {
  return yardstick;
}

/** Of the program that a subject is named after; what is compiled here has no version. */
function isSameVersion(subject: string, one: Measured, other: Measured): boolean {
  const [earlier, later] = [one.machine.programs, other.machine.programs];
  const programs = Object.keys({ ...earlier, ...later });
  return programs
    .filter((program) => subject.split(/[^\w-]/).includes(program))
    .every((program) => earlier[program] === later[program]);
}
