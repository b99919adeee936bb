import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressText, isUnspecified, parseAddress } from '../../../src/socket/address.ts';
import { Family } from '../../../src/socket/family.ts';

function roundTrip(text: string): string {
  const bytes = new Uint8Array(20).fill(0xaa);
  const family = parseAddress(text, bytes, 2);
  if (family === undefined) return 'neither';
  expect([bytes[0], bytes[1], bytes[18], bytes[19]]).toEqual([0xaa, 0xaa, 0xaa, 0xaa]);
  return addressText(bytes, 2, family);
}

/** Mostly zeros, so that runs of them are there. */
const address = fc
  .array(fc.oneof(fc.constant(0), fc.constant(0), fc.integer({ min: 0, max: 0xffff })), {
    minLength: 8,
    maxLength: 8,
  })
  .map((groups) => Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 0xff])));

describe('addresses', () => {
  it.each([
    ['0.0.0.0', '0.0.0.0'],
    ['255.10.9.1', '255.10.9.1'],
    ['0000:0000:0000:0000:0000:0000:0000:0001', '::1'],
    ['::', '::'],
    ['1::', '1::'],
    ['::1:2', '::0.1.0.2'],
    ['::2', '::2'],
    ['::ffff:10.0.0.1', '::ffff:10.0.0.1'],
    ['::ffff:0:10.0.0.1', '::ffff:0:a00:1'],
    ['64:ff9b::1.2.3.4', '64:ff9b::102:304'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['FE80::ABCD', 'fe80::abcd'],
  ])('%s reads %s', (text, expected) => {
    expect(roundTrip(text)).toBe(expected);
  });

  it.each([
    '',
    '1.2.3',
    '1.2.3.256',
    '1.2.3.4.5',
    'x',
    ':',
    ':::',
    '1:2',
    '1::2::3',
    '12345::',
    '1.2.3.4::',
    '::1.2.3',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7:8::',
    '::1%eth0',
  ])('"%s" is neither', (text) => {
    expect(roundTrip(text)).toBe('neither');
  });

  it('reads back what it writes', () => {
    fc.assert(
      fc.property(address, (bytes) => {
        const back = new Uint8Array(16);
        expect(parseAddress(addressText(bytes, 0, Family.inet6), back, 0)).toBe(Family.inet6);
        expect(back).toEqual(bytes);
      }),
    );
  });

  it('has no text for families without addresses', () => {
    expect(addressText(new Uint8Array(16), 0, Family.unix)).toBe('');
  });

  it('knows the unspecified address of each family', () => {
    const zeros = new Uint8Array(16);
    const mapped = Uint8Array.from([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 0, 0, 0, 0]);
    expect(isUnspecified(zeros, 0, Family.inet6)).toBe(true);
    expect(isUnspecified(mapped, 0, Family.inet6)).toBe(false);
    expect(isUnspecified(mapped, 0, Family.inet)).toBe(true);
  });
});
