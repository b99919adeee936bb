import fc from 'fast-check';
import { HEADER, type InterfaceTree, OLD_HEADER, OLDEST_HEADER } from './interfaces-scene.ts';

/** Trees made at random: names, counters, flags, types, addresses; files as kernels write them, and damaged ones. */

const plainName = fc
  .tuple(
    fc.constantFrom('eth', 'lo', 'd', 'a', 'wlan', 'veth0a', 'br-', 'x.', 'ETH', '\xe9', ''),
    fc.oneof(fc.nat(12), fc.constantFrom('', '007', '4294967296', '2147483648', '01', '10.5')),
  )
  .map(([stem, number]) => `${stem}${number}`.slice(0, 15));
const label = fc
  .tuple(plainName, fc.oneof(fc.nat(20), fc.constantFrom('', '01', 'ab', 'a1', '1:2', '99999999999')))
  .map(([name, number]) => `${name}:${number}`.slice(0, 15));
const anyName = fc
  .array(fc.constantFrom(...'ab019:.-\xff'.split('')), { maxLength: 19 })
  .map((letters) => letters.join(''));
const name = fc.oneof(
  { weight: 6, arbitrary: plainName },
  { weight: 1, arbitrary: label },
  { weight: 1, arbitrary: anyName },
);

const count = fc.oneof(
  { weight: 4, arbitrary: fc.nat(99_999) },
  { weight: 4, arbitrary: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }) },
  { weight: 2, arbitrary: fc.nat(6).map((power) => 2n ** (BigInt(power) * 10n)) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('-1', '+5', '18446744073709551616', '-99999999999999999999', '007'),
  },
);
const junk = fc.constantFrom('x', '0x10', '1.5', ':', '-', '', '\t', '\v', '9'.repeat(40), '\0', '\xa0');
const counters = fc
  .array(fc.oneof({ weight: 60, arbitrary: count }, { weight: 1, arbitrary: junk }), {
    minLength: 16,
    maxLength: 17,
  })
  .map((cells) => cells.join(' '));
const line = fc.oneof(
  {
    weight: 12,
    arbitrary: fc
      .tuple(fc.constantFrom('', '  ', '\t'), name, fc.constantFrom(': ', ':', ':', ' : '), counters)
      .map((parts) => parts.join('')),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(name, fc.nat(600)).map(([text, blanks]) => `${text}:${' '.repeat(blanks)}7 8`),
  },
  { weight: 1, arbitrary: name },
);
const header = fc.oneof(
  { weight: 8, arbitrary: fc.constant(HEADER) },
  fc.constantFrom(
    OLD_HEADER,
    OLDEST_HEADER,
    '',
    'a line\n',
    'compressed\nand another\n',
    `${'-'.repeat(505)}bytes\nx\n`,
  ),
);
const dev = fc
  .tuple(header, fc.array(line, { maxLength: 14 }), fc.constantFrom('\n', '\n', ''))
  .map(([head, lines, end]) => head + lines.join('\n') + end);

const quad = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255)).map((bytes) => bytes.join('.'));
const errno = fc.constantFrom('!1', '!13', '!19', '!22', '!99');
const signed = fc.oneof(fc.nat(70_000), fc.integer(), fc.constantFrom(-1, 0));
const hardware = fc
  .tuple(
    fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(1, 772, 65_534, 512, 768, 776, 778, 801) },
      fc.constantFrom(
        0,
        3,
        7,
        15,
        24,
        27,
        32,
        256,
        257,
        258,
        259,
        264,
        270,
        271,
        513,
        516,
        770,
        774,
        780,
        782,
        783,
      ),
      // Of an Ash address (781) netstat prints what lies behind it in its memory.
      fc.nat(65_535).filter((type) => type !== 781),
    ),
    fc.uint8Array({ maxLength: 14 }),
  )
  .map(([type, bytes]) => `${type}:${Buffer.from(bytes).toString('hex')}`);
const map = fc
  .tuple(
    fc.constantFrom('0', '1', 'c0000', 'fffffffff000'),
    fc.constantFrom('0', 'cffff'),
    fc.constantFrom('0', 'ff', '100', 'ffff'),
    fc.constantFrom(0, 5, 255),
    fc.constantFrom(0, 7),
    fc.nat(6),
  )
  .map((parts) => parts.join(':'));
/** Of a device; flags without `portsel` are the most. */
const flags = fc.oneof(
  fc.nat(0xffff),
  fc.constantFrom(0, 1, 0x1043, 0x49, 0x4000, 0x8000, 0x10d1),
  fc.nat(0x1fff),
);

/** `key=value` with the weights of: absent, an error, a value. */
function setting<T>(key: string, value: fc.Arbitrary<T>, weights = [1, 1, 8]): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: weights[0]!, arbitrary: fc.constant('') },
    { weight: weights[1]!, arbitrary: errno.map((word) => ` ${key}=${word}`) },
    { weight: weights[2]!, arbitrary: value.map((word) => ` ${key}=${word}`) },
  );
}

const device = fc
  .tuple(
    setting('flags', flags, [0, 0, 1]),
    // No errors: netstat then takes the flags, which are still in its memory, for the type.
    setting('hw', hardware, [1, 0, 8]),
    setting('mtu', signed),
    setting('queue', signed),
    setting('map', map, [6, 1, 3]),
    setting('outfill', fc.integer(), [3, 1, 1]),
    setting('keepalive', fc.integer(), [3, 1, 1]),
    setting('addr', quad, [4, 1, 5]),
    setting('dst', quad),
    setting('brd', quad),
    setting('mask', quad),
  )
  .map((settings) => settings.join(''));

const inet6Line = fc
  .tuple(
    fc.constantFrom(
      'fe80000000000000021122fffe334455',
      '00000000000000000000ffff01020304',
      '0'.repeat(32),
      '20010db8'.padEnd(32, '0'),
    ),
    fc.constantFrom('02', '100', '0x2'),
    fc.constantFrom('40', '80', '0', 'f', '-4'),
    fc.nat(255).map((scope) => scope.toString(16).padStart(2, '0')),
    plainName,
  )
  .map(([address, index, prefix, scope, of]) => `${address} ${index} ${prefix} ${scope} 80 ${of}`);
/** No lines that are cut: an interface without a name then has what lies in netstat's memory for an address. */
const inet6 = fc.array(fc.oneof({ weight: 20, arbitrary: inet6Line }, fc.constant('')), { maxLength: 12 });

/** One in eight has no line for names that it does not describe: there the list ends early. */
export const interfaceTree: fc.Arbitrary<InterfaceTree> = fc
  .record({
    names: fc.array(fc.tuple(plainName, device), { maxLength: 8 }),
    labels: fc.array(fc.tuple(fc.oneof(label, plainName), quad, device), { maxLength: 4 }),
    others: fc.option(device, { freq: 8 }),
    sockets: fc.oneof({ weight: 20, arbitrary: fc.constant('') }, fc.constantFrom('* list=!22', '* list=!1')),
    dev: fc.option(dev, { freq: 12 }),
    inet6: fc.option(inet6, { freq: 6 }),
  })
  .map((tree) => ({
    ioctls: [
      tree.sockets,
      ...tree.names.map(([of, settings]) => `${of}${settings}`),
      ...tree.labels.map(([of, address, settings]) => `${of} conf=${address}${settings}`),
      ...(tree.others === null ? [] : [`?${tree.others}`]),
    ].filter((text) => text !== '' && !text.startsWith(' ')),
    dev: tree.dev ?? undefined,
    inet6: tree.inet6?.map((text) => `${text}\n`).join(''),
  }));
