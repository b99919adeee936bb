const FIRST = '<!-- figures: written by npm run bench -- --write -->';
const LAST = '<!-- end of figures -->';

/** The document with that text between its markers. Throws when it has lost them. */
export function withBlock(document: string, markdown: string): string {
  const begin = document.indexOf(FIRST);
  const end = document.indexOf(LAST);
  if (begin < 0 || end < begin) throw new Error(`the markers ${FIRST} and ${LAST} are lost`);
  return `${document.slice(0, begin)}${FIRST}\n\n${markdown}\n\n${document.slice(end)}`;
}
