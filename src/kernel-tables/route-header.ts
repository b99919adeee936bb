/** A column of a table with a heading line, and what scanf(3) is told of it. */
export interface RouteColumn {
  readonly name: string;
  readonly kind: 'interface' | 'address' | 'hex' | 'decimal';
}

/** How the columns lie: for each of them, in their order, how many unknown ones stand in front of it. */
export type RouteHeader =
  | { readonly kind: 'columns'; readonly skips: readonly number[] }
  /** The first column that is not there, or not behind the one before. */
  | { readonly kind: 'lacks'; readonly name: string }
  /** More columns than netstat has room for. */
  | { readonly kind: 'overflow' };

/** What each kind takes of netstat's room for the description of a line: `%15s `, `%127s `, `%x `, `%d `. */
const WIDTHS: Readonly<Record<RouteColumn['kind'], number>> = {
  interface: 5,
  address: 6,
  hex: 3,
  decimal: 3,
};
/** `%*s `: an unknown column. */
const SKIP_WIDTH = 4;
const ROOM = 511;
const ROOM_WITH_SKIP = 507;

/** Bytes of a heading line that are read as such; the rest of a longer one is a line of its own. */
const HEADER_BYTES = 510;

/** Parts the heading line from the rest of a table, of which `piece` is the beginning. */
export function splitHeader(piece: Uint8Array): { readonly header: string; readonly rest: Uint8Array } {
  const newline = piece.subarray(0, HEADER_BYTES).indexOf(0x0a);
  const end = newline < 0 ? Math.min(piece.length, HEADER_BYTES) : newline + 1;
  return { header: textOfLine(piece, 0, end), rest: piece.subarray(end) };
}

/** A word may hold what is blank in front of one. */
const WORD = /[ \t-\r]*([^ \t\n]+)/g;

/** Looks for the columns in a heading line, a byte string; columns that nobody asked for may stand between them. */
export function routeHeader(line: string, columns: readonly RouteColumn[]): RouteHeader {
  const words = Array.from(line.matchAll(WORD), ([, word]) => word);
  const skips: number[] = [];
  let room = 0;
  let at = 0;
  for (const { name, kind } of columns) {
    let skipped = 0;
    for (; at < words.length && words[at] !== name; at++) {
      room += SKIP_WIDTH;
      if (room > ROOM_WITH_SKIP) return { kind: 'overflow' };
      skipped++;
    }
    if (at === words.length) return { kind: 'lacks', name };
    at++;
    room += WIDTHS[kind];
    if (room > ROOM) return { kind: 'overflow' };
    skips.push(skipped);
  }
  return { kind: 'columns', skips };
}

/** The bytes of a line up to its NUL, if it has one: a byte string. */
function textOfLine(bytes: Uint8Array, start: number, end: number): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
  const nul = text.indexOf('\0');
  return nul < 0 ? text : text.slice(0, nul);
}
