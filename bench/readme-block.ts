import { readFileSync, writeFileSync } from 'node:fs';

const readme = new URL('README.md', import.meta.url);
const BEGIN = '<!-- figures: written by `npm run bench -- --write` -->';
const END = '<!-- end of figures -->';

/** Puts the text between the markers of bench/README.md. Throws when they are not there. */
export function writeReadmeBlock(markdown: string): void {
  const text = readFileSync(readme, 'utf8');
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END);
  if (begin < 0 || end < begin) throw new Error('bench/README.md has lost the markers of its figures');
  writeFileSync(readme, `${text.slice(0, begin)}${BEGIN}\n\n${markdown}\n\n${text.slice(end)}`);
}
