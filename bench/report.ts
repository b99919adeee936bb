import type { Figure, Goal, Measurement, Outcome, Subject } from './contract.ts';
import { median, percentile } from './statistics.ts';

/** The outcome as Markdown. */
export function report(outcome: Outcome): string {
  const { scenario, sockets, runs, loads } = outcome;
  return [
    `### ${sockets.toLocaleString('en')} ${scenario.title}, ${counted(runs, 'run')} of each subject`,
    `Scenario \`${scenario.name}\`. Load: ${loads.join('; ')}. ${sameRows(outcome)}`,
    table(
      ['Goal', 'reached (rounds)', 'floor', 'goal', ''],
      scenario.goals.map((goal) => goalRow(goal, outcome)),
    ),
    table(
      ['Whole process, wall ms', 'median', 'min', 'p99', 'max', 'CPU ms', 'RSS MB'],
      scenario.subjects.map((subject) => processRow(subject, outcome)),
    ),
    table(
      ['Inside the process', 'figure', 'median', 'min', 'p99', 'max'],
      scenario.inside
        .filter(({ subject }) => outcome.measurements.has(subject))
        .map((figure) => insideRow(figure, outcome)),
    ),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function sameRows({ scenario, sockets, unseen }: Outcome): string {
  const rows = scenario.rows(sockets).toLocaleString('en');
  const names = unseen.map(({ name }) => `\`${name}\``).join(' and ');
  const but = unseen.length === 0 ? '' : `; the rows of ${names} are compared at fewer sockets only`;
  return `Before the first run every subject listed the same ${rows} rows${but}.`;
}

/** The ratio of the medians (where the goal says so, of the least), and the least and greatest ratio within a round, as runs of a round share its weather. */
function goalRow(goal: Goal, outcome: Outcome): string[] {
  const bound = goal.atMost === undefined ? `≥ ${goal.atLeast}` : `≤ ${goal.atMost}`;
  const missing = [goal.of, goal.to].find((figure) => figure && outcome.absent.has(figure.subject));
  if (missing !== undefined) return [goal.what, '', '', bound, outcome.absent.get(missing.subject)!];
  const of = values(goal.of, outcome);
  const to = goal.to === undefined ? of.map(() => 1) : values(goal.to, outcome);
  const typical = goal.least ? (all: readonly number[]) => Math.min(...all) : median;
  const reached = typical(of) / typical(to);
  return [
    goal.what,
    `**${reached.toFixed(2)}** (${roundsOf(of, to)})`,
    floorOf(goal, outcome),
    bound,
    verdict(goal, reached, outcome),
  ];
}

/** Figures of one round belong together where both subjects ran in every round. */
function roundsOf(of: readonly number[], to: readonly number[]): string {
  if (of.length === 1 || of.length !== to.length) return counted(Math.min(of.length, to.length), 'run');
  const rounds = of.map((value, round) => value / to[round]!);
  return `${Math.min(...rounds).toFixed(2)} to ${Math.max(...rounds).toFixed(2)}`;
}

function floorOf({ to, floor, floorTo = to, least }: Goal, outcome: Outcome): string {
  if (floor === undefined || outcome.absent.has(floor.subject)) return '';
  const divisor = floorTo === undefined ? 1 : median(values(floorTo, outcome));
  const of = values(floor, outcome);
  return ((least ? Math.min(...of) : median(of)) / divisor).toFixed(2);
}

function verdict({ atMost, atLeast, sockets }: Goal, reached: number, outcome: Outcome): string {
  if (sockets !== undefined && sockets !== outcome.sockets) return `for ${sockets.toLocaleString('en')}`;
  return reached <= (atMost ?? Infinity) && reached >= (atLeast ?? -Infinity) ? 'met' : 'MISSED';
}

function processRow(subject: Subject, outcome: Outcome): string[] {
  const reason = outcome.absent.get(subject);
  if (reason !== undefined) return [subject.name, reason, '', '', '', '', ''];
  const of = (figure: string): readonly number[] => values({ subject, figure }, outcome);
  const name = subject.slow === true ? `${subject.name} (1 run)` : subject.name;
  return [name, ...spread(of('wallMs')), median(of('cpuMs')).toFixed(0), median(of('rssMb')).toFixed(0)];
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
  return measurements.get(subject)!.map((measurement: Measurement) => {
    const value = measurement[figure];
    if (value === undefined) throw new Error(`${subject.name} printed no "${figure}"`);
    return value;
  });
}

function counted(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function table(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const rule = heading.map((_, column) => (column === 0 ? '---' : '---:'));
  return [heading, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
