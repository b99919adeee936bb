/**
 * Text that others have chosen a part of (paths, labels, names of groups), with what could move the cursor or turn the
 * direction of writing as `\x1b` or `\u202e`.
 */
export function visible(text: string): string {
  return text.replace(HIDDEN, (character) => {
    const digits = character.charCodeAt(0).toString(16);
    return digits.length > 2 ? `\\u${digits.padStart(4, '0')}` : `\\x${digits.padStart(2, '0')}`;
  });
}

// C0, DEL and C1; separators of lines; marks, embeddings and isolates of direction.
const HIDDEN = /[\0-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

/** Text in lines of at most `width` characters, broken at blanks where there are any; later ones begin with `indent` blanks. */
export function wrapped(text: string, width: number, indent: number): string[] {
  const lines: string[] = [];
  let rest = text;
  let margin = '';
  while (margin.length + rest.length > width) {
    const at = rest.lastIndexOf(' ', width - margin.length);
    // A word that is too long stays whole.
    const end = rest.slice(0, Math.max(at, 0)).trim() === '' ? rest.indexOf(' ', rest.search(/\S/)) : at;
    if (end < 0) break;
    lines.push(margin + rest.slice(0, end).trimEnd());
    rest = rest.slice(end).trimStart();
    margin = ' '.repeat(indent);
  }
  return rest === '' ? lines : [...lines, margin + rest];
}
