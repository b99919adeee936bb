import type { ScenarioResult } from '../result.ts';
import { median } from '../statistics.ts';

/** Fewer sizes are no curve. */
const LEAST_SIZES = 3;

/** Time over number of sockets, a line per subject. */
export interface Curve {
  readonly name: string;
  readonly title: string;
  readonly lines: readonly Line[];
}

export interface Line {
  readonly name: string;
  /** Whether it is not ours: drawn thinner. */
  readonly yardstick: boolean;
  /** By rising number of sockets; at least one. */
  readonly points: readonly Point[];
}

export interface Point {
  readonly sockets: number;
  /** Median of the whole process. */
  readonly seconds: number;
}

/** The curve of results of one scenario; undefined where there are too few numbers of sockets for one, or nothing ran. */
export function curveOf(sizes: readonly ScenarioResult[]): Curve | undefined {
  const rising = [...sizes].sort((a, b) => a.sockets - b.sockets);
  const last = rising.at(-1);
  if (last === undefined || rising.length < LEAST_SIZES) return undefined;
  const names = [...new Set(rising.flatMap(({ subjects }) => subjects.map(({ name }) => name)))];
  const lines = names.map((name) => lineOf(name, rising)).filter(({ points }) => points.length > 0);
  if (lines.length === 0) return undefined;
  return { name: last.name, title: last.title, lines };
}

function lineOf(name: string, rising: readonly ScenarioResult[]): Line {
  const found = rising.flatMap(({ sockets, subjects }) =>
    subjects.filter((subject) => subject.name === name).map((subject) => ({ sockets, subject })),
  );
  const points = found
    .filter(({ subject }) => subject.absent === null)
    .map(({ sockets, subject }) => ({ sockets, seconds: median(subject.figures.wallMs!) / 1e3 }));
  return { name, yardstick: found.some(({ subject }) => subject.yardstick), points };
}
