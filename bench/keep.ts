import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Scenario } from './contract.ts';
import { withBlock } from './generated-block.ts';
import { judgedAnew } from './goals.ts';
import { appended, entriesOf, type HistoryEntry, historyLines, parseHistory } from './history.ts';
import { pagesOf, summaryOf } from './pages.ts';
import { replaceFiles } from './replace-file.ts';
import { knownOf, merged, type Result } from './result.ts';
import { readResult, resultText } from './result-file.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Where a result goes that nobody keeps. */
export const LAST = `${root}.bench/last.json`;

/** What is kept of results: `bench/results`, `bench/history.jsonl` and a block of `README.md` below a folder. */
export class Keeper {
  readonly #known: readonly Scenario[];
  readonly #folder: string;
  readonly #latest: string;
  readonly #history: string;
  readonly #readme: string;

  /** Judges by the goals of `known`, and keeps no other scenarios. */
  constructor(known: readonly Scenario[], root: string) {
    this.#known = known;
    this.#folder = `${root}bench/results`;
    this.#latest = `${this.#folder}/latest.json`;
    this.#history = `${root}bench/history.jsonl`;
    this.#readme = `${root}README.md`;
  }

  /** Merges a result into the kept ones, and makes history, pages, charts and README anew: all of it or nothing. */
  keep(result: Result): void {
    const both = existsSync(this.#latest) ? merged(readResult(this.#latest), result) : result;
    const all = judgedAnew(
      knownOf(
        both,
        this.#known.map(({ name }) => name),
      ),
      this.#known,
    );
    const history = appended(this.#readHistory(), entriesOf(result));
    const kept = [
      [this.#latest, resultText(all)],
      [this.#history, historyLines(history)],
    ] as const;
    this.#replace([...kept, ...this.#pages(all, history)]);
  }

  /** Makes pages, charts and the README's block anew from a result. */
  writePages(result: Result): void {
    this.#replace(this.#pages(judgedAnew(result, this.#known), this.#readHistory()));
  }

  #replace(texts: readonly (readonly [path: string, text: string])[]): void {
    mkdirSync(this.#folder, { recursive: true });
    const all = new Map(texts);
    replaceFiles(all);
    for (const name of readdirSync(this.#folder)) {
      const path = `${this.#folder}/${name}`;
      if (/\.(?:md|svg)$/.test(name) && !all.has(path)) rmSync(path);
    }
  }

  #pages(result: Result, history: readonly HistoryEntry[]): [path: string, text: string][] {
    const pages = [...pagesOf(result, history)].map(([name, text]): [string, string] => [
      `${this.#folder}/${name}`,
      text,
    ]);
    const summary = summaryOf(result, 'bench/results/');
    return [...pages, [this.#readme, withBlock(readFileSync(this.#readme, 'utf8'), summary)]];
  }

  #readHistory(): HistoryEntry[] {
    return existsSync(this.#history) ? parseHistory(readFileSync(this.#history, 'utf8')) : [];
  }
}

/** That of this checkout. */
export function keeperHere(known: readonly Scenario[]): Keeper {
  return new Keeper(known, root);
}
