import type { Figure, Measurement, Outcome, Subject } from './contract.ts';
import { judge } from './goals.ts';
import type { FigureName, ScenarioResult, SubjectResult } from './result.ts';

/** What inside/timed.mjs prints, as far as it is a time: shown unasked. */
const TIMED = ['p50Ms', 'p99Ms', 'callCpuMs'];

/** An outcome as it is kept: all of it, by names. `run` is the run's index in the result. Throws where a goal's figure is missing. */
export function record(outcome: Outcome, quick: boolean, run = 0): ScenarioResult {
  const { scenario, sockets, runs: rounds, loads, disturbances } = outcome;
  const subjects = scenario.subjects.map((subject) => subjectResult(subject, outcome));
  for (const { of, to = of } of scenario.goals)
    for (const figure of [of, to]) requirePrinted(figure, outcome);
  return {
    run,
    name: scenario.name,
    title: scenario.title,
    sockets,
    rounds,
    rows: scenario.rows(sockets),
    loads,
    subjects,
    inside: insideOf(outcome),
    goals: scenario.goals.map((goal) => judge(goal, { sockets, subjects }, quick)),
    disturbances,
  };
}

/** Throws when a subject ran and did not print what a goal is judged by. */
function requirePrinted({ subject, figure }: Figure, { measurements }: Outcome): void {
  const printed = measurements.get(subject)?.every((measurement) => figure in measurement);
  if (printed === false) throw new Error(`${subject.name} printed no "${figure}"`);
}

function subjectResult(subject: Subject, { measurements, unseen, absent }: Outcome): SubjectResult {
  return {
    name: subject.name,
    yardstick: subject.yardstick === true,
    slow: subject.slow === true,
    unseen: unseen.includes(subject),
    absent: absent.get(subject) ?? null,
    figures: byFigure(measurements.get(subject) ?? []),
  };
}

/** Six digits are more than any clock here is worth. */
function byFigure(measurements: readonly Measurement[]): Record<string, number[]> {
  const figures = Object.keys(measurements[0] ?? {});
  return Object.fromEntries(
    figures.map((figure) => [figure, measurements.map((one) => Number(one[figure]!.toPrecision(6)))]),
  );
}

function insideOf({ scenario, measurements }: Outcome): FigureName[] {
  const wanted = scenario.inside
    .filter(({ subject }) => measurements.has(subject))
    .map(({ subject, figure }) => ({ subject: subject.name, figure }));
  const unasked = [...measurements].flatMap(([{ name: subject }, [first]]) =>
    TIMED.filter((figure) => figure in first!).map((figure) => ({ subject, figure })),
  );
  const isWanted = (one: FigureName): boolean =>
    wanted.some(({ subject, figure }) => subject === one.subject && figure === one.figure);
  return [...wanted, ...unasked.filter((one) => !isWanted(one))];
}
