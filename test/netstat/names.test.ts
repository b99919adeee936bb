import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requirement } from '../requirements.ts';
import { address4, address6, Dice, hostsText, networksText } from './random-names.ts';
import { compare, optionsOf, readable } from './synthetic-comparison.ts';
import { type CommandLine, netstat, runOn, type SyntheticHost, sockscope } from './synthetic-proc.ts';
import { type InetLine, inetFile, unixFile } from './synthetic-rows.ts';
import { type PackageWithoutAddon, packageWithoutAddon } from './without-addon.ts';

const missing = requirement('netns', 'netstat', 'dist');

/** Names of these lengths surround every width that a cell has, and netstat's room for a name. */
const LENGTHS = [
  1, 2, 3, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 63, 120, 121, 122, 125, 126, 127, 128, 129, 200, 1000,
];
const UTF8 = 'h\u00f4te-\u{1f600}-\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9';

function name(length: number): string {
  return 'abcdefghi.'.repeat(100).slice(0, length);
}

const inet4 = (length: number): string => `10.1.${length >> 8}.${length & 0xff}`;
const inet6 = (length: number): string => `2001:db8::${length.toString(16)}`;

/** Of the families that may share a name; of IPv6 glibc and netstat take no more than 127 bytes. */
const HOSTS = [
  '# a comment',
  ...LENGTHS.flatMap((length) => [
    `${inet4(length)} ${name(length)}`,
    `${inet6(length)}\t${name(length)} alias`,
  ]),
  `10.2.0.1 ${UTF8}`,
  `2001:db8:1::1 ${UTF8}`,
  `10.2.0.2 ${'\u00fc'.repeat(64)}`,
  `2001:db8:1::2 ${'\u00fc'.repeat(64)}`,
  `2001:db8:1::3 ${'\u00fc'.repeat(63)}x`,
  '10.2.0.3 first one',
  '10.2.0.3 second',
  '10.2.0.4 one.example two.example three # four',
  '  10.2.0.5\v\f\rblanks',
  '10.2.0.6',
  '10.2.0.7 # no name',
  '2001:db8:1::6',
  '10.2.0.8 nul\0cut',
  '10.2.0.9\0 cut',
  '10.02.0.10 octal',
  '10.2.011 short',
  '10.2.12 short',
  '10.2.0.13x strange',
  '10.2.0.14 -dash_and \u0001',
  '10.2.0.15 bell\u0007\u001b[31m',
  '::1 six.loopback',
  '127.0.0.1 four.loopback',
  '127.0.0.2 other.loopback',
  '::ffff:10.2.0.16 mapped.in.the.file',
  '10.2.0.16 plain.in.the.file',
  '::ffff:10.2.0.23 mapped:with:colons.in:the.name',
  '::ffff:10.2.0.24 mapped:without',
  `::ffff:10.2.0.25 ${'m'.repeat(60)}:${'n'.repeat(65)}.`,
  `::ffff:10.2.0.26 ${'m'.repeat(60)}:${'n'.repeat(66)}.`,
  '2001:db8:1::7 not:mapped.but:with.colons',
  '::ffff:a02:11 mapped.in.groups',
  '10.2.0.18 plain',
  '::10.2.0.19 compatible',
  'FE80::ABCD upper.case',
  'fe80::1%lo zone',
  '64:ff9b::10.2.0.20 translated',
  '1:2:3:4:5:6:7:: seven',
  '1:2:3:4:5:6:7:8 eight',
  '1:2:3:4:5:6:7:8:9 nine',
  '0.0.0.0 any',
  ':: any6',
  '0.1.2.3 hosts.are.not.asked',
  '255.255.255.255 all.ones',
  '224.0.0.251 a.group',
  '10.2.0.22 last.line.without.newline',
].join('\n');

const NETWORKS = [
  '# a comment',
  'zero-one-two-three 0.1.2.3 alias',
  'later 0.1.2.3',
  'short 0.1',
  '  blanks\t0.2.0.0 # more',
  'three 0.0.5',
  `${'n'.repeat(126)} 0.3.0.126`,
  `${'n'.repeat(127)} 0.3.0.127`,
  `${'n'.repeat(128)} 0.3.0.128`,
  'r\u00e9seau 0.4.0.0',
  'hexadecimal 0.0x10.x11',
  'octal 0.010',
  'wrapped 0.4294967305.1',
  'bad 0.256',
  'empty',
  'ones 255.255.255.255',
  'dots 0.5..',
  'none 0.08',
  'host 10.2.0.30',
].join('\n');

const SERVICES = [
  'http 80/tcp',
  'http 80/udp',
  'sixteen-byte-nam 81/tcp',
  `${'s'.repeat(63)} 82/tcp`,
  'eighteen-bytes-xxx 83/tcp',
  'dom 53/udp',
  '',
].join('\n');

const ADDRESSES4 = [
  ...LENGTHS.map(inet4),
  ...Array.from({ length: 31 }, (_, index) => `10.2.0.${index}`),
  ...['127.0.0.1', '127.0.0.2', '0.0.0.0', '255.255.255.255', '224.0.0.251'],
  ...[
    '0.1.2.3',
    '0.1.0.0',
    '0.2.0.0',
    '0.0.5.0',
    '0.3.0.126',
    '0.3.0.127',
    '0.3.0.128',
    '0.4.0.0',
    '0.16.17.0',
  ],
  ...['0.8.0.0', '0.9.1.0', '0.5.0.0', '0.0.0.1', '0.255.0.0', '0.0.0.0'],
];
const ADDRESSES6 = [
  ...LENGTHS.map(inet6),
  ...[1, 2, 3, 6, 7].map((index) => `2001:db8:1::${index}`),
  ...[
    '::',
    '::1',
    '::2',
    '::ffff:10.2.0.16',
    '::ffff:10.2.0.17',
    '::ffff:10.2.0.18',
    '::ffff:10.2.0.23',
    '::ffff:10.2.0.24',
    '::ffff:10.2.0.25',
    '::ffff:10.2.0.26',
    '::ffff:127.0.0.1',
  ],
  ...['::ffff:0.1.2.3', '::ffff:0.0.0.0', '::10.2.0.19', 'fe80::abcd', 'fe80::1', '64:ff9b::a02:14'],
  ...['1:2:3:4:5:6:7:0', '1:2:3:4:5:6:7:8', '2001:db8:1234:5678:9abc:def0:1234:5678'],
];

function lines(addresses: readonly string[], ports: readonly number[]): InetLine[] {
  return addresses.flatMap((address, index) =>
    ports.map((port, turn) => ({
      local: `${address} ${port}`,
      remote: `${addresses[(index * 7 + turn) % addresses.length]} ${ports[(turn + 1) % ports.length]}`,
      inode: index,
    })),
  );
}

const PORTS = [0, 7, 80, 81, 82, 83, 53, 51_234];
const FILES4 = inetFile(lines(ADDRESSES4, PORTS));
const FILES6 = inetFile(lines(ADDRESSES6, PORTS));

/** As the kernel prints addresses in the tables of SCTP. */
function sctpText(address: string): string {
  if (!address.includes(':')) return address;
  const groups = new URL(`http://[${address}]/`).hostname.slice(1, -1).split('::');
  const [head, tail = ''] = groups as [string, string?];
  const left = head.split(':').filter(Boolean);
  const right = tail.split(':').filter(Boolean);
  const zeros = new Array<string>(8 - left.length - right.length).fill('0');
  return [...left, ...zeros, ...right].map((group) => group.padStart(4, '0')).join(':');
}

const SCTP = [...ADDRESSES4, ...ADDRESSES6].map(sctpText);
const ENDPOINTS = ` ENDPT     SOCK   STY SST HBKT LPORT   UID INODE LADDRS\n${SCTP.map(
  (address, index) =>
    `ffff ffff 2   10  29   80     1000 ${index} ${address} ${SCTP[(index * 5) % SCTP.length]} \n`,
).join('')}`;
const ASSOCIATIONS = ` ASSOC     SOCK   STY SST ST HBKT ASSOC-ID TX_QUEUE RX_QUEUE UID INODE LPORT RPORT LADDRS <-> RADDRS\n${SCTP.map(
  (address, index) =>
    `ffff ffff 2   1   3  27      1        5        7    1000 ${index} 80    40000  ${address} ${SCTP[(index * 3) % SCTP.length]} <-> *${SCTP[(index * 7) % SCTP.length]} \t    7500\n`,
).join('')}`;

const NAMED: SyntheticHost = {
  net: {
    tcp: FILES4,
    tcp6: FILES6,
    udp: FILES4,
    udp6: FILES6,
    udplite: FILES4,
    udplite6: FILES6,
    raw: FILES4,
    raw6: FILES6,
    unix: unixFile([{ inode: 1, path: '/run/a.sock' }]),
    'sctp/eps': ENDPOINTS,
    'sctp/assocs': ASSOCIATIONS,
  },
  etc: { hosts: HOSTS, networks: NETWORKS, services: SERVICES },
};

const LINES = [
  ...['-ta', '-ua', '-wa', '-xa', '-Ua', '-Sa', '-S', '-Sl'].flatMap((line) => [line, `${line} -W`]),
  ...['', '-W', '-l', '-a', '-aW', '-aeo', '-e', '-o', '-p', '-4a', '-6aW'],
  ...['-n', '-N', '--numeric-hosts', '--numeric-ports', '--numeric-users'].flatMap((numeric) => [
    `-tuwxSa ${numeric}`,
    `-tuwxSaW ${numeric}`,
  ]),
];

/** A host whose names and sockets are made from a seed. */
function randomHost(seed: number): SyntheticHost {
  const dice = new Dice(seed);
  const fours = Array.from({ length: 60 }, () => address4(dice));
  const sixes = Array.from({ length: 40 }, () => address6(dice));
  const networks = Array.from({ length: 60 }, () => `0.${address4(dice).split('.').slice(1).join('.')}`);
  return {
    net: {
      tcp: inetFile(lines([...fours, ...networks], [0, 80, 51_234])),
      tcp6: inetFile(lines([...sixes, ...fours.map((address) => `::ffff:${address}`)], [83, 7])),
    },
    etc: { hosts: hostsText([...fours, ...sixes], dice), networks: networksText(dice), services: SERVICES },
  };
}

const RANDOM_HOSTS = 25;

let plain: PackageWithoutAddon;
beforeAll(() => {
  if (missing === undefined) plain = packageWithoutAddon();
});
afterAll(() => plain?.remove());

/** Our command where there is no addon, and hence no resolver but our own. */
function withoutAddon(options: readonly string[]): CommandLine {
  return sockscope(options).map((word) => (word.endsWith('/dist/cli/main.cjs') ? plain.command : word));
}

describe.skipIf(missing !== undefined)(`names of hosts beside netstat ${missing ?? ''}`, () => {
  it('of every length, family and form', { timeout: 120_000 }, () => {
    compare(NAMED, LINES);
  });

  it('of every length, family and form, without the addon', { timeout: 120_000 }, () => {
    const some = ['-tuwxSUa', '-tuwSUaW', '-tuwSa -N', '-taW --numeric-ports'].map(optionsOf);
    const outcomes = runOn(NAMED, [...some.map(netstat), ...some.map(withoutAddon)]);
    for (const [index, words] of some.entries()) {
      const line = words.join(' ');
      expect(readable(line, outcomes[some.length + index]!)).toEqual(readable(line, outcomes[index]!));
    }
  });

  it('that are made at random', { timeout: 120_000 }, () => {
    const first = Math.floor(Math.random() * 2 ** 31);
    for (let seed = first; seed < first + RANDOM_HOSTS; seed++) {
      const words = optionsOf(seed % 2 === 0 ? '-ta' : '-taW');
      const [expected, ...found] = runOn(randomHost(seed), [
        netstat(words),
        sockscope(words),
        withoutAddon(words),
      ]);
      expect(expected!.stdout).toContain('tcp6');
      for (const ours of found) expect(readable('', ours), `seed ${seed}`).toEqual(readable('', expected!));
    }
  });
});
