import type { ScenarioResult } from './result.ts';
import { median } from './statistics.ts';

/** Ratios of the medians, later by earlier, of what has not changed: programs that are not ours. */
export interface Weather {
  readonly low: number;
  readonly middle: number;
  readonly high: number;
}

const CALM: Weather = { low: 1, middle: 1, high: 1 };

/** What a figure of the yardsticks did from one result of a scenario to the other; calm where nothing tells. */
export function weatherOf(figure: string | undefined, one: ScenarioResult, other: ScenarioResult): Weather {
  const ratios = figure === undefined ? [] : ratiosOf(figure, one, other);
  if (ratios.length === 0) return CALM;
  return { low: Math.min(...ratios), middle: median(ratios), high: Math.max(...ratios) };
}

/** Of each yardstick that both have. */
function ratiosOf(figure: string, one: ScenarioResult, other: ScenarioResult): number[] {
  return one.subjects.flatMap(({ name, yardstick, figures }) => {
    const earlier = figures[figure];
    const later = other.subjects.find((subject) => subject.name === name)?.figures[figure];
    return yardstick && earlier !== undefined && later !== undefined ? [median(later) / median(earlier)] : [];
  });
}
