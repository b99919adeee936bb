import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { withBlock } from './generated-block.ts';
import { appended, entriesOf, historyLines, parseHistory } from './history.ts';
import { pagesOf, summaryOf } from './pages.ts';
import { replaceFile } from './replace-file.ts';
import { knownOf, merged, type Result } from './result.ts';
import { readResult, writeResult } from './result-file.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = `${root}bench/results`;
const latest = `${folder}/latest.json`;
const historyFile = `${root}bench/history.jsonl`;

/** Where a result goes that nobody keeps. */
export const LAST = `${root}.bench/last.json`;

/** Merges a result into the kept ones, of the scenarios that there are: latest.json, history, pages, charts, README. */
export function keepResult(result: Result, known: readonly string[]): void {
  const both = existsSync(latest) ? merged(readResult(latest), result) : result;
  const all = knownOf(both, known);
  writeResult(latest, all);
  const history = existsSync(historyFile) ? parseHistory(readFileSync(historyFile, 'utf8')) : [];
  replaceFile(historyFile, historyLines(appended(history, entriesOf(result))));
  writePages(all);
}

/** Makes pages, charts and the README's block anew from a result. */
export function writePages(result: Result): void {
  const history = existsSync(historyFile) ? parseHistory(readFileSync(historyFile, 'utf8')) : [];
  mkdirSync(folder, { recursive: true });
  const pages = pagesOf(result, history);
  for (const [name, text] of pages) replaceFile(`${folder}/${name}`, text);
  for (const name of readdirSync(folder)) {
    if (/\.(?:md|svg)$/.test(name) && !pages.has(name)) rmSync(`${folder}/${name}`);
  }
  const readme = `${root}README.md`;
  replaceFile(readme, withBlock(readFileSync(readme, 'utf8'), summaryOf(result, 'bench/results/')));
}
