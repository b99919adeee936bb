import type { Figure, Goal, Measurement, Scenario, Subject } from './contract.ts';
import { median, percentile } from './statistics.ts';

/** All runs of one scenario, in the order they were made. */
export interface Outcome {
  readonly scenario: Scenario;
  readonly sockets: number;
  readonly runs: number;
  readonly load: string;
  readonly measurements: ReadonlyMap<Subject, readonly Measurement[]>;
}

/** The outcome as Markdown. */
export function report(outcome: Outcome): string {
  const { scenario, sockets, runs, load } = outcome;
  return [
    `### ${sockets.toLocaleString('en')} ${scenario.title}, ${runs} ${runs === 1 ? 'run' : 'runs'} of each subject`,
    `Load: ${load}. Before the first run every subject listed the same ${scenario.rows(sockets).toLocaleString('en')} rows.`,
    table(
      ['Goal', 'reached (rounds)', 'floor', 'at most', ''],
      scenario.goals.map((goal) => goalRow(goal, outcome)),
    ),
    table(
      ['Whole process, wall ms', 'median', 'min', 'p99', 'max', 'CPU ms', 'RSS MiB'],
      scenario.subjects.map((subject) => processRow(subject, outcome)),
    ),
    table(
      ['Inside the process', 'figure', 'median', 'min', 'p99', 'max'],
      scenario.inside.map((figure) => insideRow(figure, outcome)),
    ),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** The ratio of the medians, and the least and greatest ratio within a round, as runs of a round share its weather. */
function goalRow(goal: Goal, outcome: Outcome): string[] {
  const of = values(goal.of, outcome);
  const to = goal.to === undefined ? undefined : values(goal.to, outcome);
  const divisor = to === undefined ? 1 : median(to);
  const reached = median(of) / divisor;
  const rounds = to === undefined ? of : of.map((value, round) => value / to[round]!);
  const spread = `${Math.min(...rounds).toFixed(2)} to ${Math.max(...rounds).toFixed(2)}`;
  return [
    goal.what,
    `**${reached.toFixed(2)}** (${spread})`,
    goal.floor === undefined ? '' : (median(values(goal.floor, outcome)) / divisor).toFixed(2),
    String(goal.atMost),
    reached <= goal.atMost ? 'met' : 'MISSED',
  ];
}

function processRow(subject: Subject, outcome: Outcome): string[] {
  const of = (figure: string): readonly number[] => values({ subject, figure }, outcome);
  return [
    subject.name,
    ...spread(of('wallMs')),
    median(of('cpuMs')).toFixed(0),
    median(of('rssMb')).toFixed(0),
  ];
}

function insideRow(figure: Figure, outcome: Outcome): string[] {
  return [figure.subject.name, figure.figure, ...spread(values(figure, outcome))];
}

function spread(numbers: readonly number[]): string[] {
  return [median(numbers), percentile(numbers, 0), percentile(numbers, 99), percentile(numbers, 100)].map(
    (value) => value.toFixed(value < 10 ? 2 : 1),
  );
}

function values({ subject, figure }: Figure, { measurements }: Outcome): readonly number[] {
  return measurements.get(subject)!.map((measurement) => {
    const value = measurement[figure];
    if (value === undefined) throw new Error(`${subject.name} printed no "${figure}"`);
    return value;
  });
}

function table(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const rule = heading.map((_, column) => (column === 0 ? '---' : '---:'));
  return [heading, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
