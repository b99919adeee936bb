import type { SyntheticHost } from './synthetic-proc.ts';
import { type InetLine, inetFile, inetLine, type UnixLine, unixFile } from './synthetic-rows.ts';

const MAX = 0xffff_ffff;
const SERVER = '127.0.0.1 8080';

/** Every state that the kernel's file can hold, every timer, every width that a column can have. */
const TCP: readonly InetLine[] = [
  {
    local: SERVER,
    remote: '127.0.0.1 50000',
    sendQ: 10,
    recvQ: 15,
    timer: 2,
    ticks: 500,
    retrans: 2,
    uid: 1000,
    probes: 3,
    inode: 101,
  },
  ...Array.from({ length: 12 }, (_, state) => ({
    local: SERVER,
    remote: `127.0.0.1 ${50_000 + state}`,
    state,
    inode: 200 + state,
  })),
  { local: '0.0.0.0 80', state: 10, recvQ: 5, inode: 300 },
  { local: '0.0.0.0 0', state: 7, inode: 301 },
  { local: '127.0.0.1 81', state: 7, uid: 65_534, inode: 302 },
  { local: '127.0.0.1 82', remote: '10.0.0.9 0', inode: 303 },
  { local: '0.0.0.0 83', remote: '0.0.0.0 9', inode: 304 },
  ...[0, 9, 10, 99, 100, 999, 1000, 9999, 10_000, 99_999, 100_000, 999_999, 1_000_000, 0x7fff_ffff, MAX].map(
    (bytes, index): InetLine => ({
      local: SERVER,
      remote: '10.0.0.1 1',
      sendQ: bytes,
      recvQ: index % 2 === 0 ? bytes : 1,
    }),
  ),
  ...[0, 1, 2, 3, 4, 5, 9, 255].flatMap((timer): InetLine[] =>
    [0, 1, 99, 100, 12_345, 42_949_672].map((ticks) => ({
      local: SERVER,
      remote: '10.0.0.1 2',
      timer,
      ticks,
      retrans: ticks % 200,
      probes: Math.min(timer, 254),
    })),
  ),
  ...[0, 1, 33, 1000, 1001, 65_534, 0x7fff_ffff, 0x8000_0000, MAX - 1, MAX].map(
    (uid, index): InetLine => ({
      local: SERVER,
      remote: '10.0.0.1 3',
      uid,
      inode: [0, 1, 99_999, 999_999_999, MAX][index % 5]!,
    }),
  ),
  ...['0.0.0.1', '1.2.3.4', '9.10.99.100', '199.200.249.250', '255.255.255.255', '192.168.100.200'].flatMap(
    (address): InetLine[] =>
      [0, 1, 22, 99, 100, 999, 1000, 1001, 9999, 10_000, 65_535].map((port) => ({
        local: `${address} ${port}`,
        remote: `10.0.0.1 ${port}`,
      })),
  ),
  ...[7001, 7002, 7003, 7004, 7005, 7006, 7007, 7008].flatMap((port): InetLine[] =>
    ['1.2.3.4', '100.100.100.100', '0.0.0.0'].map((address) => ({
      local: `${address} ${port}`,
      remote: `192.168.100.201 ${port}`,
    })),
  ),
];

const ADDRESSES6 = [
  '::',
  '::1',
  '::2',
  '1::',
  'fe80::',
  '::1:2',
  '::1.2.3.4',
  '::ffff',
  '::1:0:0',
  '::ffff:0.0.0.0',
  '::ffff:127.0.0.1',
  '::ffff:192.168.100.200',
  '::fffe:1.2.3.4',
  '::ffff:0:1.2.3.4',
  '64:ff9b::1.2.3.4',
  'fe80::1',
  '2001:db8::1',
  '2001:db8:0:1:1:1:1:1',
  '2001:0:0:1:0:0:0:1',
  '2001:db8:0:0:1:0:0:1',
  '0:1:0:1:0:1:0:1',
  '1:0:1:0:1:0:1:0',
  '0:0:1:2:3:4:5:6',
  '1:2:3:4:5:6:0:0',
  '1:0:0:2:3:4:5:6',
  '2001:db8::1234:5678',
  '2001:db8::1:1234:5678',
  '2001:db8::a:1234:5678',
  '2001:db8:1234:5678:9abc:def0:1234:5678',
  'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
  '10:200:3000:1:20:300:4000:1',
];

function everyAddress6(ports: readonly number[]): InetLine[] {
  return ADDRESSES6.flatMap((address, index) =>
    ports.map((port) => ({
      local: `${address} ${port}`,
      remote: `${ADDRESSES6[(index * 7 + 3) % ADDRESSES6.length]} ${port}`,
      uid: 1000,
      inode: index,
    })),
  );
}

const TCP6: readonly InetLine[] = [
  {
    local: '::1 8080',
    remote: '::1 50000',
    sendQ: 10,
    recvQ: 15,
    timer: 2,
    ticks: 500,
    retrans: 2,
    probes: 3,
  },
  { local: ':: 80', state: 10, inode: 11 },
  { local: ':: 7003', state: 10, inode: 12 },
  { local: ':: 7005', state: 10, inode: 12 },
  { local: '::1 7006', state: 10, inode: 12 },
  { local: ':: 0', state: 7 },
  {
    local: '2001:db8:1234:5678:9abc:def0:1234:5678 443',
    remote: '2001:db8:aaaa:bbbb:cccc:dddd:eeee:ffff 51234',
  },
  { local: '::ffff:192.168.100.200 443', remote: '::ffff:192.168.100.201 65535', state: 6 },
  { local: '2001:db8::1234:5678 443', remote: '2001:db8::1:1234:5678 443' },
  ...everyAddress6([0, 1, 80, 443, 7001, 7004, 7006, 51_234]),
];

function datagrams(six: boolean): InetLine[] {
  const any = six ? '::' : '0.0.0.0';
  const one = six ? '2001:db8::1' : '10.0.0.6';
  return [
    { local: `${any} 53`, state: 7, uid: 33, inode: 400 },
    { local: `${one} 123`, remote: `${one} 53`, state: 1, sendQ: 768, recvQ: 2304, inode: 401 },
    { local: `${one} 0`, state: 7 },
    { local: `${one} 5353`, remote: `${one} 0`, state: 1 },
    { local: `${any} 7002`, remote: `${any} 5`, state: 7 },
    ...[0, 2, 3, 6, 8, 9, 10, 11, 12, 13, 200].map((state) => ({ local: `${any} 54`, state, sendQ: MAX })),
    ...[0, 1, 2, 3, 4, 100].map((timer) => ({
      local: `${any} 55`,
      state: 7,
      timer,
      ticks: 500,
      retrans: 7,
      probes: 3,
    })),
    ...[7001, 7002, 7003, 7004, 7006, 1, 58, 255].map((port) => ({
      local: `${any} ${port}`,
      remote: `${one} ${port}`,
    })),
    ...(six ? [{ local: '::ffff:1.2.3.4 5', remote: '::ffff:0.0.0.0 6' }, ...everyAddress6([5353])] : []),
  ];
}

/** Unix sockets, but for paths that are a departure. */
export const UNIX_LINES: readonly UnixLine[] = [
  { flags: 0x10000, inode: 101, path: '/run/a.sock' },
  { refs: 3, state: 3, inode: 103 },
  { refs: 300, type: 2, inode: 105, path: '/run/dgram' },
  { refs: 3, state: 2, path: '/tmp/u.sock' },
  ...[0, 1, 2, 3, 4, 5, 12, 200].map((state) => ({ state, inode: 1000 + state })),
  ...[0, 1, 2, 3, 4, 5, 6, 10].map((type) => ({
    type,
    state: 3,
    inode: 2000 + type,
    path: `@type ${type}`.replace(' ', '-'),
  })),
  ...[0, 0x1, 0x10000, 0x20000, 0x40000, 0x30000, 0x50000, 0x60000, 0x70000, MAX].flatMap((flags) =>
    [1, 2, 3].map((state) => ({ flags, state, inode: 77 })),
  ),
  ...[0, 1, 9, 99_999, 999_999, 1_000_000, 0x7fff_ffff].map((refs) => ({ refs, inode: refs, path: '/p' })),
  { inode: MAX, path: '@' },
  { inode: 99_999_999, path: '@@@' },
  { inode: 5, path: `/${'long/'.repeat(60)}` },
  { inode: 6, path: '/tmp/\u00fcml\u00e4ut-\u{1f600}' },
];

export const SCTP_ENDPOINTS = ` ENDPT     SOCK   STY SST HBKT LPORT   UID INODE LADDRS
ffff8800 ffff8801 2   10  29   80     1000 12345 10.0.0.1 10.0.0.2 
ffff8800 ffff8801 2   10  29   0      0    4294967295 0.0.0.0 
ffff8800 ffff8801 2   7   29   7001   65534 12346 0000:0000:0000:0000:0000:0000:0000:0000 
ffff8800 ffff8801 2   1   29   65535  4294967295 12347 2001:0db8:0000:0000:0000:0000:0000:0001 fe80:0000:0000:0000:0000:0000:0000:0001 0000:0000:0000:0000:0000:ffff:0102:0304 
ffff8800 ffff8801 2   12  29   80     33 12348 255.255.255.255 
ffff8800 ffff8801 2   0   29   80     33 12349 
ffff8800 ffff8801 2   10  29   80
`;

export const SCTP_ASSOCIATIONS = ` ASSOC     SOCK   STY SST ST HBKT ASSOC-ID TX_QUEUE RX_QUEUE UID INODE LPORT RPORT LADDRS <-> RADDRS HBINT INS OUTS MAXRT T1X T2X RTXC wmema wmemq sndbuf rcvbuf
ffff8800 ffff8801 2   1   3  27      1        5        7    1000 12346 80    40000  10.0.0.1 10.0.0.2 <-> *10.0.0.3 \t    7500    10    10   10    0    0        0        1        0   212992   212992
ffff8800 ffff8801 2   1   3  27      2  5000000 12345678       0     0 0     40000  *10.0.0.1 <-> *10.0.0.3 10.0.0.4 0000:0000:0000:0000:0000:ffff:0102:0304 \t    7500    10
ffff8800 ffff8801 2   8   3  27      3        0        0   65534 4294967295 443   1  2001:0db8:1234:5678:9abc:def0:1234:5678 <-> *2001:0db8:aaaa:bbbb:cccc:dddd:eeee:ffff \t    7500
ffff8800 ffff8801 2   1   3  27      4        0        0    1000 12346 80    40000  10.0.0.1 10.0.0.2
ffff8800 ffff8801 2   1   3  27      5        0        0    1000 12346 80    40000
ffff8800 ffff8801 2   1   3  27      6        0        0    1000 12346 80
ffff8800 ffff8801 2   99  3  27      7        0        0    1000 12346 80    40000  <-> 10.0.0.3 \t    7500
`;

/** Databases of names. */
export const ETC = {
  services: [
    '# a comment, and an empty line below',
    '',
    'http 80/tcp www # the canonical name counts',
    'https\t443/tcp',
    'https 443/udp',
    'first 8080/tcp',
    'last 8080/tcp',
    'domain 53/tcp',
    'domain-u 53/udp',
    'mdns 5353/udp',
    'rawname 1/raw',
    'raw-only 7002/raw',
    'sctp-only 40000/sctp',
    'averyveryverylongservicename 7001/tcp',
    'averyveryverylongservicename-udp 7001/udp',
    'eighteen-bytes-xxx 7002/tcp',
    'eighteen-bytes-yyy 7002/udp',
    'nineteen-bytes-xxxx 7003/tcp',
    'nineteen-bytes-yyyy 7003/udp',
    'seven77 7004/tcp',
    'seven77u 7004/udp',
    `${'l'.repeat(80)} 7005/tcp`,
    `${'m'.repeat(63)} 7006/tcp`,
    `${'m'.repeat(63)} 7006/udp`,
    'n\u00e4me 7007/tcp',
    'x 7008/tcp',
    '',
  ].join('\n'),
  protocols:
    'ip 0 IP\nicmp 1 ICMP\ntcp 6 TCP\nudp 17 UDP\nipv6-icmp-old 58\nipv6-icmp 58 IPv6-ICMP\nall255 255\n',
  passwd: [
    'root:x:0:0::/:/bin/sh',
    'daemon:x:1:1::/:/bin/false',
    'a-name-of-more-than-ten-bytes:x:33:33::/:/bin/false',
    'tenletters:x:1000:1000::/:/bin/sh',
    'nobody:x:65534:65534::/:/bin/false',
    '',
  ].join('\n'),
};

/** The lines of the rich host's internet tables, by protocol: IPv4, IPv6. */
export const INET_LINES = {
  tcp: [TCP, TCP6],
  udp: [datagrams(false), datagrams(true)],
  udplite: [datagrams(false), datagrams(true)],
  raw: [datagrams(false), datagrams(true)],
} as const;

const INET_FILES = {
  tcp: inetFile(INET_LINES.tcp[0]),
  tcp6: inetFile(INET_LINES.tcp[1]),
  udp: inetFile(INET_LINES.udp[0]),
  udp6: inetFile(INET_LINES.udp[1]),
  udplite: inetFile(INET_LINES.udplite[0]),
  udplite6: inetFile(INET_LINES.udplite[1]),
  raw: inetFile(INET_LINES.raw[0]),
  raw6: inetFile(INET_LINES.raw[1]),
};

const ALL_FILES = {
  ...INET_FILES,
  unix: unixFile(UNIX_LINES),
  'sctp/eps': SCTP_ENDPOINTS,
  'sctp/assocs': SCTP_ASSOCIATIONS,
};

/** One of everything. */
export const RICH: SyntheticHost = { net: ALL_FILES, etc: ETC };

/** A kernel without IPv6, UDP-Lite, raw sockets and SCTP. */
export const PARTIAL: SyntheticHost = {
  net: { tcp: INET_FILES.tcp, udp: INET_FILES.udp, unix: ALL_FILES.unix },
};

/** Nothing in /proc/net. */
export const BARE: SyntheticHost = { net: { dev: '' } };

/** Files without a byte, as a kernel table that is being taken down. */
export const EMPTY: SyntheticHost = {
  net: Object.fromEntries(Object.keys(ALL_FILES).map((name) => [name, ''])),
};

/** Files of a heading alone. */
export const HEADINGS: SyntheticHost = {
  net: Object.fromEntries(
    Object.entries(ALL_FILES).map(([name, text]) => [name, text.slice(0, text.indexOf('\n') + 1)]),
  ),
};

const GOOD: InetLine = { local: '10.0.0.1 80', remote: '10.0.0.2 40000', uid: 1000, inode: 7 };
const GOOD6: InetLine = { local: '2001:db8::1 80', remote: '2001:db8::2 40000', uid: 1000, inode: 8 };

/** A file in which lines that cannot be a socket stand between lines that are. */
function damaged(good: InetLine): string {
  const line = inetLine(good, 1);
  const words = line.trim().split(/ +/);
  const cut = [0, 1, 2, 3, 4, 5].map((count) => words.slice(0, count).join(' '));
  return [
    'whatever stands in the first line is not read',
    line,
    ...cut,
    'not a socket',
    line.replace(/^ *1:/, 'x:'),
    line.replace(':0050', ':00G0'),
    line.replace(' 01 ', ' XY '),
    `   ${words.join('   ')}   `,
    line.replace(/ 1000 /, ' -1 '),
    line,
  ]
    .map((text) => `${text}\n`)
    .join('')
    .concat(line);
}

/** Lines that make no sense, and a last line without an end. */
export const DAMAGED: SyntheticHost = {
  net: {
    tcp: damaged(GOOD),
    tcp6: damaged(GOOD6),
    udp: damaged(GOOD),
    udp6: damaged(GOOD6),
    udplite: damaged(GOOD),
    udplite6: damaged(GOOD6),
    raw: damaged(GOOD),
    raw6: damaged(GOOD6),
    // Behind a row that has a path, a line that is no row would be the rest of that path.
    unix: unixFile([
      'not a socket',
      { inode: 1 },
      '0000000000000000: 00000002 00000000',
      '',
      'not a socket',
      '0000000000000000: 00000002 00000000 00010000 0001 01 12 /whole',
      '0000000000000000:   00000002  00000000  00010000  0001  01  13 /more-blanks',
    ]).concat('0000000000000000: 00000002 00000000 00000000 0002 01 14 /no-end'),
  },
};

/** A table that is there but cannot be opened. */
export function unopenable(name: string): SyntheticHost {
  return { net: PARTIAL.net, links: { [name]: name } };
}

/** What netstat prints wrongly, and this program on purpose does not. */
export const DEPARTURES: SyntheticHost = {
  net: {
    tcp: inetFile([{ local: SERVER, remote: '10.0.0.1 1', state: 12 }]),
    unix: unixFile([
      { inode: 1, path: '/tmp/a b  c.sock' },
      { inode: 2, path: '/tmp/\u001b[31mred\t\u007f' },
      { inode: 3, path: '/tmp/two\nlines' },
    ]),
  },
};
