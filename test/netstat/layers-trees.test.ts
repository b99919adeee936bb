import { describe, expect, it } from 'vitest';
import { requirement } from '../requirements.ts';
import { devFile } from './interfaces-scene.ts';
import { INET_HEADING, inet6Route, inetRoute, ZEROS } from './routes-texts.ts';
import { runOn, type SyntheticHost, sockscope } from './synthetic-proc.ts';
import { inetFile, unixFile } from './synthetic-rows.ts';
import { sysfsAlone } from './synthetic-sysfs.ts';

const missing = requirement('netns', 'dist');

const counted = (title: string, counters: Readonly<Record<string, number>>): string =>
  `${title}: ${Object.keys(counters).join(' ')}\n${title}: ${Object.values(counters).join(' ')}\n`;

const names = Array.from({ length: 10 }, (_, index) => `v${index}`);

/** More devices and programs than a screen shows. */
const BUSY: SyntheticHost = {
  network: sysfsAlone({
    ...Object.fromEntries(names.map((name, index) => [name, { ifindex: index + 1 }])),
    v3: { ifindex: 4, flags: '0x1003', operstate: 'up' },
  }),
  net: {
    dev: devFile(names, '0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0')
      .replace('v3: 0 0 0 0', 'v3: 5000 9 1 2')
      .replace('v5: 0', 'v5: 3000000'),
    if_inet6: 'fe80000000000000000000000000000a 02 40 20 80 v3\n',
    route: INET_HEADING + inetRoute({ Destination: '00000000', Mask: '00000000', Gateway: '0100000A' }),
    ipv6_route:
      inet6Route({ destination: ZEROS, prefixLength: '00', nextHop: ZEROS }) +
      inet6Route({ destination: ZEROS, prefixLength: '00', nextHop: ZEROS, name: 'v4' }) +
      inet6Route({ destination: ZEROS, prefixLength: '00', nextHop: ZEROS, name: 'v5' }),
    igmp6: '2    v3              ff020000000000000000000000000001     1 0000000C 0\n',
    nf_conntrack:
      'ipv4     2 udp      17 29 src=10.0.0.2 dst=192.0.2.9 sport=53 dport=53 src=192.0.2.9 dst=10.0.0.2 sport=54 dport=53 mark=0 use=1\n',
    snmp: [
      counted('Ip', { InReceives: 9, OutRequests: 0, ForwDatagrams: 5, InDiscards: 0, OutNoRoutes: 2 }),
      counted('Icmp', { InMsgs: 1, OutMsgs: 1, InErrors: 0, InDestUnreachs: 1 }),
      counted('Tcp', { ActiveOpens: 1, PassiveOpens: 2, InSegs: 10, OutSegs: 200, RetransSegs: 3 }),
      counted('Udp', { InDatagrams: 4, OutDatagrams: 5, NoPorts: 1 }),
    ].join(''),
    tcp: inetFile([
      { local: '127.0.0.1 80', state: 10, inode: 101 },
      { local: '127.0.0.1 80', remote: '10.0.0.1 1', inode: 102 },
      { local: '127.0.0.1 80', remote: '10.0.0.1 2', inode: 103 },
      { local: '127.0.0.1 80', remote: '10.0.0.1 3', state: 6 },
    ]),
    udp: inetFile([{ local: '127.0.0.1 53', state: 7, inode: 104 }]),
    unix: unixFile(Array.from({ length: 9 }, (_, index) => ({ inode: 200 + index, path: '/p' }))),
  },
  processes: {
    20: { commandLine: 'web\0', comm: 'web', links: { 3: 'socket:[101]', 4: 'socket:[102]' } },
    21: { commandLine: 'web\0', comm: 'web', links: { 3: 'socket:[103]' } },
    22: { commandLine: '\u001bodd\0', comm: 'odd', links: { 3: 'socket:[104]' } },
    23: { commandLine: '', comm: '', links: { 3: 'socket:[208]' } },
    ...Object.fromEntries(
      Array.from({ length: 8 }, (_, index) => [
        30 + index,
        { commandLine: `p${index}\0`, comm: `p${index}`, links: { 3: `socket:[${200 + index}]` } },
      ]),
    ),
  },
};

/** A host that has next to nothing. */
const QUIET: SyntheticHost = {
  network: sysfsAlone({}),
  net: { dev: devFile([]), tcp: '', snmp: counted('Tcp', { OutSegs: 0, RetransSegs: 0 }) },
};

const HOSTILE: SyntheticHost = {
  network: sysfsAlone({}),
  net: { dev: devFile(['a-name-too-long']), tcp: '', snmp: counted('Ip', { ForwDatagrams: 0 }) },
};

const BUSY_SCREEN = `LINK        10 interfaces, 1 up                                                         -ia
  v3        up, MTU 1500, 4.8 KiB received, 0.0 B sent, 1 error, 2 dropped              -ie
  v5        down, MTU 1500, 2.8 MiB received, 0.0 B sent, no errors                     -iae
  v0        down, MTU 1500, 0.0 B received, 0.0 B sent, no errors                       -iae
  v1        down, MTU 1500, 0.0 B received, 0.0 B sent, no errors                       -iae
  v2        down, MTU 1500, 0.0 B received, 0.0 B sent, no errors                       -iae
  v4        down, MTU 1500, 0.0 B received, 0.0 B sent, no errors                       -iae
  v6        down, MTU 1500, 0.0 B received, 0.0 B sent, no errors                       -iae
  v7        down, MTU 1500, 0.0 B received, 0.0 B sent, no errors                       -iae
  ...       2 more interfaces                                                           -ia
NETWORK     forwarded 5 packets                                                         -sw
  IPv4      0 addresses, 1 route, default by 10.0.0.1 on eth0                           -r
    packets 9 received, 0 sent, 2 without a route                                       -sw
    ICMP    1 received, 1 sent, 1 of an unreachable destination                         -sw
  IPv6      1 address, 3 routes, default by eth0 and 2 more                             -r6
  groups    1 multicast membership                                                      -g
  NAT       1 translated connection                                                     -M
TRANSPORT   14 sockets                                                                  -a
  TCP       4: 2 established, 1 listen, 1 time-wait                                     -ta
    opened  1 from here, 2 from there                                                   -st
    segments 10 received, 200 sent, 3 sent again (1.50 %)                               -st
  UDP       1: 1 unconnected                                                            -ua
    datagrams 4 received, 5 sent, 1 to no port                                          -su
  UDP-Lite  none                                                                        -Ua
  raw       none                                                                        -wa
  unix      9: 9 unconnected                                                            -xa
PROGRAMS    11 programs in 12 processes                                                 -ap
  web       2 processes, 1 listening, 2 connected                                       -ap
  (nobody)  1 other                                                                     -ap
  \\x1bodd   1 process, 1 other                                                          -ap
  p0        1 process, 1 unix                                                           -ap
  p1        1 process, 1 unix                                                           -ap
  p2        1 process, 1 unix                                                           -ap
  p3        1 process, 1 unix                                                           -ap
  p4        1 process, 1 unix                                                           -ap
  ...       4 more programs                                                             -ap
`;

const BUSY_FACTS = {
  schemaVersion: 1,
  links: [
    { name: 'v0', isUp: false, mtu: 1500, rxBytes: 0, txBytes: 0, errors: 0, dropped: 0 },
    { name: 'v1', isUp: false, mtu: 1500, rxBytes: 0, txBytes: 0, errors: 0, dropped: 0 },
    { name: 'v2', isUp: false, mtu: 1500, rxBytes: 0, txBytes: 0, errors: 0, dropped: 0 },
    { name: 'v3', isUp: true, mtu: 1500, rxBytes: 5000, txBytes: 0, errors: 1, dropped: 2 },
    { name: 'v4', isUp: false, mtu: 1500, rxBytes: 0, txBytes: 0, errors: 0, dropped: 0 },
    { name: 'v5', isUp: false, mtu: 1500, rxBytes: 3000000, txBytes: 0, errors: 0, dropped: 0 },
    { name: 'v6', isUp: false, mtu: 1500, rxBytes: 0, txBytes: 0, errors: 0, dropped: 0 },
    { name: 'v7', isUp: false, mtu: 1500, rxBytes: 0, txBytes: 0, errors: 0, dropped: 0 },
    { name: 'v8', isUp: false, mtu: 1500, rxBytes: 0, txBytes: 0, errors: 0, dropped: 0 },
    { name: 'v9', isUp: false, mtu: 1500, rxBytes: 0, txBytes: 0, errors: 0, dropped: 0 },
  ],
  networks: [
    { family: 'inet', addresses: 0, routes: 1, defaultRoutes: ['10.0.0.1 on eth0'] },
    { family: 'inet6', addresses: 1, routes: 3, defaultRoutes: ['eth0', 'v4', 'v5'] },
  ],
  groups: 1,
  nat: 1,
  counters: {
    Ip: { InReceives: 9, OutRequests: 0, ForwDatagrams: 5, InDiscards: 0, OutNoRoutes: 2 },
    Icmp: { InMsgs: 1, OutMsgs: 1, InErrors: 0, InDestUnreachs: 1 },
    Tcp: { ActiveOpens: 1, PassiveOpens: 2, InSegs: 10, OutSegs: 200, RetransSegs: 3 },
    Udp: { InDatagrams: 4, OutDatagrams: 5, NoPorts: 1 },
  },
  sockets: [
    { protocol: 'tcp', states: { listen: 1, established: 2, 'time-wait': 1 } },
    { protocol: 'udp', states: { unconnected: 1 } },
    { protocol: 'udplite', states: {} },
    { protocol: 'raw', states: {} },
    { protocol: 'unix', states: { unconnected: 9 } },
  ],
  programs: [
    { program: 'web', processes: 2, listening: 1, connected: 2, unix: 0, other: 0 },
    { processes: 0, listening: 0, connected: 0, unix: 0, other: 1 },
    { program: '\u001bodd', processes: 1, listening: 0, connected: 0, unix: 0, other: 1 },
    { program: 'p0', processes: 1, listening: 0, connected: 0, unix: 1, other: 0 },
    { program: 'p1', processes: 1, listening: 0, connected: 0, unix: 1, other: 0 },
    { program: 'p2', processes: 1, listening: 0, connected: 0, unix: 1, other: 0 },
    { program: 'p3', processes: 1, listening: 0, connected: 0, unix: 1, other: 0 },
    { program: 'p4', processes: 1, listening: 0, connected: 0, unix: 1, other: 0 },
    { program: 'p5', processes: 1, listening: 0, connected: 0, unix: 1, other: 0 },
    { program: 'p6', processes: 1, listening: 0, connected: 0, unix: 1, other: 0 },
    { program: 'p7', processes: 1, listening: 0, connected: 0, unix: 1, other: 0 },
    { program: '', processes: 1, listening: 0, connected: 0, unix: 1, other: 0 },
  ],
};

const QUIET_SCREEN = `LINK        0 interfaces                                                                -ia
NETWORK     forwards nothing                                                            -sw
  IPv4      0 addresses, 0 routes, no default route                                     -r
  IPv6      0 addresses, 0 routes, no default route                                     -r6
  groups    0 multicast memberships                                                     -g
TRANSPORT   0 sockets                                                                   -a
  TCP       none                                                                        -ta
    segments 0 sent                                                                     -st
  UDP       none                                                                        -ua
  UDP-Lite  none                                                                        -Ua
  raw       none                                                                        -wa
  unix      none                                                                        -xa
PROGRAMS    0 programs in 0 processes                                                   -ap
`;

const HOSTILE_SCREEN = `LINK        1 interface                                                                 -ia
  a-name-too-long 1.0 B received, 9.0 B sent, 14 errors, 16 dropped                     -ie
NETWORK     forwards nothing                                                            -sw
  IPv4      0 addresses, 0 routes, no default route                                     -r
  IPv6      0 addresses, 0 routes, no default route                                     -r6
  groups    0 multicast memberships                                                     -g
TRANSPORT   0 sockets                                                                   -a
  TCP       none                                                                        -ta
  UDP       none                                                                        -ua
  UDP-Lite  none                                                                        -Ua
  raw       none                                                                        -wa
  unix      none                                                                        -xa
PROGRAMS    0 programs in 0 processes                                                   -ap
`;

describe.skipIf(missing !== undefined)(`the screen of layers ${missing ?? ''}`, () => {
  it('shows a host that has much', () => {
    const [screen, json] = runOn(BUSY, [sockscope(['layers']), sockscope(['layers', '--json'])]);
    expect(screen).toEqual({ stdout: BUSY_SCREEN, stderr: '', code: 0 });
    expect(json).toEqual({ stdout: `${JSON.stringify(BUSY_FACTS)}\n`, stderr: '', code: 0 });
  });

  it('shows one that has little', () => {
    for (const [host, stdout] of [
      [QUIET, QUIET_SCREEN],
      [HOSTILE, HOSTILE_SCREEN],
    ] as const) {
      expect(runOn(host, [sockscope(['layers'])])).toEqual([{ stdout, stderr: '', code: 0 }]);
    }
  });
});
