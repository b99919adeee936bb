import { commitInWords } from './commit.ts';
import { blocks, digits, table } from './markdown.ts';
import type { Result, Run, ScenarioResult } from './result.ts';

/** Columns of the table: the latest commits. */
const SHOWN = 8;

/** The headline ratios of one commit on one kind of machine: a line of bench/history.jsonl. */
export interface HistoryEntry {
  readonly commit: Run['commit'];
  readonly begun: string;
  /** What a ratio may hang on: CPU, cores, kernel, Node. */
  readonly machine: string;
  /** "scenario: goal" to what was reached. */
  readonly ratios: Readonly<Record<string, number>>;
  /** Those of them that something may have spoiled. */
  readonly disturbed: readonly string[];
}

/** What the scenarios of a result add to the history: a line per run that has a headline. Milliseconds are no ratio. */
export function entriesOf({ runs, scenarios }: Result): HistoryEntry[] {
  return runs
    .map((run, index) => {
      const own = scenarios.filter((scenario) => scenario.run === index);
      const spoiled = run.disturbances.length > 0 ? own : own.filter((one) => one.disturbances.length > 0);
      const { cpu, cores, kernel, node } = run.machine;
      return {
        commit: run.commit,
        begun: run.begun,
        machine: `${cpu}, ${cores} cores, Linux ${kernel}, Node ${node}`,
        ratios: Object.fromEntries(own.flatMap(headlinesOf)),
        disturbed: spoiled.flatMap(headlinesOf).map(([name]) => name),
      };
    })
    .filter(({ ratios }) => Object.keys(ratios).length > 0);
}

function headlinesOf({ name, goals }: ScenarioResult): [name: string, ratio: number][] {
  return goals
    .filter(({ headline, to, verdict }) => headline && to !== null && verdict !== 'not judged')
    .map(({ what, reached }) => [`${name}: ${what}`, Number(reached!.toFixed(3))]);
}

/** The history with those entries: of one commit on one machine there is one line, the later figure of each. */
export function appended(history: readonly HistoryEntry[], entries: readonly HistoryEntry[]): HistoryEntry[] {
  const all = [...history];
  for (const entry of entries) {
    const at = all.findIndex((one) => isSameState(one, entry));
    if (at < 0) all.push(entry);
    else all[at] = together(all[at]!, entry);
  }
  return all;
}

export function parseHistory(lines: string): HistoryEntry[] {
  return lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as HistoryEntry);
}

export function historyLines(history: readonly HistoryEntry[]): string {
  return history.map((entry) => `${JSON.stringify(entry)}\n`).join('');
}

/** A column per commit, the latest on the right. */
export function historyTable(history: readonly HistoryEntry[]): string {
  const shown = history.slice(-SHOWN);
  const names = [...new Set(shown.flatMap(({ ratios }) => Object.keys(ratios)))];
  return blocks(
    table(
      ['Ratio', ...shown.map(headingOf)],
      names.map((name) => [name, ...shown.map(({ ratios }) => cellOf(ratios[name]))]),
    ),
    `Machines, from left to right: ${[...new Set(shown.map(({ machine }) => machine))].join('; ')}.`,
  );
}

function together(earlier: HistoryEntry, later: HistoryEntry): HistoryEntry {
  const still = earlier.disturbed.filter((name) => later.ratios[name] === undefined);
  return {
    ...later,
    ratios: { ...earlier.ratios, ...later.ratios },
    disturbed: [...still, ...later.disturbed],
  };
}

function headingOf({ commit, begun, disturbed }: HistoryEntry): string {
  return `${commitInWords(commit)}, ${begun.slice(0, 10)}${disturbed.length > 0 ? ', disturbed' : ''}`;
}

function cellOf(ratio: number | undefined): string {
  return ratio === undefined ? '' : digits(ratio);
}

/** Of what has no commit nobody knows whether it is the same, but within one run. */
function isSameState(one: HistoryEntry, other: HistoryEntry): boolean {
  return (
    one.commit.hash === other.commit.hash &&
    (one.commit.hash !== null || one.begun === other.begun) &&
    one.commit.dirty === other.commit.dirty &&
    one.machine === other.machine
  );
}
