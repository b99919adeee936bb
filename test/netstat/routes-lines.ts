import { NEIGHBOURS } from './routes-hosts.ts';
import {
  CACHE_FIELDS,
  CACHE_HEADING,
  cacheRoute,
  INET_FIELDS,
  INET_HEADING,
  INET6_FIELDS,
  inet6Route,
  inetRoute,
  NEIGHBOUR_FIELDS,
  neighbour,
} from './routes-texts.ts';
import type { Question } from './routes-trees.ts';

/** What a field of any kind may be, and be wrong. */
export const VALUES = [
  '',
  '0',
  '1',
  '-1',
  '+5',
  '-',
  'x',
  '5x',
  '0x10',
  '0x',
  '010',
  '4294967295',
  '4294967296',
  '2147483648',
  '9223372036854775807',
  '9223372036854775808',
  '99999999999999999999',
  '-99999999999999999999',
  '12345678901234',
  'FFFFFFFF',
  '1FFFFFFFF',
  '-FFFFFFFFFFFFFFFFF',
  'FFFFFFFFFFFFFFFFF',
  '8000000000000001',
  '000000',
  '0000000a',
  '0000000A0',
  'G000000A',
  '0000000G',
  'a b',
  '*',
  'a'.repeat(15),
  'a'.repeat(16),
  '1'.repeat(127),
  '1'.repeat(128),
  '\u0080\u00ff',
  'e\u001b[31m',
  'a\0b',
  '\0',
] as const;

/** A row that all that is missing can be taken from: netstat has nothing but its own memory's bytes before one. */
const FIRST_INET = inetRoute({
  Iface: 'first',
  Destination: '01010101',
  Gateway: '02020202',
  Mask: '03030303',
  IRTT: '777',
});
const FIRST_INET6 = inet6Route({
  name: 'first',
  metric: '00000777',
  references: '5',
  use: '6',
  nextHop: '1'.repeat(32),
});
const FIRST_CACHE = cacheRoute({
  Iface: 'first',
  Destination: '01010101',
  Source: '03030303',
  SpecDst: '04040404',
  HHRef: '8',
});

/** Lengths around those at which lines are cut. */
const LENGTHS = [
  127, 128, 253, 254, 255, 256, 511, 512, 1021, 1022, 1023, 1024, 1025, 2046, 2047, 4096, 1_000_000,
];

/** Headings of all sorts; what they are asked shows every column. */
export function headings(): Question[] {
  const of = (columns: readonly string[], cells: readonly string[], glue = '\t'): Question => ({
    tree: { route: `${columns.join(glue)}\n${cells.join('\t')}\n` },
    lines: ['-rnee'],
    note: columns.join(' '),
  });
  const cells = inetRoute().trimEnd().split('\t');
  const questions: Question[] = [];
  for (let at = 0; at <= INET_FIELDS.length; at++) {
    const columns: string[] = [...INET_FIELDS];
    questions.push(of(columns.toSpliced(at, 1), cells.toSpliced(at, 1)));
    questions.push(of(columns.toSpliced(at, 0, 'Extra'), cells.toSpliced(at, 0, 'x')));
    questions.push(of(columns.toSpliced(at, 0, 'Iface', 'MTU'), cells.toSpliced(at, 0, '9', '8')));
    questions.push(of(columns.toSpliced(at, 0, 'x'.repeat(200)), cells.toSpliced(at, 0, 'x'.repeat(200))));
    for (const count of [115, 116, 117, 118]) {
      const extra = Array.from({ length: count }, () => 'X');
      questions.push(
        of([...columns.slice(0, at), ...extra, ...columns.slice(at)], cells.toSpliced(at, 0, ...extra)),
      );
      questions.push(of([...columns.slice(0, at), ...extra, ...extra], cells));
    }
    for (const count of [119, 120, 121, 122, 123, 124, 125, 126, 127, 128]) {
      questions.push(of([...columns.slice(0, at), ...Array.from({ length: count }, () => 'X')], cells));
    }
  }
  for (const glue of [' ', ' \t ', '\v', '\r', ',', '\0', '    '])
    questions.push(of(INET_FIELDS, cells, glue));
  for (const heading of [
    '',
    '\0',
    'x',
    ' ',
    'Iface',
    `\r${INET_HEADING.trim()}`,
    INET_HEADING.toLowerCase().trim(),
  ]) {
    questions.push(of([heading], cells));
  }
  for (const length of [...LENGTHS, 500, 505, 506, 507, 508, 509, 510]) {
    const blanks = ' '.repeat(Math.max(1, length - INET_HEADING.length));
    questions.push(of([...INET_FIELDS, blanks], cells), of([blanks, ...INET_FIELDS], cells));
    questions.push(of([...INET_FIELDS.slice(0, 10), blanks, 'IRTT'], cells));
    questions.push({
      tree: { rt_cache: `${CACHE_HEADING.trimEnd()}${blanks}${FIRST_CACHE}${cacheRoute()}` },
      lines: ['-rnCee'],
    });
  }
  questions.push({ tree: { route: INET_HEADING.trimEnd() }, lines: ['-rn'] });
  return [...questions, ...cacheHeadings()];
}

function cacheHeadings(): Question[] {
  const cells = cacheRoute().trimEnd().split('\t');
  const lines = ['-rnCee', '-rnC', '-rnCeee'];
  const questions: Question[] = [];
  for (let at = 0; at <= CACHE_FIELDS.length; at++) {
    const columns = [...CACHE_FIELDS];
    const row = (changed: readonly string[]): string => `${changed.join('\t')}\n`;
    // netstat prints rows of what its memory holds where the last of these is missing, unless the layout is the long one.
    const without = columns.toSpliced(at, 1);
    questions.push({
      tree: { rt_cache: row(without) + row(cells.toSpliced(at, 1)) },
      lines: at < 10 ? lines : ['-rnCee', '-rnCeee'],
    });
    const more = row(columns.toSpliced(at, 0, 'Extra')) + row(cells.toSpliced(at, 0, 'x'));
    questions.push({ tree: { rt_cache: more }, lines });
    for (const count of [112, 113, 114]) {
      const extra = Array.from({ length: count }, () => 'X');
      const full = row(columns.toSpliced(at, 0, ...extra)) + row(cells.toSpliced(at, 0, ...extra));
      questions.push({ tree: { rt_cache: full }, lines: ['-rnCee'] });
    }
  }
  for (const only of ['IRTT', 'TOS', 'IRTT Arp', 'TOS Iface', 'xTOSx']) {
    questions.push({
      tree: { rt_cache: `${CACHE_FIELDS.slice(0, 10).join(' ')} ${only}\n${FIRST_CACHE}` },
      lines: [...lines, '-rnCe'],
    });
    questions.push({ tree: { rt_cache: `${only}\n${FIRST_CACHE}` }, lines });
  }
  for (const kind of ['x', '', 'HH', 'SpecDst HHUptod', 'IRTT TOS']) {
    questions.push({ tree: { rt_cache: `${kind}\n` }, lines: ['-rnCee', '-rnCeee', '-rnCee -4 -4'] });
  }
  return questions;
}

/** Whatever a table of lines may be: fields of any shape, too few and too many, lines too long, ends that are none. */
function linesOf<Field extends string>(
  fields: readonly Field[],
  line: (values: Partial<Record<Field, string>>) => string,
  glue: string,
): string[] {
  const whole = line({});
  const cells = whole.trim().split(glue);
  const texts: string[] = [];
  for (const field of fields)
    for (const value of VALUES) texts.push(line({ [field]: value } as Partial<Record<Field, string>>));
  for (let count = 0; count <= cells.length; count++) texts.push(`${cells.slice(0, count).join(glue)}\n`);
  texts.push(
    `${whole.trimEnd()} 99 98\n`,
    ` \t${whole}`,
    whole.replaceAll(glue, ' \v\r\f'),
    whole.replaceAll(glue, ','),
  );
  texts.push('\0\n', `\0${whole}`, `${whole.slice(0, 20)}\0${whole.slice(20)}`);
  for (const length of LENGTHS) {
    const blanks = ' '.repeat(Math.max(1, length - whole.length));
    texts.push(`${blanks}${whole}`, `${whole.trimEnd()}${blanks}\n`, whole.replace(/\S+\s*$/, `${blanks}$&`));
    texts.push(whole.replace(glue, blanks), `${'5'.repeat(length)}\n`);
  }
  return texts;
}

/** All lines one after the other behind a good one, there and back again, the last without its newline. */
function questionsOf(
  name: string,
  head: string,
  texts: readonly string[],
  lines: readonly string[],
): Question[] {
  return bothWays(texts).map((text) => ({ tree: { [name]: head + text }, lines }));
}

function bothWays(texts: readonly string[]): string[] {
  return [texts.join(''), texts.toReversed().join('').trimEnd()];
}

export function inetLines(): Question[] {
  const texts = linesOf(INET_FIELDS, inetRoute, '\t');
  return questionsOf('route', INET_HEADING + FIRST_INET, texts, ['-rnee', '-rn', '-rne']);
}

export function inet6Lines(): Question[] {
  return questionsOf('ipv6_route', FIRST_INET6, linesOf(INET6_FIELDS, inet6Route, ' '), ['-rn6', '-rnC6']);
}

export function cacheLines(): Question[] {
  const texts = linesOf(CACHE_FIELDS, cacheRoute, '\t');
  return questionsOf('rt_cache', CACHE_HEADING + FIRST_CACHE, texts, ['-rnCee', '-rnC', '-rnCe']);
}

export function neighbourLines(): Question[] {
  const texts = [...NEIGHBOURS, ...linesOf(NEIGHBOUR_FIELDS, neighbour, ' ')];
  return questionsOf('ndisc', neighbour({ flags: '0002' }), texts, ['-rnCe6', '-rnC6']);
}

const LETTERS = Array.from({ length: 60 }, (_, at) => String.fromCharCode(97 + (at % 26))).join('');
const DIGITS = Array.from({ length: 60 }, (_, at) => at % 10).join('');

/** netstat reads each line over the one before, and shows what it left: a short heading would leave any bytes. */
export const LONG_HEADING = `${'heading'.padEnd(250)}\n`;

/** Rows of fixed columns: a digit at each place, and lines of every length. */
function columnsOf(begin: string, places: number): string[] {
  const blank = begin.padEnd(90);
  const texts: string[] = [];
  for (let at = 0; at < places; at++) {
    for (const digit of ['3', '1', '-1', '00002 '])
      texts.push(`${blank.slice(0, at)}${digit}${blank.slice(at + digit.length)}\n`);
    texts.push(`${LETTERS.slice(0, at)}\n`, `${begin.slice(0, at)}\0${begin}\n`);
  }
  for (const length of LENGTHS)
    texts.push(`${'7'.repeat(length)}\n`, `${' '.repeat(length)}\n`, `a${' '.repeat(length)}1\n`);
  return texts;
}

export function legacyLines(): Question[] {
  const neighbours = (gap: string): string =>
    `${LONG_HEADING}${Array.from({ length: 10 }, (_, at) => `0000${at} C${at}LLSIGN${gap}dev${at}\n`).join('')}`;
  // Which of its neighbours a node uses: netstat looks for it outside of the line where that is a number too high, or below 0.
  const nodes = columnsOf('NODE      MNEM     1 2 192   6 00001', 60).filter(
    (text) => !/^.{19} *(-|\d\d)/s.test(text),
  );
  const roseNodes = columnsOf('1234567890 0010 2 00001 00002 00003', 45).filter(
    (text) => !/^.{16}[4-9]/s.test(text),
  );
  const neighbourTexts = columnsOf('00001 CALLSIGN-  dev0', 30);
  const ipx = [
    '0',
    '00000000',
    'FFFFFFFF',
    'ffffffff',
    '1FFFFFFFF',
    'x',
    '0x12',
    '-1',
    '12G4',
    '1'.repeat(24),
    '001122G34455',
  ];
  const ipxRows = ipx.flatMap((word) => [`${word} 1 2\n`, `1 ${word} 2\n`, `1 2 ${word}\n`]);
  const each = (
    name: string,
    texts: readonly string[],
    line: string,
    rest: Record<string, string> = {},
  ): Question[] =>
    bothWays(texts).map((text) => ({ tree: { [name]: LONG_HEADING + text, ...rest }, lines: [line] }));
  const node = `${LONG_HEADING}NODE      MNEM     1 2 192   6 00001\n`;
  const roseNode = `${LONG_HEADING}1234567890 0010 2 00001 00002\n`;
  return [
    ...each(
      'ipx_route',
      [
        ...ipxRows,
        '\n',
        '1 2\n',
        '1\0 2 3\n',
        ...LENGTHS.map((length) => `1 2${' '.repeat(length)}3\n`),
        '1 2 3',
      ],
      '-r --ipx',
    ),
    ...each('ax25_route', [DIGITS, ...columnsOf('N0CALL-15 ax0  ip 12', 30)], '-r --ax25'),
    ...each('x25/route', columnsOf('123456789012345  15      x25if0', 45), '-r --x25'),
    ...each('nr_nodes', nodes, '-r --netrom', { nr_neigh: neighbours('   ') }),
    ...each('nr_neigh', neighbourTexts, '-r --netrom', { nr_nodes: node }),
    ...each('rose_nodes', roseNodes, '-r --rose', { rose_neigh: neighbours('   ') }),
    ...each('rose_neigh', neighbourTexts, '-r --rose', { rose_nodes: roseNode }),
    ...ddpLines(),
  ];
}

function ddpLines(): Question[] {
  const flags = [
    '0',
    '-1',
    '65535',
    '0x3',
    'x',
    '5x',
    '4294967297',
    ...Array.from({ length: 33 }, (_, bit) => String(2 ** bit)),
  ];
  const rows = flags.map((word, at) => `0001:${at} 0000:00 ${word} lt${at}\n`).join('');
  const heading = 'Target Router Flags Dev\n';
  return [
    heading + rows,
    `${heading}a b\n1\v2\r\f3 d e f g h`,
    `${heading}a b 1 c`,
    heading,
    'a b c d',
    `h h2 h3\n\n${rows}`,
  ].map((text) => ({ tree: { atalk_route: text }, lines: ['-r --ddp', '-rn -A ddp'] }));
}
