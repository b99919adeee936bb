import { commitInWords } from './commit.ts';
import { blocks, digits, table } from './markdown.ts';
import type { Result, Run } from './result.ts';

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
}

/** What the scenarios of a result add to the history: a line per run that has a headline. Milliseconds are no ratio. */
export function entriesOf({ runs, scenarios }: Result): HistoryEntry[] {
  return runs
    .map(({ commit, begun, machine: { cpu, cores, kernel, node } }, run) => ({
      commit,
      begun,
      machine: `${cpu}, ${cores} cores, Linux ${kernel}, Node ${node}`,
      ratios: Object.fromEntries(
        scenarios
          .filter((scenario) => scenario.run === run)
          .flatMap(({ name, goals }) => goals.map((goal) => ({ name, goal })))
          .filter(({ goal }) => goal.headline && goal.to !== null && goal.verdict !== 'not judged')
          .map(({ name, goal }) => [`${name}: ${goal.what}`, Number(goal.reached!.toFixed(3))]),
      ),
    }))
    .filter(({ ratios }) => Object.keys(ratios).length > 0);
}

/** The history with those entries: of one commit on one machine there is one line, the later figure of each. */
export function appended(history: readonly HistoryEntry[], entries: readonly HistoryEntry[]): HistoryEntry[] {
  const all = [...history];
  for (const entry of entries) {
    const at = all.findIndex((one) => isSameState(one, entry));
    if (at < 0) all.push(entry);
    else all[at] = { ...entry, ratios: { ...all[at]!.ratios, ...entry.ratios } };
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
      ['Ratio', ...shown.map(({ commit, begun }) => `${commitInWords(commit)}, ${begun.slice(0, 10)}`)],
      names.map((name) => [name, ...shown.map(({ ratios }) => cellOf(ratios[name]))]),
    ),
    `Machines, from left to right: ${[...new Set(shown.map(({ machine }) => machine))].join('; ')}.`,
  );
}

function cellOf(ratio: number | undefined): string {
  return ratio === undefined ? '' : digits(ratio);
}

function isSameState(one: HistoryEntry, other: HistoryEntry): boolean {
  return (
    one.commit.hash === other.commit.hash &&
    one.commit.dirty === other.commit.dirty &&
    one.machine === other.machine
  );
}
