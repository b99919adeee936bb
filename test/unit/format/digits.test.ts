import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as digits from '../../../src/format/digits.ts';

/** What `put` leaves in 64 bytes of blanks: the text up to the position it gives, and nothing but blanks behind. */
function text(put: (view: DataView) => number): string {
  const bytes = new Uint8Array(64).fill(0x20);
  const end = put(new DataView(bytes.buffer));
  if (bytes.subarray(end).some((byte) => byte !== 0x20)) expect.fail('no blanks behind the text');
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

  it('writes every port, and as a group of hex digits', () => {
    for (let n = 0; n <= 0xffff; n++) {
      // One expectation for each would take seconds.
      if (text((view) => digits.putPort(view, 0, n)) !== String(n)) expect.fail(`port ${n}`);
      if (text((view) => digits.putHexGroup(view, 0, n)) !== n.toString(16)) expect.fail(`group ${n}`);
      if (digits.portLength(n) !== String(n).length) expect.fail(`length of port ${n}`);
    }
  });

  it('writes pairs of digits and dotted quads', () => {
    for (let n = 0; n < 100; n++) {
      expect(text((view) => digits.putPair(view, 0, n))).toBe(String(n).padStart(2, '0'));
    }
    for (let n = 0; n < 256; n++) {
      const quad = [n, 255 - n, n ^ 0x55, n];
      const address = Buffer.from(quad).readInt32BE();
      expect(text((view) => digits.putQuad(view, 0, address))).toBe(quad.join('.'));
      expect(text((view) => digits.putQuad(view, 0, address >>> 0))).toBe(quad.join('.'));
    }
  });

  it('packs four characters, blanks behind a short text', () => {
    expect(digits.packed('tcp6')).toBe(0x36706374);
    expect(digits.packed('udpl6', 4)).toBe(0x20202036);
  });
});
