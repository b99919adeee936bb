import { type Curve, curveOf } from './chart/curve.ts';
import { lineChart } from './chart/line-chart.ts';
import { commitInWords } from './commit.ts';
import { type HistoryEntry, historyTable } from './history.ts';
import { blocks, digits, table } from './markdown.ts';
import { bound, provenance, report, verdict } from './report.ts';
import { type GoalResult, isDisturbed, type Result, type Run, type ScenarioResult } from './result.ts';

const MADE = '<!-- Made by npm run bench from latest.json: not to be edited. -->';

/** One scenario at all its numbers of sockets. */
interface Chapter {
  readonly name: string;
  readonly sizes: readonly ScenarioResult[];
  readonly curve: Curve | undefined;
}

/** All of bench/results that is made from a result: names of files to their text. */
export function pagesOf(result: Result, history: readonly HistoryEntry[]): Map<string, string> {
  const chapters = chaptersOf(result);
  const pages = new Map([['README.md', indexPage(result, chapters, history)]]);
  for (const chapter of chapters) {
    pages.set(`${chapter.name}.md`, chapterPage(chapter, result));
    if (chapter.curve !== undefined) pages.set(`${chapter.name}.svg`, lineChart(chapter.curve));
  }
  return pages;
}

/** What the README shows: charts and headlines, with where they come from. */
export function summaryOf(result: Result, folder: string): string {
  const headlines = result.scenarios.flatMap((scenario) =>
    scenario.goals
      .filter(({ headline, reached }) => headline && reached !== null)
      .map((goal) => headlineRow(goal, scenario)),
  );
  return blocks(
    ...chaptersOf(result).map(({ name, curve }) => image(name, curve, folder)),
    table(['What, as a ratio of medians', 'sockets', 'reached', 'goal', ''], headlines),
    result.runs.length === 0 ? '' : `${sourcesOf(result)}.`,
    result.runs.some((_, run) => isDisturbed(result, run))
      ? `Some of it was disturbed: [the figures](${folder}README.md) say by what.`
      : '',
  );
}

function chaptersOf({ scenarios }: Result): Chapter[] {
  return [...new Set(scenarios.map(({ name }) => name))].map((name) => {
    const sizes = scenarios.filter((one) => one.name === name);
    return { name, sizes, curve: curveOf(sizes) };
  });
}

function indexPage(result: Result, chapters: readonly Chapter[], history: readonly HistoryEntry[]): string {
  return page(
    MADE,
    '# Figures',
    'How they are taken is told in [bench/README.md](../README.md).',
    ...chapters.flatMap((chapter) => [image(chapter.name, chapter.curve, ''), curveTable(chapter)]),
    goalsOfAll(result),
    '## Scenarios',
    chapters.map(({ name, sizes }) => `- [${name}](${name}.md): ${sizes[0]!.title}`).join('\n'),
    '## Where they come from',
    ...result.runs.map((run, index) => blocks(`${scenariosOf(index, result)}:`, provenance(run))),
    ...(history.length === 0 ? [] : ['## From commit to commit', historyTable(history)]),
  );
}

function chapterPage({ name, sizes, curve }: Chapter, { runs }: Result): string {
  return page(
    MADE,
    `# ${name}`,
    '[All figures](README.md)',
    image(name, curve, ''),
    ...sizes.flatMap((scenario) => [report(scenario), provenance(runs[scenario.run]!)]),
  );
}

function goalsOfAll({ scenarios }: Result): string {
  const rows = scenarios.flatMap((scenario) =>
    scenario.goals.map((goal) => [
      goal.what,
      `[${scenario.name}](${scenario.name}.md)`,
      scenario.sockets.toLocaleString('en'),
      goal.reached === null ? '' : `**${digits(goal.reached)}**`,
      goal.floor === null ? '' : digits(goal.floor),
      bound(goal),
      verdict(goal),
    ]),
  );
  const goals = table(['Goal', 'scenario', 'sockets', 'reached', 'floor', 'goal', ''], rows);
  return goals === '' ? '' : blocks('## Goals', goals);
}

function headlineRow(goal: GoalResult, { sockets }: ScenarioResult): string[] {
  const reached = `**${digits(goal.reached!)}**`;
  return [goal.what, sockets.toLocaleString('en'), reached, bound(goal), verdict(goal)];
}

/** The points of the chart as numbers, ms. */
function curveTable({ curve, sizes }: Chapter): string {
  if (curve === undefined) return '';
  const sockets = sizes.map((size) => size.sockets).sort((a, b) => a - b);
  return table(
    ['Whole process, wall ms, median', ...sockets.map((size) => size.toLocaleString('en'))],
    curve.lines.map(({ name, points }) => [
      name,
      ...sockets.map((size) => {
        const point = points.find((one) => one.sockets === size);
        return point === undefined ? '' : digits(point.seconds * 1e3);
      }),
    ]),
  );
}

function image(name: string, curve: Curve | undefined, folder: string): string {
  return curve === undefined ? '' : `![Time over number of ${curve.title}](${folder}${name}.svg)`;
}

/** Each machine once, and what was run on it. */
function sourcesOf({ runs }: Result): string {
  const machines = [...new Set(runs.map(machineInWords))];
  const ranOn = (machine: string): Run[] => runs.filter((run) => machineInWords(run) === machine);
  return machines.map((machine) => `${machine}; ${commitsOf(ranOn(machine))}`).join('; ');
}

function machineInWords({ machine: { cpu, cores, kernel, node } }: Run): string {
  return `${cpu}, ${cores} cores, Linux ${kernel}, Node ${node}`;
}

function commitsOf(runs: readonly Run[]): string {
  const words = runs.map(({ commit, begun }) => `${commitInWords(commit)}, ${begun.slice(0, 10)}`);
  return [...new Set(words)].join('; ');
}

function scenariosOf(run: number, { scenarios }: Result): string {
  const names = scenarios.filter((one) => one.run === run).map(({ name }) => `\`${name}\``);
  return [...new Set(names)].join(', ');
}

function page(...parts: readonly string[]): string {
  return `${blocks(...parts)}\n`;
}
