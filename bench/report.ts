import { commitInWords } from './commit.ts';
import { machineInWords } from './machine.ts';
import { blocks, counted, digits, list, table } from './markdown.ts';
import type { GoalResult, Run, ScenarioResult, SubjectResult } from './result.ts';
import { subjectNamed } from './result.ts';
import { median, percentile } from './statistics.ts';

/** By nearest rank it is the maximum of fewer. */
const ENOUGH_FOR_P99 = 100;

/** A scenario as Markdown: goals, whole processes, what was seen inside, and what was not run. */
export function report(scenario: ScenarioResult): string {
  const { sockets, title, rounds, name, loads } = scenario;
  return blocks(
    `## ${sockets.toLocaleString('en')} ${title}, ${counted(rounds, 'run')} of each subject`,
    `Scenario \`${name}\`. Load: ${loads.join('; ')}. ${sameRows(scenario)}`,
    list(scenario.disturbances.map((words) => `**Warning**: ${words}`)),
    goalTable(scenario.goals),
    processTable(scenario),
    insideTable(scenario),
    absences(scenario.subjects),
  );
}

/** What was to be reached, and was. */
export function goalTable(goals: readonly GoalResult[]): string {
  return table(['Goal', 'reached (rounds)', 'floor', 'goal', ''], goals.map(goalRow));
}

/** When, where and of what the figures are. */
export function provenance({ commit, begun, machine, loadAverage, disturbances }: Run): string {
  const load = loadAverage.map((value) => value.toFixed(2)).join(' ');
  return list([
    `${commitInWords(commit)}, ${begun.slice(0, 16).replace('T', ' ')} UTC, load average ${load} before`,
    ...machineInWords(machine),
    ...disturbances.map((words) => `**Warning**: ${words}`),
  ]);
}

/** What a goal asks for, "≤ 1.1". */
export function bound({ atMost, atLeast }: Pick<GoalResult, 'atMost' | 'atLeast'>): string {
  return atMost === null ? `≥ ${atLeast}` : `≤ ${atMost}`;
}

/** What was made of it: met, MISSED, or why nobody judged. */
export function verdict({ verdict: judged, because }: GoalResult): string {
  return judged === 'missed' ? 'MISSED' : (because ?? judged);
}

function sameRows({ rows, subjects }: ScenarioResult): string {
  const unseen = subjects.filter((subject) => subject.unseen).map(({ name }) => `\`${name}\``);
  const but =
    unseen.length === 0 ? '' : `; the rows of ${unseen.join(' and ')} are compared at fewer sockets only`;
  return `Before the first run every subject listed the same ${counted(rows, 'row')}${but}.`;
}

function goalRow(goal: GoalResult): string[] {
  const { what, reached, within, floor } = goal;
  const range = within === null ? '' : ` (${digits(within[0])} to ${digits(within[1])})`;
  return [
    what,
    reached === null ? '' : `**${digits(reached)}**${range}`,
    floor === null ? '' : digits(floor),
    bound(goal),
    verdict(goal),
  ];
}

function processTable({ subjects }: ScenarioResult): string {
  const ran = subjects.filter(({ absent }) => absent === null);
  const measured = ran.map(({ figures }) => figures.wallMs ?? []);
  const ranks = ranksOf(measured);
  return table(
    ['Whole process', 'wall ms, p50', ...headingsOf(ranks), 'CPU ms', 'RSS MB'],
    ran.map((subject) => processRow(subject, ranks)),
  );
}

function processRow(subject: SubjectResult, ranks: readonly number[]): string[] {
  const { wallMs = [], cpuMs = [], rssMb = [] } = subject.figures;
  const name = subject.slow ? `${subject.name} (${counted(wallMs.length, 'run')})` : subject.name;
  return [name, ...spread(wallMs, ranks), digits(median(cpuMs)), digits(median(rssMb))];
}

function insideTable(scenario: ScenarioResult): string {
  const measured = scenario.inside.map(
    ({ subject, figure }) => subjectNamed(scenario, subject).figures[figure]!,
  );
  const ranks = ranksOf(measured);
  return table(
    ['Inside the process', 'figure', 'p50', ...headingsOf(ranks)],
    scenario.inside.map(({ subject, figure }, at) => [subject, figure, ...spread(measured[at]!, ranks)]),
  );
}

/** The percentiles that stand beside the median: the 99th is told of a hundred measurements and more, and else the maximum. */
function ranksOf(measured: readonly (readonly number[])[]): number[] {
  return measured.some(({ length }) => length >= ENOUGH_FOR_P99) ? [0, 99, 100] : [0, 100];
}

function headingsOf(ranks: readonly number[]): string[] {
  return ranks.map((rank) => ({ 0: 'min', 100: 'max' })[rank] ?? `p${rank}`);
}

function spread(numbers: readonly number[], ranks: readonly number[]): string[] {
  const isTold = (rank: number): boolean => rank !== 99 || numbers.length >= ENOUGH_FOR_P99;
  const told = ranks.map((rank) => (isTold(rank) ? digits(percentile(numbers, rank)) : ''));
  return [digits(median(numbers)), ...told];
}

function absences(subjects: readonly SubjectResult[]): string {
  const absent = subjects.filter((subject) => subject.absent !== null);
  return list(absent.map(({ name, absent: reason }) => `\`${name}\`: ${reason}`));
}
