import { NEWLINE } from './digits.ts';

/** Bytes a line may have, its newline not counted; the kernel's longest have some 250. */
export const MAX_LINE = 8191;

/** Takes the lines of one /proc/net table after the other, the heading left out. */
export interface RowParser {
  /**
   * Parses the line that begins at `start`; `bytes` has its newline. Returns a position in the line, at or before that
   * newline. What cannot be understood is counted, never thrown.
   */
  row(bytes: Uint8Array, start: number): number;
}

/** Cuts a text that comes in pieces into lines. */
export class LineCutter {
  readonly #rows: RowParser;
  /** What comes up to the next newline is of no interest: the heading, or the rest of a line too long. */
  #skipping = true;

  constructor(rows: RowParser) {
    this.#rows = rows;
  }

  /**
   * Parses the lines that end within bytes[0, end) and returns how many bytes are done with; the rest is to be given
   * again with more behind it. The array must start at a multiple of 4 of its buffer and have a byte at `end`, which may
   * be overwritten. Never leaves more than MAX_LINE bytes: of a longer line the row parser gets one byte more than that.
   */
  push(bytes: Uint8Array, end: number): number {
    let limit = end;
    while (limit > 0 && bytes[limit - 1] !== NEWLINE) limit--;
    const words = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2);
    let at = 0;
    while (at < limit) {
      if (!this.#skipping) at = this.#rows.row(bytes, at);
      this.#skipping = false;
      at = findNewline(bytes, words, at) + 1;
    }
    if (end - at <= MAX_LINE) return at;
    if (!this.#skipping) {
      bytes[at + MAX_LINE + 1] = NEWLINE;
      this.#rows.row(bytes, at);
      this.#skipping = true;
    }
    return end;
  }

  /** Parses what is left, bytes[0, end): a last line without newline. The array must have a byte at `end`. */
  finish(bytes: Uint8Array, end: number): void {
    if (end === 0 || this.#skipping) return;
    bytes[end] = NEWLINE;
    this.#rows.row(bytes, 0);
  }
}

const NEWLINES = 0x0a0a0a0a;

/** The first newline from `at` on; there must be one. `words` is the same text: looks at four bytes at a time. */
function findNewline(bytes: Uint8Array, words: Int32Array, at: number): number {
  let word = at >> 2;
  if ((at & 3) !== 0) {
    for (; (at & 3) !== 0; at++) if (bytes[at] === NEWLINE) return at;
    word++;
  }
  for (; word < words.length; word++) {
    const zeroWhereFound = words[word]! ^ NEWLINES;
    if (((zeroWhereFound - 0x01010101) & ~zeroWhereFound & 0x80808080) !== 0) break;
  }
  at = word << 2;
  while (bytes[at] !== NEWLINE) at++;
  return at;
}
