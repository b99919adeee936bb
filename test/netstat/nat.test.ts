import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ServiceLookup } from '../../src/names/services.ts';
import { requirement } from '../requirements.ts';
import { KnownHosts, showInProcess } from './nat-in-process.ts';
import { ENTRY, HEADING, masqueradeTree, OLD_HEADING, TREES } from './nat-trees.ts';
import { compare, optionsOf, readable } from './synthetic-comparison.ts';
import {
  netstat,
  type Outcome,
  runOn,
  type SyntheticHost,
  sockscope,
  unprivileged,
} from './synthetic-proc.ts';

const missing = requirement('netns', 'netstat');

const OPTIONS = [
  '-M',
  '-Mn',
  '-Me',
  '-Mne',
  '-Mneee',
  '-M --numeric-hosts',
  '-M --numeric-ports',
  '-M --numeric-users',
];

const SERVICES = [
  'http 80/tcp',
  'httpu 80/udp',
  'httpi 80/icmp',
  'httpraw 80/raw',
  'masquerade 61731/tcp',
  'zero 0/tcp',
  'long-service-indeed-long-service 81/tcp',
].join('\n');

const NAMED_ENTRIES =
  HEADING +
  ['TCP', 'UDP', 'ICMP', 'GRE', 'ESP', 'IP']
    .map((protocol) => `${protocol} 0A000001:0050 0A000002:0050 F123 00000001 -5 12 100\n`)
    .join('') +
  'TCP 0A000003:0051 0A000004:0050 0000 00000000 0 0 100\n' +
  'TCP 00000001:0000 00000100:0051 0050 00000000 0 0 6000\n' +
  'TCP 00000000:0050 7F000001:0051 F123 00000000 0 0 100\n';

/** netstat's words for each table, all in one run: it reads a copy of each in turn. */
function netstatOn(
  trees: readonly string[],
  options: readonly string[],
  etc: SyntheticHost['etc'] = {},
): Outcome[] {
  const net = Object.fromEntries(trees.map((tree, index) => [`trees/${index}`, Buffer.from(tree, 'latin1')]));
  return runOn(
    { net, etc },
    trees.map((_, index) => [
      'sh',
      '-c',
      'cp "/proc/net/trees/$0" /proc/net/ip_masquerade; exec "$@"',
      String(index),
      ...netstat(['-M', ...options]),
    ]),
  );
}

async function compareAll(trees: readonly string[], words: readonly string[]): Promise<void> {
  const expected = netstatOn(trees, words);
  for (const [index, tree] of trees.entries()) {
    const found = await showInProcess({ net: { ip_masquerade: Buffer.from(tree, 'latin1') }, words });
    const label = JSON.stringify(tree.slice(0, 1000));
    expect(readable(label, found)).toEqual(readable(label, expected[index]!));
  }
}

describe.skipIf(missing !== undefined)(`-M beside netstat ${missing ?? ''}`, () => {
  it.each([
    ['entries', { ip_masquerade: NAMED_ENTRIES }],
    [
      'entries of Linux 2.0',
      { ip_masquerade: `${OLD_HEADING}TCP 0A000001:1234 C0A80001:0050 F123 00000001 -5 89900\n` },
    ],
    ['no entries', { ip_masquerade: HEADING }],
    ['an empty file', { ip_masquerade: '' }],
    ['a line that makes no sense', { ip_masquerade: `${HEADING + ENTRY}garbage\n` }],
    ['a directory', { 'ip_masquerade/x': '' }],
    ['no file', { tcp: '' }],
  ])('prints %s', { timeout: 60_000 }, (_, net) => {
    compare({ net, etc: { services: SERVICES } }, [...OPTIONS, '-Mv', '-MWoptx6', '-M -A x25', '-MN']);
  });

  it('ends where the file cannot be opened, with -c as well', { timeout: 60_000 }, () => {
    const host = { net: { tcp: '' }, links: { ip_masquerade: 'ip_masquerade' } };
    compare(host, ['-M', '-Mc', '-Mcv']);
    const closed = { net: { ip_masquerade: HEADING + ENTRY }, network: ['chmod 0 proc/net/ip_masquerade'] };
    const lines = ['-M', '-Mc'].map(optionsOf);
    const outcomes = runOn(closed, [...lines.map(netstat), ...lines.map(sockscope)].map(unprivileged));
    expect(outcomes[0]).toEqual({
      stdout: '',
      stderr: '/proc/net/ip_masquerade: Permission denied\n',
      code: 255,
    });
    expect(outcomes.slice(2)).toEqual(outcomes.slice(0, 2));
  });

  it('repeats with -c until the file is gone', { timeout: 60_000 }, () => {
    const lines = [netstat, sockscope].map((program) => [
      'sh',
      '-c',
      'cp proc/net/ip_masquerade /proc/net/; { sleep 1.5; rm /proc/net/ip_masquerade; } & "$@"; code=$?; wait; exit $code',
      'sh',
      ...program(['-Mnc']),
    ]);
    const [theirs, ours] = runOn({ net: { ip_masquerade: HEADING + ENTRY } }, lines);
    expect(ours).toEqual(theirs);
    expect(theirs!.stdout.match(/^IP masquerading entries$/gm)).toHaveLength(2);
    expect(theirs!.code).toBe(1);
  });

  it.each(['-n', '-ne'])('reads every form of an entry, %s', { timeout: 120_000 }, (options) =>
    compareAll(TREES, [options]),
  );

  it('reads random tables', { timeout: 120_000 }, async () => {
    const seed = Number(process.env.SOCKSCOPE_SEED ?? Date.now() % 1_000_000);
    const trees = fc.sample(masqueradeTree, { numRuns: 400, seed });
    console.log(`random tables of ip_masquerade: SOCKSCOPE_SEED=${seed}`);
    await compareAll(trees.slice(0, 300), ['-ne']);
    await compareAll(trees.slice(300), []);
  });

  it('prints names of hosts, networks and ports', { timeout: 60_000 }, async () => {
    const long = `${'a'.repeat(130)}.example.org`;
    const etc = {
      services: SERVICES,
      hosts: `10.0.0.1 one.example.org one\n10.0.0.2 a-long-host-name-indeed.example.org\n10.0.0.3 ${long}\n0.0.0.1 no-host\n`,
      networks: 'zero 0.0.0.1\n',
    };
    const known = new Map([
      ['10.0.0.1', 'one.example.org'],
      ['10.0.0.2', 'a-long-host-name-indeed.example.org'],
      ['10.0.0.3', long],
      ['0.0.0.1', 'no-host'],
    ]);
    for (const line of ['', '-e', '--numeric-hosts', '--numeric-ports', '-n']) {
      const words = optionsOf(line);
      const numericHosts = ['--numeric-hosts', '-n'].includes(line);
      const numericPorts = ['--numeric-ports', '-n'].includes(line);
      const hosts = numericHosts ? undefined : new KnownHosts(known);
      const names = {
        service: numericPorts ? undefined : serviceOf(SERVICES),
        host: hosts && ((bytes: Uint8Array, at: number, family: number) => hosts.of(bytes, at, family)),
        network: hosts && ((network: number) => (network === 1 ? 'zero' : undefined)),
      };
      const found = await showInProcess({ net: { ip_masquerade: NAMED_ENTRIES }, words, names, hosts });
      const [expected] = netstatOn([NAMED_ENTRIES], words, etc);
      expect(readable(line, found)).toEqual(readable(line, expected!));
      // 0.0.0.0 and what begins with 0 are no hosts; each of the others is asked for once.
      expect(hosts?.resolved.map(({ size }) => size)).toEqual(numericHosts ? undefined : [5]);
    }
  });

  it('departs where a word is longer than netstat has room for', async () => {
    const tree = `${HEADING}${'A'.repeat(400)}${ENTRY.slice(3)}`;
    const [theirs] = netstatOn([tree], ['-n']);
    expect(theirs!.code).toBe(134);
    const ours = await showInProcess({ net: { ip_masquerade: tree }, words: ['-n'] });
    expect(ours).toEqual({
      stdout: '',
      stderr: "masq_info.c: Internal Error `ip_masquerade unknown type'.\n",
      code: 255,
    });
  });

  it('departs where the kernel of today translates: netstat knows nothing of it', { timeout: 60_000 }, () => {
    const lines = ['-Mn', '-Mne', '-Mnv'].map(optionsOf);
    const outcomes = runOn({ net: { nf_conntrack: CONNTRACK } }, [
      ...lines.map(netstat),
      ...lines.map(sockscope),
    ]);
    const none = { stdout: '', stderr: "netstat: no support for `ip_masquerade' on this system.\n", code: 1 };
    expect(outcomes.slice(0, 3)).toEqual([none, none, none]);
    const rows = [
      'tcp 7199:59.00 10.0.0.2             192.0.2.9            40000 -> 80 (61001)',
      'udp   0:30.00 10.0.0.2             10.0.0.1             5000 -> 53 (5000)',
      'icmp  0:29.00 10.0.0.2             192.0.2.9            77 -> 2048 (1)',
      'esp   9:59.00 10.0.0.2             192.0.2.9            * -> * (*)',
      'tcp   1:00.00 fd00:1234:5678:9abc:def0:1234:5678:9abc fd01::9              40000 -> 443 (40000)',
      '99    0:00.00 10.0.0.2             192.0.2.9            * -> * (*)',
    ];
    const heading = [
      'IP masquerading entries',
      'prot   expire source               destination          ports',
    ];
    expect(readable('', outcomes[3]!)).toEqual(
      readable('', { stdout: [...heading, ...rows, ''].join('\n'), stderr: '', code: 0 }),
    );
    const extended = outcomes[4]!.stdout.split('\n');
    expect(extended[1]).toBe(
      'prot   expire    initseq delta prevd source               destination          ports',
    );
    expect(extended[3]).toBe(
      'udp   0:30.00          0     0     0 10.0.0.2             10.0.0.1             5000 -> 53 (5000)',
    );
    expect(outcomes[5]).toEqual(outcomes[3]);
  });
});

/** As netstat finds them; a service of a protocol without ports is none. */
function serviceOf(services: string) {
  const known = new Map(
    services.split('\n').map((line) => {
      const [name, key] = line.split(' ') as [string, string];
      return [key, name] as const;
    }),
  );
  return (port: number, protocol: Parameters<ServiceLookup>[1]) => known.get(`${port}/${protocol}`);
}

const CONNTRACK = `${[
  'ipv4     2 tcp      6 431999 ESTABLISHED src=10.0.0.2 dst=192.0.2.9 sport=40000 dport=80 src=192.0.2.9 dst=192.0.2.1 sport=80 dport=61001 [ASSURED] mark=0 use=1',
  'ipv4     2 tcp      6 100 ESTABLISHED src=10.0.0.2 dst=10.0.0.3 sport=1 dport=2 src=10.0.0.3 dst=10.0.0.2 sport=2 dport=1 [ASSURED] mark=0 use=1',
  'ipv4     2 udp      17 30 src=10.0.0.2 dst=10.0.0.1 sport=5000 dport=53 [UNREPLIED] src=192.0.2.53 dst=10.0.0.2 sport=53 dport=5000 mark=0 use=1',
  'ipv4     2 icmp     1 29 src=10.0.0.2 dst=192.0.2.9 type=8 code=0 id=77 src=192.0.2.9 dst=192.0.2.1 type=0 code=0 id=1 mark=0 use=1',
  'ipv4     2 unknown  50 599 src=10.0.0.2 dst=192.0.2.9 src=192.0.2.9 dst=192.0.2.1 mark=0 use=1',
  'ipv6     10 tcp      6 60 SYN_SENT src=fd00:1234:5678:9abc:def0:1234:5678:9abc dst=fd01:0000:0000:0000:0000:0000:0000:0009 sport=40000 dport=443 src=fd01:0000:0000:0000:0000:0000:0000:0009 dst=fd01:0000:0000:0000:0000:0000:0000:0001 sport=443 dport=40000 mark=0 use=1',
  'ipv4     2 unknown  99 src=10.0.0.2 dst=192.0.2.9 src=192.0.2.9 dst=192.0.2.1 [OFFLOAD] mark=0 use=1',
].join('\n')}\n`;
