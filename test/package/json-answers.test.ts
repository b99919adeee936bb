import { spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { beforeAll, describe, expect, it } from 'vitest';
import { devFile, HEADER } from '../netstat/interfaces-scene.ts';
import { INET_HEADING, inet6Route, inetRoute } from '../netstat/routes-texts.ts';
import { runOn, type SyntheticHost, sockscope } from '../netstat/synthetic-proc.ts';
import { inetFile, unixFile } from '../netstat/synthetic-rows.ts';
import { sysfsAlone } from '../netstat/synthetic-sysfs.ts';
import { requirement } from '../requirements.ts';
import { type ReportTools, ROOT, reportTools } from './report-tools.ts';

const missing = requirement('netns', 'dist', 'ip', 'addon');

const CONNECTION = 'src=10.0.0.2 dst=192.0.2.9 sport=40000 dport=80 packets=5 bytes=300';
const REPLY = 'src=192.0.2.9 dst=192.0.2.1 sport=80 dport=61001 packets=4 bytes=200';
const PING = 'src=10.0.0.2 dst=192.0.2.9 type=8 code=0 id=7';
const PONG = 'src=192.0.2.9 dst=192.0.2.1 type=0 code=0 id=8';

/** One of everything that a host made of files can tell. */
const HOST: SyntheticHost = {
  network: ['ip link set lo up', 'ip addr add 10.0.0.4/24 dev lo label lo:1'],
  net: {
    dev: devFile(['lo']),
    if_inet6: '00000000000000000000000000000001 01 80 10 80 lo\n',
    route:
      INET_HEADING +
      inetRoute() +
      inetRoute({ Destination: '00000000', Mask: '00000000' }) +
      inetRoute({ Iface: '*', Flags: '0201', Gateway: '00000000' }),
    ipv6_route: inet6Route({ source: '20010db8000000000000000000000000', sourceLength: '20' }),
    udp: inetFile([]),
    igmp: 'Idx\tDevice    : Count Querier\tGroup    Users Timer\tReporter\n1\tlo        :     1      V3\n\t\t\t\t010000E0     1 0:00000000\t\t0\n',
    igmp6: '1    lo              ff020000000000000000000000000001     1 0000000C 0\n',
    snmp: 'Tcp: CurrEstab OutSegs RetransSegs\nTcp: 4 18446744073709551615 3\n',
    netstat: 'TcpExt: Lost\nTcpExt: 3\n',
    nf_conntrack: `ipv4     2 tcp      6 100 ESTABLISHED ${CONNECTION} ${REPLY} [ASSURED] mark=0 use=2
ipv4     2 icmp     1 29 ${PING} ${PONG} mark=0 use=1
`,
    tcp: inetFile([
      { local: '127.0.0.1 80', state: 10, inode: 101 },
      { local: '127.0.0.1 80', remote: '127.0.0.1 9', timer: 1, ticks: 100, inode: 102 },
      { local: '127.0.0.1 80', remote: '127.0.0.1 10', state: 6 },
    ]),
    tcp6: inetFile([{ local: '::1 80', state: 10, inode: 999 }]),
    unix: unixFile([{ flags: 0x10000, inode: 106, path: '/run/a.sock' }]),
    'sctp/eps': ' ENDPT\nx y 2 10 29 80 0 101 10.0.0.1 \n',
    'sctp/assocs': ' ASSOC\nx y 2 1 3 27 1 5 7 0 101 80 40000 10.0.0.1 <-> *10.0.0.3 \t 7500 10\n',
    'later/dev': `${HEADER}lo: 2 3 4 5 6 7 8 9 1 11 12 13 14 15 16 17\nyoung: 60 1 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n`,
    'later/snmp': 'Tcp: CurrEstab OutSegs RetransSegs\nTcp: 5 1 7\nUdp: InDatagrams NoPorts\nUdp: 6 2\n',
    'later/netstat': 'TcpExt: Unheard\nTcpExt: 1\n',
  },
  processes: {
    20: { commandLine: 'one\0', context: 'a:b:c:s0', links: { 3: 'socket:[101]', 4: 'socket:[106]' } },
  },
};

/** A machine with SELinux, as far as the command looks, and one without the addon, which would ask the kernel. */
const SELINUX: SyntheticHost = {
  ...HOST,
  etc: { 'selinux/config': '' },
  network: ['mount -t tmpfs tmpfs /sys', 'mkdir -p /sys/fs/selinux', ': >/sys/fs/selinux/status'],
};
const WITHOUT_ADDON: SyntheticHost = { ...HOST, network: sysfsAlone({ lo: { ifindex: 1, flags: '0x9' } }) };

const CHANGE = ['--', 'sh', '-c', 'cp /proc/net/later/* /proc/net/'];

/** Questions: the document that answers each, as api/json.md calls it, and the words. */
type Question = readonly [document: string, ...words: string[]];
const QUESTIONS: readonly (readonly [SyntheticHost, readonly Question[]])[] = [
  [
    HOST,
    [
      ['sockscope --json', '-tuapn'],
      ['sockscope --json', '-xapn'],
      ['sockscope --json', '-g', '-t'],
      ['sockscope -r --json', '-r46'],
      ['sockscope -i --json', '-ia'],
      ['sockscope -s --json', '-s46'],
      ['sockscope -M --json', '-M'],
      ['sockscope delta --json', 'delta', ...CHANGE],
      ['sockscope delta --json', 'delta', '-I', 'nix', '--', 'true'],
    ],
  ],
  [
    SELINUX,
    [
      ['sockscope --json', '-tanpZ'],
      ['sockscope --json', '-SanpZ'],
    ],
  ],
  [
    WITHOUT_ADDON,
    [
      ['sockscope layers --json', 'layers'],
      ['sockscope doctor --json', 'doctor'],
    ],
  ],
];

/** What no answer has here, as the lines of api/json.md begin. */
const UNSEEN = [
  // A helper of the kernel has to move sequence numbers, and ctnetlink to tell of it.
  'nat[].sequence',
  // Devices have counters alone, and always all of them.
  'interfaces[].counters[]{kind="level"}',
  'interfaces[].counters[]{kind="gone"}',
];

/** What an answer may have on some machines, and may lack on others. */
const BY_MACHINE = [
  // Of TCP alone, and its type is that of all tables.
  'tables.*.largeBy',
  'facts.limits.group',
  'facts.capabilities[]',
  'facts.lackingCapabilities[]',
  // Of the limits of a table no column is named, and none is all of it: the type is that of the protocols.
  'tables.*.limits[].columns',
  'tables.*.limits[].isEverything',
  'tables.*.limits[].needs',
  'tables.*.limits[].remedy',
  'tables.*.better[].errno',
];

let tools: ReportTools;
let shapes: ReturnType<ReportTools['documentShapes']>;
beforeAll(async () => {
  tools = await reportTools();
  shapes = tools.documentShapes(ROOT);
});

function withJson(words: readonly string[]): string[] {
  const end = words.indexOf('--');
  return end < 0 ? [...words, '--json'] : [...words.slice(0, end), '--json', ...words.slice(end)];
}

describe.skipIf(missing !== undefined)(`what --json answers ${missing ?? ''}`, () => {
  it('is what api/json.md says, all of it', async () => {
    const seen = new Map([...shapes.keys()].map((document) => [document, new Set<string>()]));
    const take = (document: string, text: string) =>
      expect(tools.misfits(shapes.get(document)!, JSON.parse(text), seen.get(document)!), text).toEqual([]);
    for (const [host, questions] of QUESTIONS) {
      const outcomes = runOn(
        host,
        questions.map(([, ...words]) => sockscope(withJson(words))),
      );
      for (const [index, [document, ...words]] of questions.entries()) {
        const { stdout, stderr } = outcomes[index]!;
        expect(stdout, `${words.join(' ')}: ${stderr}`).toMatch(/^\{"schemaVersion":1,"[^\n]*\}\n$/);
        take(document, stdout);
      }
    }
    take('sockscope --json', await ownListener());
    take('sockscope doctor --json', ask('doctor', '--json'));
    take('sockscope doctor --json', ask('doctor', '--json', '--owners=bpf-pinned'));
    const unseen = [...shapes].flatMap(([document, shape]) =>
      tools.keyLines(shape).filter((line) => !seen.get(document)!.has(line)),
    );
    const known = [...UNSEEN, ...BY_MACHINE];
    expect(unseen.filter((line) => !known.some((head) => line.startsWith(head)))).toEqual([]);
    expect(UNSEEN.filter((head) => !unseen.some((line) => line.startsWith(head)))).toEqual([]);
  });
});

/** What netlink tells of a socket of this process, in this network namespace. */
async function ownListener(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return ask('-tlnp', '--json', '--source=netlink');
  } finally {
    server.close();
  }
}

/** What the command says of this host. */
function ask(...words: readonly string[]): string {
  const line = [`${ROOT}/dist/cli/main.cjs`, ...words];
  return spawnSync(process.execPath, line, { encoding: 'utf8', maxBuffer: 2 ** 28 }).stdout;
}

describe('the check of answers', () => {
  const shape = () => shapes.get('sockscope -r --json')!;
  const route = {
    family: 'inet',
    destination: '10.0.0.0',
    prefixLength: 8,
    metric: 0,
    flags: 1,
    flagNames: ['up'],
    isReject: false,
    references: 0,
    use: 0,
  };
  const found = (routes: unknown, more: object = {}) =>
    tools.misfits(shape(), { schemaVersion: 1, routes, ...more }, new Set());

  it('finds what does not fit', () => {
    expect(found([route])).toEqual([]);
    expect(found([{ ...route, metric: '0' }])).toEqual(['routes[].metric is "0"']);
    expect(found([{ ...route, flagNames: ['down'] }])).toEqual(['routes[].flagNames[] is "down"']);
    expect(found([{ ...route, family: undefined }])).toEqual(['routes[].family is undefined']);
    expect(found([{ ...route, mark: 1 }])).toEqual(['routes[].mark is not told of']);
    expect(found(route)).toEqual([expect.stringContaining('routes is {')]);
    expect(found([], { groups: [] })).toEqual(['groups is not told of']);
    const { use: _, ...lacking } = route;
    expect(found([lacking])).toEqual(['routes[].use is missing']);
  });
});
