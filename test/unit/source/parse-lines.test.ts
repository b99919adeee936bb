import { describe, expect, it } from 'vitest';
import { LineCutter, MAX_LINE } from '../../../src/source/parsers/lines.ts';

/** Feeds the pieces as a reader does, and notes each line that the row parser is shown. */
function cut(...pieces: string[]): string[] {
  const seen: string[] = [];
  const cutter = new LineCutter({
    row(bytes, start) {
      const end = bytes.indexOf(0x0a, start);
      seen.push(Buffer.from(bytes.subarray(start, end)).toString('latin1'));
      return start;
    },
  });
  const bytes = new Uint8Array(64 * 1024);
  let length = 0;
  for (const piece of pieces) {
    length += Buffer.from(piece, 'latin1').copy(bytes, length);
    const used = cutter.push(bytes, length);
    bytes.copyWithin(0, used, length);
    length -= used;
    expect(length).toBeLessThanOrEqual(MAX_LINE);
  }
  cutter.finish(bytes, length);
  return seen;
}

describe('a line cutter', () => {
  it('leaves the heading out', () => {
    expect(cut('')).toEqual([]);
    expect(cut('heading without an end')).toEqual([]);
    expect(cut('heading\n')).toEqual([]);
    expect(cut('heading\na\nb\n')).toEqual(['a', 'b']);
  });

  it('gives the last line without its newline, and empty lines', () => {
    expect(cut('heading\na\n\n\nb')).toEqual(['a', '', '', 'b']);
  });

  it('puts together what comes in pieces', () => {
    expect(cut('hea', 'ding', '\nab', 'c', '', 'd\ne', '\n')).toEqual(['abcd', 'e']);
  });

  it('finds a newline at any place of a word', () => {
    const lines = Array.from({ length: 40 }, (_, length) => '\x8a\x0b\x09\xff'.repeat(10).slice(0, length));
    expect(cut(`heading\n${lines.join('\n')}\n`)).toEqual(lines);
  });

  it('shows of a line too long that it is, and goes on behind it', () => {
    const fits = 'f'.repeat(MAX_LINE);
    const long = 'l'.repeat(MAX_LINE + 1);
    expect(cut(`heading\n${fits}\nb`)).toEqual([fits, 'b']);
    expect(cut('heading\n', `${long}`, 'more'.repeat(4000), '\nb\n')).toEqual([long, 'b']);
    expect(cut(`heading${long}`, `${long}`, '\nb\n')).toEqual(['b']);
  });
});
