import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { curves } from '../../bench/curve.ts';
import { judgedAnew } from '../../bench/goals.ts';
import { digits } from '../../bench/markdown.ts';
import { bound } from '../../bench/report.ts';
import { readResult } from '../../bench/result-file.ts';
import { scenarios } from '../../bench/scenarios/index.ts';

const root = new URL('../../', import.meta.url);
const text = (name: string): string => readFileSync(new URL(name, root), 'utf8');
const kept = readResult(new URL('bench/results/latest.json', root).pathname);
const shown = judgedAnew(kept, [...scenarios, ...curves]).scenarios.filter(({ goals }) => goals.length > 0);

/** Rows of tables whose first cell is that text. */
function rowsOf(page: string, what: string): string[] {
  return page.split('\n').filter((line) => line.startsWith(`| ${what} |`));
}

// Who changes a goal makes the pages anew: npm run bench -- --report bench/results/latest.json --write
describe.each(shown.map((scenario) => [scenario.name, scenario] as const))(
  'goals shown of %s',
  (name, { goals }) => {
    it('have the names and bounds of the scenario', () => {
      const pages = [text('bench/results/README.md'), text(`bench/results/${name}.md`)];
      for (const goal of goals)
        for (const page of pages) expect(rowsOf(page, goal.what).join('\n')).toContain(bound(goal));
    });

    it('are those of the README, where they are headlines', () => {
      const headlines = goals.filter(({ headline, reached }) => headline && reached !== null);
      for (const goal of headlines) {
        const rows = rowsOf(text('README.md'), goal.what).join('\n');
        expect(rows).toContain(`**${digits(goal.reached!)}** | ${bound(goal)} |`);
      }
    });
  },
);

it('no page shows a goal that no scenario has', () => {
  const [, table = ''] = text('bench/results/README.md').split('## Goals\n\n');
  const names = table.split('\n\n', 1)[0]!.split('\n').slice(2);
  expect(names.length).toBe(shown.flatMap(({ goals }) => goals).length);
});
