import { describe, expect, it } from 'vitest';
import { visible, wrapped } from '../../../src/format/doctor-text.ts';

describe('text that others have chosen', () => {
  it('moves no cursor and turns no direction', () => {
    expect(visible('a\x1b[2J\n\x7f\x9b1m\u202e\u2066\ufeffz')).toBe(
      'a\\x1b[2J\\x0a\\x7f\\x9b1m\\u202e\\u2066\\ufeffz',
    );
    expect(visible('/srv/größe 文')).toBe('/srv/größe 文');
  });
});

describe('lines', () => {
  it('break at blanks, and later ones are indented', () => {
    expect(wrapped('one two three four', 9, 2)).toEqual(['one two', '  three', '  four']);
  });

  it('keep a word whole that is too long', () => {
    expect(wrapped('a /very/long/path b c', 8, 2)).toEqual(['a', '  /very/long/path', '  b c']);
    expect(wrapped('/very/long/path', 8, 2)).toEqual(['/very/long/path']);
    expect(wrapped('  label  /very/long/path', 10, 4)).toEqual(['  label', '    /very/long/path']);
  });

  it('are none of no text', () => {
    expect(wrapped('', 8, 2)).toEqual([]);
  });
});
