import fc from 'fast-check';

/** The first line of /proc/net/ip_masquerade: of Linux 2.2, and of 2.0, which has one column less. */
export const HEADING =
  'Prc FromIP   FPrt ToIP     TPrt Masq Init-seq  Delta PDelta Expires (free=40000,40000,40000)\n';
export const OLD_HEADING =
  'Prc FromIP   FPrt ToIP     TPrt Masq Init-seq  Delta Expires (free=4096,4096,4096)\n';

export const ENTRY = 'TCP 0A000001:1234 C0A80001:0050 F123 00000000      0      0  89900\n';
const OLD_ENTRY = 'TCP 0A000001:1234 C0A80001:0050 F123 00000000      0   89900\n';

function withWord(index: number, word: string): string {
  const words = ENTRY.trim().split(/[ :]+/);
  words[index] = word;
  const [protocol, from, fromPort, to, toPort, ...rest] = words;
  return `${protocol} ${from}:${fromPort} ${to}:${toPort} ${rest.join(' ')}\n`;
}

const HEX_WORDS = [
  '0', '1', '-1', '+1', '0x', '0X1f', '-0x1', '+0x', '00x1', '0xg', 'x1', 'g', '-', '+-1', 'FFFF', '10050', 'ffffffff',
  '80000000', '-80000000', '100000001', 'FFFFFFFFFFFFFFFF', '-FFFFFFFFFFFFFFFF', '10000000000000000', '-8000000000000000',
  'FFFFFFFFFFFFFFFFFF', '-ffffffffffffffffff', '0000000000000000000000000000000001', '0x00000000000000000000ff',
]; // biome-ignore format: a list of words
const DECIMAL_WORDS = [
  '0', '1', '-1', '+5', '-0', '-', '+', 'a', '0x1', '007', '99999', '-99999', '100000', '32767', '32768', '-32769', '65536',
  '9223372036854775807', '9223372036854775808', '-9223372036854775808', '-9223372036854775809', '18446744073709551615',
  '18446744073709551616', '-18446744073709551615', '99999999999999999999999', '-99999999999999999999999', '6000', '5999',
  '100', '99', '599999', '600000', '1.5',
]; // biome-ignore format: a list of words
const PROTOCOLS = [
  'IP',
  'TCP',
  'UDP',
  'ICMP',
  'GRE',
  'ESP',
  'tcp',
  'TCPX',
  'TC',
  '',
  'FOO',
  'TCP\0junk',
  '\0TCP',
  'A'.repeat(200),
];

/** One of everything that one entry can have. */
export const TREES: readonly string[] = [
  '',
  '\n',
  HEADING,
  HEADING.trim(),
  HEADING + ENTRY,
  HEADING + ENTRY.trim(),
  OLD_HEADING + OLD_ENTRY,
  OLD_HEADING + ENTRY,
  HEADING + OLD_ENTRY,
  ENTRY + ENTRY,
  `${HEADING + ENTRY}garbage\n${ENTRY}`,
  `${HEADING + ENTRY}\n \t\v\f\r\n${ENTRY}\n\n`,
  HEADING + ENTRY.replaceAll(' ', '\n'),
  HEADING + ENTRY.trim() + ENTRY,
  `${HEADING + ENTRY.trim()} ${ENTRY}`,
  `${HEADING + ENTRY.trim()} junk\n`,
  `${HEADING + ENTRY.trim()}junk\n`,
  `${HEADING + ENTRY.trim()}\0junk\n`,
  `${HEADING + ENTRY}\0\n${ENTRY}`,
  `${HEADING.slice(0, 20)}\0${HEADING.slice(20)}${ENTRY}`,
  `\0${HEADING}${ENTRY}`,
  `xxPDeltayy\n${ENTRY}`,
  `pdelta\n${ENTRY}`,
  HEADING + ENTRY.replace(':', ' :'),
  HEADING + ENTRY.replace(':', ': '),
  HEADING + ENTRY.replace(':', ' '),
  `${HEADING}${' '.repeat(2_000_000)}${ENTRY}`,
  `${HEADING}${ENTRY.trim()}${' '.repeat(1_000_000)}\n${ENTRY}`,
  HEADING + ENTRY.repeat(500),
  ...[254, 255, 256, 257, 258, 300].map((length) => `${'PDelta'.padEnd(length - 1, 'X')}\n${ENTRY}`),
  ...[248, 249, 250, 255, 256].map((blanks) => `${' '.repeat(blanks)}PDelta\n${ENTRY}`),
  ...PROTOCOLS.map((word) => HEADING + withWord(0, word)),
  ...[1, 2, 3, 4, 5, 6].flatMap((index) => HEX_WORDS.map((word) => HEADING + withWord(index, word))),
  ...[7, 8, 9].flatMap((index) => DECIMAL_WORDS.map((word) => HEADING + withWord(index, word))),
  ...Array.from({ length: ENTRY.length }, (_, length) => HEADING + ENTRY.slice(0, length)),
];

const hex = (digits: number) => fc.stringMatching(new RegExp(`^[0-9A-F]{${digits}}$`));
const port = fc.oneof(hex(4), fc.constantFrom('0000', '0050', '0035', '1B59'));
const address = fc.oneof(
  hex(8),
  fc.constantFrom('00000000', '00000001', '0A000001', '0A000002', '0A000003', '7F000001'),
);
const decimal = fc.oneof(
  fc.integer({ min: -40_000, max: 40_000 }).map(String),
  fc.constantFrom(...DECIMAL_WORDS),
);
const usual = fc
  .tuple(
    fc.constantFrom('TCP', 'TCP', 'UDP', 'ICMP', 'GRE', 'ESP', 'IP'),
    address,
    port,
    address,
    port,
    port,
    hex(8),
  )
  .map(([protocol, from, fromPort, to, toPort, masquerade, sequence]) =>
    [protocol, `${from}:${fromPort}`, `${to}:${toPort}`, masquerade, sequence].join(' '),
  );
const entry = fc
  .tuple(usual, fc.integer({ min: -40_000, max: 40_000 }), fc.integer({ min: -9, max: 9 }), fc.nat(9_999_999))
  .map(([head, delta, previous, expires]) => ({ head, delta, previous, expires }));
const oddWord = fc.oneof(fc.constantFrom(...HEX_WORDS, ...PROTOCOLS, ...DECIMAL_WORDS), decimal);
const rubble = fc
  .array(fc.oneof(oddWord, fc.constantFrom(' ', ' ', ':', '\n', '\t', '\0', ENTRY, HEADING)), {
    maxLength: 12,
  })
  .map((parts) => parts.join(''));

/** Tables as a kernel may have written them; now and then something is wrong in one of them. */
export const masqueradeTree: fc.Arbitrary<string> = fc
  .tuple(
    fc.boolean(),
    fc.array(entry, { maxLength: 6 }),
    fc.option(fc.tuple(fc.nat(7), rubble), { freq: 2, nil: undefined }),
  )
  .map(([isOld, entries, odd]) => {
    const lines = entries.map(({ head, delta, previous, expires }) =>
      isOld ? `${head} ${delta} ${expires}\n` : `${head} ${delta} ${previous} ${expires}\n`,
    );
    if (odd !== undefined) lines.splice(odd[0], 0, odd[1]);
    return (isOld ? OLD_HEADING : HEADING) + lines.join('');
  });
