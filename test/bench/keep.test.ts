import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Scenario } from '../../bench/contract.ts';
import { Keeper } from '../../bench/keep.ts';
import { bound } from '../../bench/report.ts';
import { readResult } from '../../bench/result-file.ts';
import { scenarios } from '../../bench/scenarios/index.ts';
import { half, result, resultOf, scenario, sized } from './sample-result.ts';

const MARKED = 'a\n<!-- figures: written by npm run bench -- --write -->\nold\n<!-- end of figures -->\nz\n';
let root: string;
beforeEach(() => {
  root = `${mkdtempSync(join(tmpdir(), 'sockscope-keep-'))}/`;
  mkdirSync(`${root}bench`);
  writeFileSync(`${root}README.md`, MARKED);
});
afterEach(() => rmSync(root, { recursive: true }));

const text = (name: string): string => readFileSync(root + name, 'utf8');
const keeper = (...known: readonly Scenario[]): Keeper => new Keeper(known, root);

describe('what is kept', () => {
  it('is the result, the history, the pages and the block', () => {
    keeper(scenario()).keep(result([40], [100]));
    expect(readdirSync(`${root}bench/results`).sort()).toEqual(['README.md', 'latest.json', 'sample.md']);
    expect(text('bench/history.jsonl')).toContain('"sample: half of ss":0.4');
    expect(text('README.md')).toContain('| half of ss | 500,000 | **0.40** | ≤ 0.5 | met |');
  });

  it('has the goals of today, whatever those were of the run', () => {
    keeper(scenario()).keep(result([40], [100]));
    const now = { ...half, what: 'a third of ss', atMost: 0.3 };
    keeper(scenario([now])).keep(resultOf([]));
    expect(readResult(`${root}bench/results/latest.json`).scenarios[0]!.goals).toMatchObject([
      { what: 'a third of ss', atMost: 0.3, verdict: 'missed' },
    ]);
    keeper(scenario([{ ...now, atMost: 0.4 }])).writePages(result([40], [100]));
    for (const page of ['README.md', 'bench/results/README.md', 'bench/results/sample.md']) {
      expect(text(page)).toContain('a third of ss');
      expect(text(page)).toContain('≤ 0.4');
      expect(text(page)).not.toContain('| half of ss');
    }
  });

  it('shows names and bounds that the scenarios have', () => {
    const kept = { ...sized(500_000, [40], [100]), name: 'established' };
    keeper(...scenarios).keep(resultOf([kept]));
    const page = text('bench/results/established.md');
    const { goals } = scenarios.find(({ name }) => name === 'established')!;
    for (const { what, atMost = null, atLeast = null } of goals) {
      const row = page.split('\n').find((line) => line.startsWith(`| ${what} |`));
      expect(row).toContain(bound({ atMost, atLeast }));
    }
    expect(page).not.toContain('half of ss');
  });

  it('stays as it was when the README has lost its markers', () => {
    keeper(scenario()).keep(result([40], [100]));
    const before = ['bench/results/latest.json', 'bench/results/sample.md', 'bench/history.jsonl'].map(text);
    writeFileSync(`${root}README.md`, 'no markers');
    expect(() => keeper(scenario()).keep(result([45], [100]))).toThrow('lost');
    expect(['bench/results/latest.json', 'bench/results/sample.md', 'bench/history.jsonl'].map(text)).toEqual(
      before,
    );
  });

  it('loses pages of scenarios that are gone', () => {
    keeper(scenario()).keep(result([40], [100]));
    keeper(scenario([half], 'other')).keep(resultOf([]));
    expect(existsSync(`${root}bench/results/sample.md`)).toBe(false);
  });
});
