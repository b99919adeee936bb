import type { SyntheticHost } from './synthetic-proc.ts';

const lines = (...rows: readonly string[]): string => rows.map((row) => `${row}\n`).join('');

export const IPX_HEADING =
  'Local_Address              Remote_Address              Tx_Queue  Rx_Queue  State  Uid\n';
const IPX_ROWS = [
  '00000001:000000000001:4001  Not_Connected               0000000A  0000000B  07     000',
  '00000001:4002               00000002:000000000003:4003  00000000  00000000  01     1000',
  'DEADBEEF:AABBCCDDEEFF:0451  00000000:000000000000:0000  FFFFFFFF  80000000  02     4294967295',
];

/** Before it the fields of a row are whatever was in memory. */
const IPX_GOOD = '00000001:000000000001:4001 00000007:8:4321 A B 7 5';

const IPX_NETWORKS = [
  ...[
    '0',
    '1',
    'a',
    '12345678',
    '123456789',
    '00000000000000012',
    'ffffffff',
    'fffffffffffffffff',
    'z',
    '1z',
  ],
  ...['z1', '1:1', '1:a', '1:abc', '1:000000000001', '1:0000000000001', '1:1234567890ab', '1:1234567890abc'],
  ...[
    '1:z',
    '1:1z',
    '1:ABCDEF',
    '1:aBcDeF',
    '1:',
    '',
    ':',
    ':1',
    '::1',
    '1::1',
    '1:2:3',
    '0x10',
    '0X10:0x10',
  ],
  ...['-1', '+1', '+-1', '1:-1', '-1:5', '1:0', '0:0', '0:5', '1.2', '1:1.2', '*', '*:5', '5:*', '1z:5'],
  ...[
    '1.5:7',
    '100000000',
    '100000000:1',
    '1ffffffff',
    '18446744073709551615',
    '-ffffffff',
    '-0',
    '0x',
    '0xg',
  ],
  ...['ffffffff:1', 'Not_Connected', 'a'.repeat(40), `1:${'b'.repeat(20)}`],
];

const ODD_IPX = [
  IPX_GOOD,
  ...IPX_NETWORKS.map((network) => `${network}:1 ${network}:2 1 2 1 3`),
  ...['', '1', '12', '1234', '12345', 'x', '0x12', '-1', '+1', 'f'.repeat(20), '10000', '1g', 'g1', '1,'].map(
    (port) => `a:${port} b:${port} 1 2 1 4`,
  ),
  ...['ffffffff', 'FFFFFFFFF', '7fffffff', '0x1F', '-1', '+1', 'x', '1x', '9'.repeat(30)].map(
    (queue) => `a:1 Not_Connected ${queue} 5 1 6`,
  ),
  ...['07', '70', '1', '0', '0x1', '-7', '2', 'x', '100000001', '4294967297'].map(
    (state) => `a:1 Not_Connected 1 5 ${state} 6`,
  ),
  ...['99999999999', '-1', '4294967295', '010', '0x10', 'x', ''].map(
    (uid) => `a:1 Not_Connected 1 5 1 ${uid}`,
  ),
  ...['a:1 b:1', 'c:1 d:1 5', 'e:1 f:1 6 7', 'g:1 1:1 8 9 1', ' \t1:1\t2:2\v3\f4\r1\r5', 'abc:1'],
  ...['a:b:c:1 d:e:f:2 1 2 1 1', '', ' ', '\v', '\0', '1:1', '5:5 6:6\0 7'],
  `a:1 b:1 1 1 1 1 ${'1:1 '.repeat(400)}`,
  'Not_Connected:1 Not_Connected:2 1 1 1 1',
  '*:1 Not_Connected: 1 1 1 1',
];

const AX25_TAIL = '1 2 3 04 05 06 07 08 09 10 11 12 13 14 15 16 17 18 19';
const AX25_ROWS = [
  `8a5d0c00 ax0 AB1CDE-15 EF2GHI-7,DIGI-1*,DIGI-2 3 ${AX25_TAIL}`,
  `8a5d0c00 ax0 AB1CDE-15 EF2GHI-7 4 7 0 6 0 10 0 3 0 300 0 0 0 10 5 2 256 1024 99999 12345`,
  '8a5d0c00 ??? AB1CDE-15 * 0 0 0 0 0 10 0 3 0 300 0 0 0 10 5 2 256 * * *',
];
const ODD_AX25 = [
  ...[0, 1, 2, 3, 4].map((state) => `m a s d ${state} ${AX25_TAIL}`),
  ...[
    'm  a s d',
    'm a  s d',
    'm a s  d',
    ' m a s d',
    'm a s d ',
    'm a s d,e f',
    'm a s d*',
    'm a s,t d',
    'm a,b s d',
  ].map((words) => `${words} 3 ${AX25_TAIL}`),
  ...['m\ta s d e', 'm a s ,', 'm averylongdevicename averylongcallsign averylongcallsign,d'].map(
    (words) => `${words} 3 ${AX25_TAIL}`,
  ),
  ...[
    '',
    '3',
    '3 1',
    '3 1 2',
    '3 1 2 ',
    '3 1 2 3',
    'x 1 2',
    '3 x 2',
    '3 1 x',
    '3.5 1 2',
    '1a 1 2',
    '03 +1 -2',
  ].map((rest) => `m a s d ${rest}`),
  `m a s d 3 1 2${' 3'.repeat(14)}`,
  `m a s d 3 1 2${' 3'.repeat(14)} 17`,
  `m a s d 3 1 2${' 3'.repeat(14)} 17 18`,
  `m a s d 3 1 2${' 3'.repeat(14)} 17 *`,
  `m a s d 3 1 2${' 3'.repeat(14)} * 18`,
  `m a s d 3 1 2${' x'.repeat(14)} 17 18`,
  `m a s d 3 1 2${' -1'.repeat(14)} 17 18`,
  `m a s d 3 1 2${' 3.5'.repeat(14)} 17 18`,
  `m a s d 3 1000 -2${' 3'.repeat(14)} -17 1234567890123`,
  `m a s d 3 -100 -20${' 3'.repeat(14)} +017 ${'9'.repeat(30)}`,
  'm a s d 3\t1\v2\f3\r4',
  'm a s d 3 1 2\0 5',
  `m a s d 3 ${AX25_TAIL} ${'m a s d 1 2 3 '.repeat(40)}`,
  `m a s ${'d'.repeat(230)} 3 1 2`,
  `m a s d\u00e9 3 ${AX25_TAIL}`,
];

const X25_HEADING = 'dest_addr  src_addr   dev   lci st vs vr va   t  t2 t21 t22 t23 Snd-Q Rcv-Q inode\n';
const X25_TAIL = '1  2  3   4   5   6   7   8     9    10 11';
const X25_ENDS = '1234567890 abcdefghij x25-0';
const X25_ROWS = [
  `1234567890 9876543210 x25-0 001  3  ${X25_TAIL}`,
  '*          *          ???   000  0  0  0  0   0   0   0   0   0     0     0 12',
  `12345      54321      lapb0 999  4  ${X25_TAIL}`,
];
const ODD_X25 = [
  `${X25_ENDS} 001  3  ${X25_TAIL}`,
  ...[0, 1, 2, 3, 4].flatMap((state) => [
    `${X25_ENDS} 00${state} ${state}  ${X25_TAIL}`,
    `${X25_ENDS} 000  ${state}  ${X25_TAIL}`,
  ]),
  ...['FFF', '0ff', '12A', '00000001', '-1', '+5', 'x', '1234567'].map(
    (lci) => `${X25_ENDS} ${lci} 2 ${X25_TAIL}`,
  ),
  ...['', '1', '1 2', '1 2 3', '1 2 3 4', '1 2 3 4 5', '1 2 3 4 5 6 7 8 9 10', '1 2 3 4 5 6 7 8 9 10 11'].map(
    (rest) => `${X25_ENDS} ${rest}`,
  ),
  ...['1 x 3 4', '1 2 x 4', '1 2 3 4 5 x 7 8 9 10 11 12', '1 2 3 4 5 6.5 7 8 9 10 11 12'].map(
    (rest) => `${X25_ENDS} ${rest}`,
  ),
  `${X25_ENDS} 1 2 -3 4444 5 6 7 8 9 10 -11 ${'9'.repeat(30)}`,
  `1234567890abcdef 1234567890abcdef x25 1 1 ${X25_TAIL}`,
  '1234567890 abcdefghij           x',
  '1234567890 abcdefghij \v\f 12345 3 3 4 5 6',
  '                                       ',
  '\t,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,',
  `${X25_ENDS} 1 2 3 4\0 5 6`,
  `${X25_ENDS} 1 3 ${X25_TAIL} ${'2 1 3 '.repeat(120)}`,
];

const NETROM_HEADING =
  'user_addr dest_node src_node  dev    my  your  st  vs  vr  va    t1     t2     t4      idle   n2  wnd Snd-Q Rcv-Q inode\n';
const NETROM_ENDS = 'AB1CDE-15 EF2GHI-7  JK3LMN-10 nr0';
const NETROM_TAIL = '4   5   6 001/002 03/04 005/006 007/008 9/10  11    12    13 14';
const NETROM_ROWS = [
  `${NETROM_ENDS} 02/03 04/05  3   ${NETROM_TAIL}`,
  '*         *         JK3LMN-10 ??? 00/00 00/00  0   0   0   0 000/000 00/00 000/000 000/000 0/00   0     0     0 14',
];
const ODD_NETROM = [
  ...[0, 1, 2, 3].map((state) => `${NETROM_ENDS} fF/aB CD/EF ${state} ${NETROM_TAIL}`),
  `123456789  abcdefghi  ABCDEFGHI  nr0 02/03 04/05  3   ${NETROM_TAIL}`,
  `u         d         s         nr0 1/2 3/4 3 ${NETROM_TAIL}`,
  `abcdefghijklmnopqrstuvwxyzABCDEFGHI 1/2 3/4 3 ${NETROM_TAIL}`,
  ...[
    'zz/03 04/05',
    '02 03 04/05',
    '02 /03 04/05',
    '02/ 03 04/ 05',
    '0x2/03 -1/+2',
    '02/03 04/zz',
    '2/34/5',
  ].map((circuits) => `${NETROM_ENDS} ${circuits} 3 ${NETROM_TAIL}`),
  ...['x 4 5 6', '3 x 5 6', '3 4 x 6', '3 4 5 x', '3 -4 5555 6'].map(
    (numbers) => `${NETROM_ENDS} 1/2 3/4 ${numbers} 1/2 3/4 5/6 7/8 9/10 11 12 13 14`,
  ),
  ...['x/2 3/4 5/6 7/8 9/10', '1/x 3/4 5/6 7/8 9/10', '1.2 3/4 5/6 7/8 9/10', '1/2 3/4 5 7/8 9/10'].map(
    (timers) => `${NETROM_ENDS} 1/2 3/4 3 4 5 6 ${timers} 11 12 13 14`,
  ),
  ...['1/ 2 3/ 4 5/ 6 7/ 8 9/ 10', '-1/-2 -3/-4 -5/-6 -7/-8 -9/-10', '1/2/3/4 5/6 7/8 9/10'].map(
    (timers) => `${NETROM_ENDS} 1/2 3/4 3 4 5 6 ${timers} 11 12 13 14`,
  ),
  ...['', '11', '11 12', '11 12 13', '11 12 13x', 'x 12 13', '11 x 13', '11 12 x', '11 -12 9999999999'].map(
    (queues) => `${NETROM_ENDS} 1/2 3/4 3 4 5 6 1/2 3/4 5/6 7/8 9/10 ${queues}`,
  ),
  `${NETROM_ENDS}-fourteen 1/2 3/4 3 ${NETROM_TAIL}`,
  `${NETROM_ENDS} 1/2 3/4 3 ${NETROM_TAIL} ${' 12345'.repeat(100)}`,
];

const ROSE_HEADING =
  'dest_addr  dest_call src_addr   src_call  dev   lci neigh st vs vr va   t  t1  t2  t3  hb    idle Snd-Q Rcv-Q inode\n';
const ROSE_TAIL = '2  3  4   5   6   7   8   9 010/011    12    13 14';
const ROSE_ROWS = [
  `12345678   AB1CDE-1  87654321   EF2GHI-7  rose0 002 00003  3  ${ROSE_TAIL}`,
  `*          *         87654321   EF2GHI-7  rose0 000 00000  0  ${ROSE_TAIL}`,
];
const ODD_ROSE = [
  ...[0, 1, 2, 3].map((state) => `1 2 3 4 5 6 7 ${state}`),
  ...[
    '1 2 3 4 5 x 1 1',
    '1 2 3 4 5 2 y 1',
    '1 2 3 4 5 FFF 1 1',
    '1 2 3 4 5 2 3 x',
    '1 2 3 4 5 2 3',
    '1 2 3 4',
    '',
  ],
  ...[
    'x',
    ' ',
    '1 2 3 4 5 12345 123456 1',
    '1 2 3 4 5 99999999999 -7 +3',
    '1  2\t3\v4 5\f6\r7 3 ',
    '\t1 2 3 4 5 6 7 3x',
  ],
  ...['123456789 12345678 123456789 12345678 12345 1 1 3', '1 2 3 4 5 6 7 3\0 1', '1 2\0 3 4 5 6 7 3'],
  '1'.repeat(300),
  `1 2 3 4 5 6 7 3 ${'1'.repeat(231)} 1 2 3 4 5 1 7 3 4`,
];

const KERNEL: SyntheticHost['net'] = {
  'ipx/socket': IPX_HEADING + lines(...IPX_ROWS),
  ax25: lines(...AX25_ROWS),
  x25: X25_HEADING + lines(...X25_ROWS),
  nr: NETROM_HEADING + lines(...NETROM_ROWS),
  rose: ROSE_HEADING + lines(...ROSE_ROWS),
};

const ODD: SyntheticHost['net'] = {
  'ipx/socket': IPX_HEADING + lines(...ODD_IPX),
  ax25: lines(...ODD_AX25),
  x25: X25_HEADING + lines(...ODD_X25),
  nr: NETROM_HEADING + lines(...ODD_NETROM),
  rose: ROSE_HEADING + lines(...ODD_ROSE),
};

const each = (change: (text: string) => string): SyntheticHost => ({
  net: Object.fromEntries(Object.entries(KERNEL).map(([name, text]) => [name, change(text as string)])),
});

const links = { ax25: 'ax25', x25: 'x25', nr: 'nr', rose: 'rose' };

/** Hosts that differ in these tables, by name. */
export const LEGACY_HOSTS: readonly (readonly [string, SyntheticHost])[] = [
  ['as the kernel prints them', { net: KERNEL }],
  ['odd lines', { net: ODD }],
  ['no last newline', each((text) => text.trimEnd())],
  ['first lines alone', each((text) => text.slice(0, text.indexOf('\n') + 1))],
  [
    'a megabyte on a line',
    {
      net: {
        'ipx/socket': `${IPX_HEADING}${IPX_GOOD} ${'1:1 '.repeat(250_000)}\n`,
        ax25: '1 '.repeat(500_000),
        x25: `${X25_HEADING}${X25_ENDS} 001 3 ${X25_TAIL}${' 1'.repeat(500_000)}`,
        nr: `${NETROM_HEADING}${NETROM_ROWS[0]}${' 1'.repeat(500_000)}\n`,
        rose: ROSE_HEADING + '1 '.repeat(500_000),
      },
    },
  ],
  ['empty files', each(() => '')],
  ['none', { net: {} }],
  [
    'IPX ends at a source without a port',
    { net: { ...KERNEL, 'ipx/socket': `${KERNEL['ipx/socket']}a b:1 1 1 1 1\nc:1 d:1 1 1 1 1\n` } },
  ],
  [
    'IPX ends at a destination without a port',
    { net: { ...KERNEL, 'ipx/socket': `${KERNEL['ipx/socket']}a:1 b 1 1 1 1\n` } },
  ],
  ['IPX ends at an empty line', { net: { ...KERNEL, 'ipx/socket': `${IPX_HEADING}${IPX_ROWS[0]}\n\n` } }],
  ['a file where a folder is wanted', { net: { ipx: IPX_HEADING } }],
  ['links that lead to themselves', { net: KERNEL, links: { ...links, 'ipx/socket': 'socket' } }],
];

/** A table whose line netstat answers with what is in memory: it, and what we print of that line. */
export interface Departure {
  readonly option: string;
  readonly net: SyntheticHost['net'];
  /** The last line of the table. */
  readonly ours: string;
  /** What netstat prints there; a pattern where it depends on what is behind its tables. */
  readonly theirs: string | RegExp;
}

export const LEGACY_DEPARTURES: readonly Departure[] = [
  {
    option: '--rose',
    net: {
      rose: `${ROSE_HEADING}1234567890 AB1CDE-15 0987654321 EF2GHI-15 rose0 002 00003  3  ${ROSE_TAIL}\n`,
    },
    ours: '1234567890  AB1CDE-15  0987654321  EF2GHI-15 rose0   2     3   ESTABLISHED',
    theirs: '                       0987654321  EF2GHI-15 rose0   2     3   ESTABLISHED',
  },
  {
    option: '--rose',
    net: { rose: `${ROSE_HEADING}1 2 3 4 5 6 7 4\n` },
    ours: '1           2          3           4         5       6     7   UNKNOWN',
    theirs: /^1 {11}2 {10}3 {11}4 {9}5 {7}6 {5}7 {3}(?!UNKNOWN)/,
  },
  {
    option: '--x25',
    net: { x25: `${X25_HEADING}1234567890 abcdefghij abcdefghijklmnopqrs 001 3 ${X25_TAIL}\n` },
    ours: '1234567890      abcdefghi       abcdefghijklmnopqrs 1    ESTABLISHED  02/01  9       10    ',
    theirs: 'qrs             abcdefghi       abcdefghijklmnopqrs 1    ESTABLISHED  02/01  9       10    ',
  },
  {
    option: '--x25',
    net: { x25: `${X25_HEADING}${X25_ENDS} 001 3 ${X25_TAIL}\n\n` },
    ours: 'Problem reading data from /proc/net/x25',
    theirs: /^ {15}abcdefghi {7}x25-0 {3}1 {4}ESTABLISHED {2}02\/01 /,
  },
  {
    option: '--netrom',
    net: { nr: `${NETROM_HEADING}${NETROM_ROWS[0]}\nu d s nr0 1/2 3/4\n` },
    ours: 'Problem reading data from /proc/net/nr',
    theirs: /^ {3}JK3LMN-10 {2}nr0 {5}ESTABLISHED {2}005\/004 /,
  },
  {
    option: '--netrom',
    net: { nr: `${NETROM_HEADING}${NETROM_ENDS} 1/2 3/4 4 ${NETROM_TAIL}\n` },
    ours: 'AB1CDE-15  EF2GHI-7   JK3LMN-10  nr0     UNKNOWN      005/004  12      13    ',
    theirs: /^AB1CDE-15 {2}EF2GHI-7 {3}JK3LMN-10 {2}nr0 {5}(?!UNKNOWN)/,
  },
  {
    option: '--ax25',
    net: { ax25: `m a s d 5 ${AX25_TAIL}\n` },
    ours: 'd          s          a       UNKNOWN      002/001  17      18    ',
    theirs: /^d {10}s {10}a {7}\(null\) {7}002\/001 /,
  },
  {
    option: '--ax25',
    net: { ax25: `${AX25_ROWS[0]}\nm a s d\n` },
    ours: 'problem reading data from /proc/net/ax25',
    theirs: /^ {9}s {10}a {7}SABM SENT {4}003\/002 /,
  },
];
