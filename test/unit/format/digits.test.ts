import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as digits from '../../../src/format/digits.ts';

/** What `put` leaves in 64 bytes of blanks: the text up to the position it gives, and nothing but blanks behind. */
function text(put: (view: DataView) => number): string {
  const bytes = new Uint8Array(64).fill(0x20);
  const end = put(new DataView(bytes.buffer));
  expect([...bytes.subarray(end)].every((byte) => byte === 0x20)).toBe(true);
  return Buffer.from(bytes.subarray(0, end)).toString('latin1');
}

describe('numbers as text', () => {
  it('writes every integer in decimal', () => {
    fc.assert(
      fc.property(fc.oneof(fc.maxSafeNat(), fc.nat({ max: 20_000 })), (n) => {
        expect(text((view) => digits.putDecimal(view, 0, n))).toBe(String(n));
        expect(digits.decimalLength(n)).toBe(String(n).length);
      }),
    );
  });

  it('writes every port', () => {
    for (let port = 0; port <= 0xffff; port++) {
      const bytes = new Uint8Array(12).fill(0x20);
      const end = digits.putPort(new DataView(bytes.buffer), 0, port);
      if (Buffer.from(bytes).toString('latin1', 0, end) !== String(port)) expect.fail(`port ${port}`);
    }
  });

  it('writes pairs of digits, hex groups and dotted quads', () => {
    for (let n = 0; n < 100; n++) {
      expect(text((view) => digits.putPair(view, 0, n))).toBe(String(n).padStart(2, '0'));
    }
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 4, maxLength: 4 }), (bytes) => {
        const [a = 0, b = 0] = bytes;
        expect(text((view) => digits.putHexGroup(view, 0, a, b))).toBe((a * 256 + b).toString(16));
        expect(text((view) => digits.putHexGroup(view, 0, 0, b))).toBe(b.toString(16));
        expect(text((view) => digits.putDottedQuad(view, 0, bytes, 0))).toBe(bytes.join('.'));
      }),
    );
  });

  it('packs four characters, blanks behind a short text', () => {
    expect(digits.packed('tcp6')).toBe(0x36706374);
    expect(digits.packed('udpl6', 4)).toBe(0x20202036);
  });
});
