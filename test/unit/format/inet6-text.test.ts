import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { putInet6 } from '../../../src/format/inet6-text.ts';
import { addressText } from '../../../src/socket/address.ts';
import { Family } from '../../../src/socket/family.ts';

/** Groups of which many are zero, and some have one digit. */
const group = fc.oneof(
  { weight: 3, arbitrary: fc.constant([0, 0]) },
  { weight: 1, arbitrary: fc.tuple(fc.constant(0), fc.nat({ max: 255 })) },
  { weight: 1, arbitrary: fc.tuple(fc.nat({ max: 255 }), fc.nat({ max: 255 })) },
  { weight: 1, arbitrary: fc.constant([255, 255]) },
);
const address = fc
  .array(group, { minLength: 8, maxLength: 8 })
  .map((groups) => Uint8Array.from(groups.flat()));

/** The address's text, from the middle of a column into the middle of blanks, which have to stay behind it. */
function text(bytes: Uint8Array, numericHosts = true): string {
  const column = new Uint8Array(48).fill(7);
  column.set(bytes, 16);
  const row = new Uint8Array(64).fill(0x20);
  const end = putInet6(new DataView(row.buffer), 3, new DataView(column.buffer), 16, numericHosts);
  expect(Buffer.from(row.subarray(end)).toString()).toBe(' '.repeat(64 - end));
  return Buffer.from(row.subarray(3, end)).toString();
}

describe('an IPv6 address as netstat writes it', () => {
  it('is what inet_ntop(3) writes, and IPv4 where it is mapped', () => {
    fc.assert(
      fc.property(address, (bytes) => {
        expect(text(bytes)).toBe(addressText(bytes, 0, Family.inet6).replace(/^::ffff:(?=.*\.)/, ''));
      }),
      { numRuns: 2000 },
    );
  });

  it('knows every run of zeros', () => {
    for (let zeros = 0; zeros < 256; zeros++) {
      const groups = Array.from({ length: 8 }, (_, at) => ((zeros >> at) & 1 ? [0, 0] : [0x20, at]));
      const bytes = Uint8Array.from(groups.flat());
      expect(text(bytes)).toBe(addressText(bytes, 0, Family.inet6));
    }
  });

  it('is [::] where names are shown and it is none', () => {
    expect(text(new Uint8Array(16))).toBe('::');
    expect(text(new Uint8Array(16), false)).toBe('[::]');
  });
});
