import { readFileSync } from 'node:fs';

/**
 * The lines of a database below /etc as glibc reads them: byte strings, one character a byte, without comments and
 * without blanks in front; a NUL ends a line. A file that cannot be read is empty.
 */
export function databaseLines(file: string): string[] {
  return linesOfDatabase(textOf(file));
}

export function linesOfDatabase(text: string): string[] {
  const lines = text.split('\n');
  return lines.map((line, index) => withoutComment(lineOf(line, index === lines.length - 1)));
}

/**
 * glibc moves a line over the blanks in front of it, but not what ends it, where that is a NUL or the end of the file: as
 * many bytes as there were blanks stand behind it once more. Seen: `abcbc` for `  10.0.0.1 abc`.
 */
function lineOf(text: string, isLast: boolean): string {
  const nul = text.indexOf('\0');
  const line = nul < 0 ? text : text.slice(0, nul);
  const bare = line.replace(/^[ \t\v\f\r]+/, '');
  return nul < 0 && !isLast ? bare : bare + line.slice(bare.length);
}

function withoutComment(line: string): string {
  const comment = line.indexOf('#');
  return comment < 0 ? line : line.slice(0, comment);
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}
