import { readFileSync, writeFileSync } from 'node:fs';

const readme = new URL('README.md', import.meta.url);

/** Puts the text between the markers of the scenario in bench/README.md. Throws when they are not there. */
export function writeReadmeBlock(scenario: string, markdown: string): void {
  const first = `<!-- figures of ${scenario}: written by npm run bench -- --write -->`;
  const last = `<!-- end of ${scenario} -->`;
  const text = readFileSync(readme, 'utf8');
  const begin = text.indexOf(first);
  const end = text.indexOf(last);
  if (begin < 0 || end < begin) throw new Error(`bench/README.md has lost the markers of ${scenario}`);
  writeFileSync(readme, `${text.slice(0, begin)}${first}\n\n${markdown}\n\n${text.slice(end)}`);
}
