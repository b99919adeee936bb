import { describe, expect, it } from 'vitest';
import { linePieces } from '../../../src/kernel-tables/line-pieces.ts';
import { LineScanner, leadingHex } from '../../../src/kernel-tables/line-scanner.ts';

describe('the fields of a line', () => {
  it.each([
    ['12 x', 12],
    [' \t\n\v\f\r-7', -7],
    ['+7', 7],
    ['007', 7],
    ['0x10', 0],
    ['2147483648', -2_147_483_648],
    ['4294967297', 1],
    ['99999999999999999999', -1],
    ['-99999999999999999999', 0],
    ['x1', undefined],
    ['- 1', undefined],
    ['', undefined],
  ])('%j has the number %s', (line, value) => {
    expect(new LineScanner(line).int()).toBe(value);
  });

  it.each([
    ['ff', 255n],
    ['0xFf', 255n],
    ['-1', 2n ** 64n - 1n],
    ['+1g', 1n],
    ['f'.repeat(17), 2n ** 64n - 1n],
    ['0x', 0n],
    ['g', undefined],
  ])('%j has the hexadecimal number %s', (line, value) => {
    expect(new LineScanner(line).hex()).toBe(value);
    expect(leadingHex(line).value).toBe(value ?? 0n);
  });

  it('follow one another, and one within a longer one', () => {
    const fields = new LineScanner(' abcdef 12/34 rest of it\n', 1);
    expect([fields.word(4), fields.hexDigits(2), fields.int(), fields.mark('/'), fields.int()]).toEqual([
      'abcd',
      'ef',
      12,
      true,
      34,
    ]);
    expect(fields.rest(4)).toBe('rest');
    expect(fields.rest(100)).toBe('of it\n');
  });

  it('are missing after one that is missing', () => {
    const fields = new LineScanner('1 x 2 3');
    expect([fields.int(), fields.int(), fields.int(), fields.word(), fields.mark(' ')]).toEqual([
      1,
      undefined,
      undefined,
      undefined,
      false,
    ]);
    const marked = new LineScanner('1 /2');
    expect([marked.int(), marked.mark('/'), marked.int()]).toEqual([1, false, undefined]);
  });

  it('of hexadecimal text end where it does', () => {
    expect(leadingHex('12:34')).toEqual({ value: 18n, end: 2 });
    expect(leadingHex(':')).toEqual({ value: 0n, end: 0 });
  });
});

describe('the pieces of a text', () => {
  const pieces = (text: string, size: number): string[] => [...linePieces(Buffer.from(text, 'latin1'), size)];

  it('are its lines, where they fit', () => {
    expect(pieces('one\n\ntwo\nend', 100)).toEqual(['one\n', '\n', 'two\n', 'end']);
    expect(pieces('', 100)).toEqual([]);
  });

  it('are cut where the buffer is full, and at a NUL', () => {
    expect(pieces('123\n1234\n12345\n', 5)).toEqual(['123\n', '1234', '\n', '1234', '5\n']);
    expect(pieces('1\x0023\n\x00\n\xff\n', 100)).toEqual(['1', '', '\xff\n']);
  });
});
