import { commitInWords } from './commit.ts';
import { type Change, changesBetween, differs } from './comparison.ts';
import { machineDifferences } from './machine.ts';
import { blocks, counted, digits, list, table } from './markdown.ts';
import type { Result, Run } from './result.ts';
import { median, percentile } from './statistics.ts';
import { inWords, unmatched } from './vanished.ts';

const HEADING = ['What', 'scenario', 'figure', 'first', 'noise', 'second', 'noise', 'ratio', '99 %', ''];

/** Two results side by side: first what else than the program is different, then what differs, then everything. */
export function comparisonReport(earlier: Result, later: Result): string {
  const changes = changesBetween(earlier, later);
  const different = changes.filter(differs);
  return blocks(
    list([
      `first: ${sourcesOf(earlier)}`,
      `second: ${sourcesOf(later)}`,
      ...machinesApart(earlier, later),
      ...unmatched(earlier, later).map(inWords),
      ...weather(changes),
    ]),
    '## What differs beyond the noise of both',
    different.length === 0 ? 'Nothing.' : table(HEADING, different.map(row)),
    '## Everything',
    table(HEADING, changes.map(row)),
    summary(changes),
  );
}

function sourcesOf({ runs }: Result): string {
  return runs.map(sourceOf).join('; ');
}

function sourceOf({ commit, begun, options, loadAverage, disturbances }: Run): string {
  const quick = options.quick ? ['--quick'] : [];
  const load = `load average ${(loadAverage[0] ?? 0).toFixed(2)}`;
  return [commitInWords(commit), begun.slice(0, 16).replace('T', ' '), load, ...quick, ...disturbances].join(
    ', ',
  );
}

function machinesApart(earlier: Result, later: Result): string[] {
  const found = earlier.runs.flatMap((one) =>
    later.runs.flatMap((other) => machineDifferences(one.machine, other.machine)),
  );
  return [...new Set(found)].map((difference) => `**Another machine**: ${difference}`);
}

/** What is not ours has not changed: where it took longer, so did everything. */
function weather(changes: readonly Change[]): string[] {
  const ratios = changes
    .filter(({ yardstick, figure, ratio }) => yardstick && figure === 'wallMs' && !Number.isNaN(ratio))
    .map(({ ratio }) => ratio);
  if (ratios.length === 0) return [];
  const [low, high] = [percentile(ratios, 0), percentile(ratios, 100)].map(digits);
  return [`weather: what is not ours took ${digits(median(ratios))} times as long (${low} to ${high})`];
}

function row({ name, scenario, sockets, figure, earlier, later, ratio, within, verdict }: Change): string[] {
  return [
    name,
    `${scenario}, ${sockets.toLocaleString('en')}`,
    figure,
    ...[earlier, later].flatMap((values) => [digits(median(values)), noise(values)]),
    Number.isNaN(ratio) ? '' : `**${digits(ratio)}**`,
    within === undefined ? '' : `${digits(within[0])} to ${digits(within[1])}`,
    verdict,
  ];
}

/** Half of the way from the least to the greatest, by the median. */
function noise(values: readonly number[]): string {
  const middle = median(values);
  if (values.length < 2 || middle === 0) return '';
  const half = (percentile(values, 100) - percentile(values, 0)) / 2 / Math.abs(middle);
  return `± ${(half * 100).toFixed(half < 0.095 ? 1 : 0)} %`;
}

function summary(changes: readonly Change[]): string {
  const verdicts = new Map<string, number>();
  for (const { verdict } of changes) verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1);
  const words = [...verdicts].map(([verdict, times]) => `${times} ${verdict}`);
  return `${counted(changes.length, 'figure')}: ${words.join(', ')}. "No difference" is none that the noise allows to tell.`;
}
