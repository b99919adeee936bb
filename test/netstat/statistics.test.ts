import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SECTIONS6, type Sections, TITLED_SECTIONS } from '../../src/format/statistics-sections.ts';
import { launch } from '../kernel/namespaced.ts';
import { requirement } from '../requirements.ts';
import { randomTrees } from './statistics-generator.ts';
import { compareTrees, nameValueLines, pair, type Tree } from './statistics-trees.ts';
import { compare, readable } from './synthetic-comparison.ts';
import { netstat, netstatOfOurs, runOn, sockscope, unprivileged } from './synthetic-proc.ts';

const missing = requirement('netns', 'netstat', 'dist');
const traffic = requirement('ip', 'python3');
const TRAFFIC = fileURLToPath(new URL('statistics_traffic.py', import.meta.url));

/** This kernel's own files: every counter that it has. */
const KERNEL: Record<string, Uint8Array> = Object.fromEntries(
  ['snmp', 'netstat', 'snmp6', 'sctp/snmp']
    .filter((name) => existsSync(`/proc/net/${name}`))
    .map((name) => [name, readFileSync(`/proc/net/${name}`)]),
);

/** Counters that netstat does not know, by group: of newer kernels, and made up. */
const UNKNOWN = ['InCsumErrors', 'TCPLossProbes', 'Unheard', 'constructor', '__proto__', 'ip', 'INRECEIVES'];

function everyCounter(sections: Sections, value: bigint): [string, Record<string, bigint>][] {
  return [...sections].map(([title, { sentences }]) => [
    title,
    Object.fromEntries([...sentences.keys(), ...UNKNOWN].map((name) => [name, value])),
  ]);
}

function everyFile(value: bigint): Record<string, string> {
  const sctp = TITLED_SECTIONS.get('Sctp')!.sentences;
  const lines = everyCounter(SECTIONS6, value).map(([, counters]) => counters);
  const titled = everyCounter(TITLED_SECTIONS, value);
  return {
    snmp: titled
      .filter(([title]) => title !== 'Sctp' && title !== 'TcpExt')
      .map(([title, counters]) => pair(title, counters))
      .join('')
      .concat(pair('IcmpMsg', { InType3: value, OutType3: value }), pair('UdpLite', { InDatagrams: value })),
    netstat: pair('TcpExt', Object.fromEntries(titled).TcpExt!) + pair('IpExt', { InOctets: value }),
    'sctp/snmp': nameValueLines(
      Object.fromEntries([...sctp.keys(), 'SctpUnheard'].map((name) => [name, value])),
    ),
    snmp6: lines.map(nameValueLines).join('') + nameValueLines({ UdpLite6InDatagrams: value }),
  };
}

/** Every choice of protocols. */
const CHOICES = Array.from({ length: 32 }, (_, bits) =>
  [...'tuwUS'].filter((_, bit) => bits & (1 << bit)).join(''),
);

describe.skipIf(missing !== undefined)(`statistics beside netstat ${missing ?? ''}`, () => {
  it('of the files of this kernel are the same', () => {
    compare({ net: KERNEL }, [
      '-s',
      '-s6',
      '-st',
      '-sw',
      '-s6u',
      '-s4',
      '-nsveac',
      '-sg',
      '-sA ip6',
      '--statistics --tcp',
    ]);
  });

  it('of every counter that netstat knows are the same, whatever its value', async () => {
    const values = [0n, 1n, 7n, 2n ** 32n, 2n ** 64n - 1n];
    await compareTrees(values.map((value) => ({ tree: everyFile(value), lines: ['-s', '-s6'] })));
  });

  it('of every choice of protocols are the same', async () => {
    const lines = CHOICES.flatMap((letters) => [`-s${letters}`, `-s6${letters}`]);
    await compareTrees([{ tree: everyFile(3n), lines }]);
  });

  it('are refused for other families than one of inet and inet6', () => {
    const lists = ['x', '46', '64', '44', '66', 'x4', '4x', '2x', '2', 'f', '646', 'xt', 'g6'].map(
      (list) => `-s${list}`,
    );
    const words = ['inet,inet', 'ip', 'tcpip', 'ip6', 'ipx', 'bluetooth', 'econet', 'rose,ddp,appletalk,ash'];
    const lines = [
      ...lists,
      ...words.map((word) => `-s -A ${word}`),
      '-s --ax25 --ddp',
      '-s -A inet -A inet',
      '-s --tcpip',
    ];
    compare({ net: KERNEL }, lines);
  });

  it('are shown once, -c or not', () => {
    const [theirs, ours] = runOn({ net: KERNEL }, [netstat(['-sc']), netstatOfOurs(['-sc'])]);
    expect(readable('-sc', ours!)).toEqual(readable('-sc', theirs!));
  });

  it('of damaged files are the same', async () => {
    const trees = [...damagedPairs(), ...damagedLines(), ...MISSING];
    await compareTrees(trees.map((tree) => ({ tree, lines: ['-s', '-s6'] })));
  });

  it('are the same where a file may not be read, or cannot be', () => {
    const closed = ['snmp', 'netstat', 'snmp6', 'sctp/snmp'];
    const outcomes = closed.flatMap((name) => {
      const lines = [['-s'], ['-s6']];
      const runs = lines.flatMap((line) => [unprivileged(netstat(line)), unprivileged(sockscope(line))]);
      const net = {
        snmp: 'Foo: a\nFoo: 1\n',
        netstat: 'Bar: a\nBar: 1\n',
        snmp6: 'Foo6 1\n',
        'sctp/snmp': 'Foo 1\n',
      };
      const results = runOn({ net, network: [`chmod 0 proc/net/${name}`] }, runs);
      return lines.map((line, index) => [
        readable(`${name} ${line}`, results[2 * index]!),
        readable(`${name} ${line}`, results[2 * index + 1]!),
      ]);
    });
    for (const [theirs, ours] of outcomes) expect(ours).toEqual(theirs);
    const looped = Object.fromEntries(closed.map((name) => [name, `/proc/net/${name}`]));
    compare({ net: { 'sctp/x': '' }, links: looped }, ['-s', '-s6']);
    compare({ net: { snmp: 'Foo: a\nFoo: 1\n' }, links: { netstat: '/proc/net/netstat' } }, ['-s']);
  });

  it.skipIf(traffic !== undefined)(`of a namespace with traffic are the same ${traffic ?? ''}`, async () => {
    const scene = await launch({ script: TRAFFIC });
    try {
      const lines = ['-s', '-s6', '-stu', '-sw6'];
      const [netstats, ours] = [netstat([]), sockscope([])].map(([command, ...args]) =>
        lines.map((line) => ({ command: command!, args: [...args, line] })),
      );
      const outcomes = await scene.runAll([...netstats!, ...ours!, ...netstats!]);
      const [theirs, found, after] = [0, 1, 2].map((run) =>
        outcomes
          .slice(run * lines.length, (run + 1) * lines.length)
          .map(({ stdout, stderr, status }, index) =>
            readable(lines[index]!, { stdout: String(stdout), stderr: String(stderr), code: status }),
          ),
      );
      expect(after, 'the namespace is at rest').toEqual(theirs);
      expect(found).toEqual(theirs);
      expect(String(outcomes[0]!.stdout)).toMatch(/^ {8}echo replies: 4$/m);
      expect(String(outcomes[1]!.stdout)).toMatch(/^ {4}Ip6InOctets: /m);
    } finally {
      await scene.stop();
    }
  });

  it('of random files are the same', async () => {
    const seed = Date.now() % 0x7fffffff;
    const comparisons = fc.sample(randomTrees(KERNEL), { numRuns: 400, seed });
    await compareTrees(comparisons, `seed ${seed},`);
  });
});

const MISSING: readonly Tree[] = [
  {},
  { netstat: 'Bar: x\nBar: 5\n', snmp6: 'Ip6InReceives 5\n' },
  { snmp: '', netstat: '', snmp6: '', 'sctp/snmp': '' },
  { snmp: '', netstat: 'Bar: x\nBar: 5\n' },
  { snmp: null, netstat: 'Bar: x\nBar: 5\n', snmp6: null },
  { snmp: 'Tcp: a\nTcp: 5\n', netstat: null, snmp6: null, 'sctp/snmp': null },
];

/** Damage to files of line pairs. Each is shown as snmp and as netstat, with something whole before and behind. */
function damagedPairs(): Tree[] {
  const whole = 'Tcp: ActiveOpens b\nTcp: 5 6\n';
  const texts = [
    'Udp: InDatagrams NoPorts InErrors\nUdp: 1 2\n',
    'Udp: InDatagrams\nUdp: 1 2 3\n',
    'Udp:\nUdp: 7\n',
    'Udp: InDatagrams\nUdp:\n',
    'Udp InDatagrams\nUdp: 1\n',
    'Udp: InDatagrams\nUdp 1\n',
    'Tcp ActiveOpens\nTcp: 1\n',
    'Udp: InDatagrams\nTcp: 1\n',
    '\n',
    '\n\n\n',
    ' \n',
    '\r\n',
    'Udp: InDatagrams\n\nUdp: 1\n',
    'Foo: a b c d e f g h i j\nFoo: -5 99999999999999999999 18446744073709551615 18446744073709551616 -1 -0 007 +7 0 9\n',
    'Foo: a b c d\nFoo: -18446744073709551615 -18446744073709551616 -99999999999999999999 00000000000000000000000000003\n',
    'Foo: a b c\nFoo: 1 x 3\nGoo: a b c\nGoo: 1.5 2 3\nHoo: a b c\nHoo: 1+2-3 4\nIoo: a b c\nIoo: 0x10 2 3\n',
    'Foo: a b c\nFoo: --1 2 3\nGoo: a b\nGoo: - 5\nHoo: a b c\nHoo: 1 , 2\nIoo: a b\nIoo: 5x6 7\n',
    'Foo: a\tb  c\nFoo:\t1\v2\f3\r4\nGoo: a\vb c\fd\nGoo: 1 2\n',
    'Foo: a b\r\nFoo: 1 2\r\nGoo: a b \r\nGoo: 3 4 5\r\n',
    'Foo: a\xa0b c\nFoo: 1 2\nGoo: a b\nGoo:\xa01 2\n\xff: \xfe\n\xff: 1\n',
    ' Tcp: a\n Tcp: 1\nTcp : a\nTcp : 1\n: a\n: 7\nTcp:a b\nTcp:3 4\n',
    'Foo: a: b\nFoo: 1: 2\nGoo:: a b\nGoo:: 3 4\nHoo 3: a b\nHoo 7 8: 5 6\n',
    'Foo: a\0b c\nFoo: 1 2\0 3\nGoo: a b\nGoo: 3 4\n',
    'Foo: a b\nFoo: 1\0 2\nGoo: a\0b c\nGoo: 1 2\nFo\0o: a b\nFoo: 5 6\n',
    '\0Udp: a\nUdp: 5\n',
    'Udp: a\n\0Udp: 5\n',
    '\0\n',
    'TcpExt: TCPHPHits TCPTimeouts\nTcpExt: 3 4\nTcpZ: a\nTcpZ: 1\nTcp\nTcp: 1\n',
    'Tcp\0: a\nTcp: 1\n',
    'Ip6: InReceives Ip6InReceives\nIp6: 1 2\nSctp: SctpAborteds a\nSctp: 4 5\nIcmp6: Icmp6InEchos InEchos\nIcmp6: 4 5\n',
    'Icmp: InEchos InMsgs OutEchos InEchos OutMsgs OutEchos x InEchos OutEchos\nIcmp: 1 0 3 4 5 6 7 8 9\nIcmp: InEchos x\nIcmp: 0 8\nFoo: b\nFoo: 1\nIcmp: OutMsgs\nIcmp: 4\nFoo: b\nFoo: 1\n',
    'Icmp: InEchos\nIcmp: 4\nFoo: a\nFoo: 1\nTcpExt: x\nTcpExt: 5\nFoo: a\nFoo: 1\nIcmp: x InEchos x\nIcmp: 1 0 3\nIp: x\nIp: 4\n',
    'Foo: a\nFoo: 1\nFoo: a\nFoo: 1\nIp: InReceives\nIp: 1\nIp: InReceives InReceives\nIp: 0 2\n',
    `Foo: ${'n'.repeat(1_000_000)} b\nFoo: ${'0'.repeat(1_000_000)}5 ${'9'.repeat(1_000_000)}\n`,
    `${'T'.repeat(1_000_000)}: a\nFoo: ${' '.repeat(1_000_000)}1\n`,
    `Foo:${Array.from({ length: 20_000 }, (_, index) => ` n${index}`).join('')}\nFoo:${' 1'.repeat(20_000)}\n`,
  ];
  const places = texts.flatMap((text) => [
    { snmp: whole + text + whole, netstat: 'IpExt: x\nIpExt: 1\n' },
    { snmp: '', netstat: text },
  ]);
  const lastLines = [
    'Udp: InDatagrams',
    'Udp',
    'Udp: InDatagrams\nUdp: 7',
    'Udp: InDatagrams\nUdp',
    '\n',
    'Udp\n',
  ];
  return [...places, ...lastLines.map((end) => ({ snmp: whole + end }))].map((tree) => ({
    snmp6: '',
    ...tree,
  }));
}

/** Damage to files of lines with one counter each, shown as snmp6 and as sctp/snmp. */
function damagedLines(): Tree[] {
  const blanks = (count: number): string => ' '.repeat(count);
  const texts = [
    '\n',
    '\n\nIp6InReceives 5\n\nSctpAborteds 5\n \n\t\n',
    'Ip6InReceives\nIp6InDelivers 5\nIp6InDelivers\nIp6x \nSctpAborteds\nSctpAborteds \nSctpAborteds  \nSctpShutdowns\t\n',
    'Ip6x -\nIp6x +7\nIp6x - 4\nIp6x\v8\nIp6x\r\n\f9\nIp6x 0\nIp6x\xa05 6\nIp6x 007\nIp6x 5x\nIp6x 0x10\nIp6x abc\n',
    'Ip6x 99999999999999999999\nIp6x -99999999999999999999\nIp6x -18446744073709551615\nIp6x -5\n',
    'SctpAborteds abc\nSctpAborteds \r\nSctpAborteds \v5\nSctpAborteds x 5\n',
    ' Ip6InReceives 4\n\tIp6InDelivers 5\n 8\n\t7\n\v9 4\nFoo\v7\nFoo\f7 6\nFoo  \t \t7\nFoo 5 6\n',
    'Ip6\0InReceives 4\nIp6InDelivers 5\n\0\nIp6OutRequests 5\nIp6x 5\0 6\nIp6x \0 6\nSctpAborteds\0 7\nSctpAborteds\0\0 7\n',
    'Foo 5\nFoo6 5\nFoo6A 5\nAFoo6A 5\nBar6 7\nBar6Baz 8\nBar6Baz6X 9\nX6Bar6 5\n6 4\n66 5\n6a 4\n',
    'Ip 4\nIpInReceives 5\nTcp 4\nTcpA 5\nSctp 5\nSctpAborteds 6\nUdp 3\n',
    'Icmp6InMsgs 1\nIcmp6InEchos 4\nIp6InReceives 3\nIcmp6InEchos 4\nFoo6 3\nIcmp6Foo 4\nUdp6InDatagrams 3\nFoo6 4\n',
    'Icmp6OutEchos 0\nIcmp6x 4\nIcmp6InEchos 1\nIcmp6InErrors 0\nIcmp6OutEchos 2\nFoo6 1\n',
    'Ip6: InReceives\nIp6: 5\nSctp: a b\nSctp: 1 2\n',
    `Ip6InReceives${blanks(1_000_000)}7\nIp6InDelivers 5\nSctpAborteds${blanks(5000)}7\n`,
    `${'6'.repeat(1_000_000)} 7\n`,
    ...[1009, 1010, 1011, 1012, 1013].flatMap((count) => [
      `Ip6InReceives${blanks(count)}5\nIp6InDelivers 3\n`,
      `SctpShutdowns${blanks(count)}5\n`,
      `${'x'.repeat(count)} 7777777\nUdp6InErrors 5\n`,
    ]),
    ...[1021, 1022, 1024, 2045, 2047].map(
      (count) => `Ip6InDelivers 5\n${'6x'.padEnd(count, 'x')}\nIp6InDelivers 6\n`,
    ),
  ];
  const lastLines = ['Ip6InDelivers 6', 'Ip6InDelivers', ' ', 'SctpAborteds 6'];
  return [
    ...texts.flatMap((text) => [
      { snmp: 'Icmp: InEchos\nIcmp: 1\nTcpZ: a\nTcpZ: 1\n', snmp6: text },
      { snmp: 'Icmp: InEchos\nIcmp: 1\n', 'sctp/snmp': text },
    ]),
    ...lastLines.map((end) => ({ snmp: '', snmp6: `Ip6InReceives 5\n${end}` })),
    { snmp: '', 'sctp/snmp': 'SctpShutdowns 4\nSctpAborteds 6' },
    { snmp: '', snmp6: 'Icmp6OutEchos 4\n' },
  ];
}
