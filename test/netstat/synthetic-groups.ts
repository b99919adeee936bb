import type { SyntheticHost } from './synthetic-proc.ts';

export const IGMP_HEADING = 'Idx\tDevice    : Count Querier\tGroup    Users Timer\tReporter\n';

/** As the kernel prints it. */
export const IGMP = `${IGMP_HEADING}1\tlo        :     1      V3
\t\t\t\t010000E0     1 0:00000000\t\t0
2\teth0      :     4      V3
\t\t\t\tFB0000E0     2 0:00000000\t\t0
\t\t\t\t016400E0     1 1:00000A2B\t\t1
\t\t\t\tFFFFFFEF  4095 0:00000000\t\t0
\t\t\t\t010000E0     1 0:00000000\t\t0
13\tabcdefghijklmno:     1      V2
\t\t\t\tFC0000E0     1 0:00000000\t\t0
`;

export const IGMP6 = `1    lo              ff020000000000000000000000000001     1 0000000C 0
1    lo              ff010000000000000000000000000001     1 00000008 0
2    eth0            ff0200000000000000000001ff000001     3 00000004 0
13   abcdefghijklmno ff0200000000000000000000000000fb  4095 00000004 0
`;

const ALL_NODES = 'ff020000000000000000000000000001';

/** Lines of igmp that no kernel prints, after a good interface. */
const ODD_IGMP = [
  '\tfc0000e0 1',
  '\t0100 7',
  '\t010000E00 7',
  '\t01000000E0 7',
  '\tG 7',
  '\t0x10 7',
  '\t-1 7',
  '\t+1 7',
  '\t1 7x',
  '\t1 x',
  '\t1',
  '\t1 99999999999',
  '\t1 -99999999999',
  '\t1 99999999999999999999999999',
  '\t1 -99999999999999999999999999',
  '\t1 0x10',
  '\t1 +3',
  '\t1 1234567',
  '\t1\t2',
  '\t1\v2\f\r',
  '\t\t',
  '\t',
  '',
  ' ',
  '\t0 1',
  '\t00000000 1',
  '\t1 1\0 9',
  '\t1\0 1',
  '-1 lo : 1',
  '\t1 1',
  '+7lo:1',
  '\t1 1',
  '1x:2',
  '\t1 1',
  '1\v\f\r x:2',
  '\t1 1',
  'x y',
  '\t1 1',
  '1 ',
  '1',
  '\r1 z:',
  '\v1 zz:',
  '\t1 1',
  ' \t1 5',
  '\t1 1',
  '1 averyverylong:name',
  '\t1 1',
  ' 3 z:',
  '\t1 1',
  '4 abcdefghijklmnopqrstuvwxyz',
  '\t1 1',
  '4 abcdefghijklm:o:',
  '\t1 1',
  '5 x ',
  '\t1 1',
  '6 y:z w',
  '\t1 1',
  '1 :',
  '\t1 1',
  '2 lo\tx',
  '\t1 1',
  '7\u00e9 x:',
  '7 \u00e9:',
  '\t1 1',
  `\t1 1 ${'x'.repeat(9000)}`,
  `1 ${'y'.repeat(9000)}`,
  '\t1 1',
];

/** Lines of igmp6 that no kernel prints. */
const ODD_IGMP6 = [
  ` 1 lo ${ALL_NODES} 1`,
  `1 lo ${ALL_NODES} 0x1`,
  `1 lo ${ALL_NODES} x`,
  `1 lo ${ALL_NODES}`,
  '1 lo',
  '1',
  '',
  ' ',
  `1 lo ${ALL_NODES} 99999999999`,
  `1 lo ${ALL_NODES} -99999999999999999999999`,
  `1 abcdefghijklmnop ${ALL_NODES} 1`,
  `1 abcdefghijklmnoa ${ALL_NODES} 1`,
  `1 lo ${ALL_NODES}1 1`,
  `1 lo ${ALL_NODES}${ALL_NODES} 1`,
  `1 lo ${ALL_NODES}${ALL_NODES}712`,
  '1 lo ff02000000000000000000001 1',
  '1 lo ff02000000000000000000000000001 1',
  '1 lo ff01000000000000000000000000000g 1',
  `-1 lo ${ALL_NODES} +5`,
  `x lo ${ALL_NODES} +5`,
  `1x lo ${ALL_NODES} 5`,
  `12lo ${ALL_NODES} 5`,
  `0x1 lo ${ALL_NODES} 1`,
  `1 lo -${ALL_NODES} 1`,
  `\t1 lo\v${ALL_NODES}\f1`,
  '1 lo 00000000000000000000000000000000 1',
  '1 lo 00000000000000000000000000000001 1',
  '1 lo 00000000000000000000ffff01020304 1',
  '1 lo 1234567890abcdefABCDEF1234567890 1',
  `1 l\0o ${ALL_NODES} 1`,
  `1 lo ${ALL_NODES} 1 ${'x'.repeat(9000)}`,
  `1 lo:1 ${ALL_NODES} 1`,
];

const lines = (...rows: readonly string[]): string => rows.map((row) => `${row}\n`).join('');
const host = (igmp: string, igmp6: string): SyntheticHost => ({ net: { igmp, igmp6 } });

/** Hosts that differ in their groups, by name. */
export const GROUP_HOSTS: readonly (readonly [string, SyntheticHost])[] = [
  ['as the kernel prints them', host(IGMP, IGMP6)],
  ['odd lines', host(IGMP_HEADING + lines('1 lo :', ...ODD_IGMP), lines(...ODD_IGMP6))],
  ['no last newline', host(IGMP.trimEnd(), IGMP6.trimEnd())],
  ['no interface', host(`${IGMP_HEADING}\t1 1\n`, '')],
  ['empty files', host('', '')],
  ['headings alone', host(IGMP_HEADING, '\n')],
  ['no heading', host(lines('1 lo : 1', '1 lo x', 'y'), IGMP6)],
  ['a heading in both', host(IGMP, `${IGMP_HEADING}\t1 1\n9 eth9 :\n${lines(...ODD_IGMP)}`)],
  ['a heading in igmp6 alone', host('', `${IGMP_HEADING}9 eth9 :\n\t1 1\n`)],
  ['a heading without numbers', host(lines('Device : Count', '\t1 1', ...ODD_IGMP), IGMP6)],
  ['a heading that goes on', host(lines('xxDeviceIdxIdx', 'lo', '\t1 1', '\n', '\t1 1', '\0', '\t1 1'), '')],
  ['the word of a heading later', host(IGMP, IGMP6 + IGMP_HEADING + IGMP6)],
  [
    'a megabyte on a line',
    host(
      `${IGMP_HEADING}1 lo :\n\t1 1${' 1'.repeat(500_000)}\n\t2 2\n`,
      `${`1 lo ${ALL_NODES} `.repeat(25_000)}\n`,
    ),
  ],
  ['no igmp', { net: { igmp6: IGMP6 } }],
  ['no igmp6', { net: { igmp: IGMP } }],
  ['neither', { net: {} }],
  ['an igmp that cannot be opened', { net: { igmp6: IGMP6 }, links: { igmp: 'igmp' } }],
  ['an igmp6 that cannot be opened', { net: { igmp: IGMP }, links: { igmp6: 'igmp6' } }],
];
