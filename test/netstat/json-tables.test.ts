import { describe, expect, it } from 'vitest';
import { requirement } from '../requirements.ts';
import { INET_HEADING, inet6Route, inetRoute, ZEROS } from './routes-texts.ts';
import { netstat, type Outcome, runOn, sockscope, unprivileged } from './synthetic-proc.ts';

const missing = requirement('netns', 'netstat', 'setpriv', 'dist');
const IS_FOLDER = 'sockscope: EISDIR: illegal operation on a directory, read\n';

interface JsonRoute {
  readonly destination: string;
  readonly prefixLength: number;
  readonly gateway?: string;
  readonly metric: number;
  readonly flagNames: readonly string[];
  readonly references: number;
  readonly use: number;
  readonly interfaceName?: string;
  readonly mtu?: number;
  readonly window?: number;
  readonly irtt?: number;
}

const INET = [
  inetRoute(),
  inetRoute({ Metric: '7' }),
  inetRoute({ Destination: '00000000', Mask: '00000000', Iface: 'wlan0' }),
  inetRoute({ Destination: '0100000A', Mask: 'FFFFFFFF', Flags: '0005', Gateway: '00000000' }),
  inetRoute({ Destination: '0000FEA9', Mask: '0000FFFF', Flags: '0039', Gateway: '00000000' }),
  inetRoute({ MTU: '0', Window: '0', IRTT: '0', Iface: 'a-long-name-1' }),
  inetRoute({ Destination: '00000000', Mask: '00000080' }),
];
/** Lines of which JSON has nothing: netstat shows some of them. */
const INET_ODD = [
  inetRoute({ Mask: '00FF00FF' }),
  inetRoute({ Destination: 'xyz' }),
  inetRoute({ Mask: 'FF' }),
  'eth0\t00000000\n',
  'eth0\n',
  '\n',
];

const INET6 = [
  inet6Route(),
  inet6Route({ metric: 'ffffffff', name: '      lo' }),
  inet6Route({ destination: ZEROS, prefixLength: '00', nextHop: 'fe80000000000000000000000000000b' }),
  inet6Route({ destination: '20010db8000000000000000000000001', prefixLength: '80', nextHop: ZEROS }),
  inet6Route({
    destination: '20010db8000000000000000000000001',
    prefixLength: '80',
    nextHop: ZEROS,
    name: 'x',
  }),
];
const SOURCED = inet6Route({ source: '20010db8000000000000000000000000', sourceLength: '20', name: '*' });
const INET6_ODD = [
  inet6Route({ prefixLength: '81' }),
  inet6Route({ sourceLength: '81' }),
  inet6Route({ destination: 'xyz' }),
  '20010db8\n',
  '\n',
];

const LETTERS: Readonly<Record<string, string>> = {
  up: 'U',
  gateway: 'G',
  host: 'H',
  reinstate: 'R',
  dynamic: 'D',
  modified: 'M',
};

function maskOf(prefixLength: number): string {
  const bits = '1'.repeat(prefixLength).padEnd(32, '0');
  return (bits.match(/.{8}/g) ?? []).map((octet) => Number.parseInt(octet, 2)).join('.');
}

function words({ stdout }: Outcome): string[] {
  return stdout
    .split('\n')
    .slice(2, -1)
    .map((line) => line.split(/ +/).join(' ').trim());
}

function routesIn({ stdout, stderr, code }: Outcome): JsonRoute[] {
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
  return JSON.parse(stdout).routes;
}

describe.skipIf(missing !== undefined)(`routes in JSON beside netstat ${missing ?? ''}`, () => {
  it('are those of IPv4', () => {
    const net = { route: INET_HEADING + INET.join('') };
    const [theirs, extended, ours, both] = runOn({ net }, [
      netstat(['-rn']),
      netstat(['-rne']),
      sockscope(['-r4', '--json']),
      sockscope(['-r', '--json']),
    ]);
    const routes = routesIn(ours!);
    expect(both).toEqual(ours);
    expect(routes).toHaveLength(INET.length);
    const head = ({ destination, gateway = '0.0.0.0', prefixLength, flagNames }: JsonRoute): string =>
      `${destination} ${gateway} ${maskOf(prefixLength)} ${flagNames.map((name) => LETTERS[name]).join('')}`;
    expect(
      routes.map((one) => {
        // Forty more than TCP's largest segment.
        const { mtu = 0, window = 0, irtt = 0, interfaceName } = one;
        return `${head(one)} ${mtu} ${window} ${irtt} ${interfaceName}`;
      }),
    ).toEqual(words(theirs!));
    expect(
      routes.map((one) => `${head(one)} ${one.metric} ${one.references} ${one.use} ${one.interfaceName}`),
    ).toEqual(words(extended!));
  });

  it('are those of IPv6', () => {
    const net = { ipv6_route: INET6.join('') };
    const [theirs, ours] = runOn({ net }, [netstat(['-6rne']), sockscope(['-r6', '--json'])]);
    const rows = routesIn(ours!).map(
      ({ destination, prefixLength, gateway = '::', metric, references, use, interfaceName }) =>
        `${destination}/${prefixLength} ${gateway} ${metric} ${references} ${use} ${interfaceName}`,
    );
    const expected = words(theirs!).map((line) => {
      const [destination, gateway, , metric, ...rest] = line.split(' ');
      const ends = [destination!, gateway!].map((text) => text.replace('[::]', '::'));
      // netstat takes it for a signed number.
      return [...ends, Number(metric) >>> 0, ...rest].join(' ');
    });
    expect(rows).toEqual(expected);
  });

  it('have these bytes', () => {
    const reject = inetRoute({ Flags: '0201', Iface: '*', Gateway: '00000000', MTU: '0' });
    const [four, six, none, broken] = runOn(
      {
        net: {
          route: INET_HEADING + reject + INET_ODD.join(''),
          ipv6_route: SOURCED + INET6_ODD.join(''),
          'empty/net/tcp': '',
          'broken/net/route': 'Iface\n',
          'broken/net/ipv6_route/x': '',
        },
      },
      [
        sockscope(['-r4', '--json']),
        sockscope(['-r6', '--json']),
        sockscope(['-r46', '--json', '--proc=/proc/net/empty']),
        sockscope(['-r46', '--json', '--proc=/proc/net/broken']),
      ],
    );
    const reads = (stdout: string): Outcome => ({ stdout: `${stdout}\n`, stderr: '', code: 0 });
    expect(four).toEqual(
      reads(
        '{"schemaVersion":1,"routes":[{"family":"inet","destination":"10.0.0.0","prefixLength":8,"metric":33,"flags":513,"flagNames":["up","reject"],"isReject":true,"references":11,"use":22,"window":55,"irtt":66}]}',
      ),
    );
    expect(six).toEqual(
      reads(
        '{"schemaVersion":1,"routes":[{"family":"inet6","destination":"2001:db8:f00::","prefixLength":48,"source":{"address":"2001:db8::","prefixLength":32},"gateway":"fe80::a","metric":1024,"flags":3,"flagNames":["up","gateway"],"isReject":false,"references":1,"use":2}]}',
      ),
    );
    expect(none).toEqual(reads('{"schemaVersion":1,"routes":[]}'));
    expect(broken).toEqual({ stdout: '', stderr: IS_FOLDER, code: 1 });
  });
});

describe.skipIf(missing !== undefined)(`counters in JSON ${missing ?? ''}`, () => {
  const snmp = 'Tcp: InSegs OutSegs Last\nTcp: 18446744073709551616 -1\nUdp: NoPorts\nUdp: 0003\n\nIp: a\n';
  const sctp = 'SctpAborteds 5\nSctpOdd\tx\nSctpNone\n\n';
  const snmp6 = 'Ip6InReceives  7\nIp6OutRequests\n   \nTcp6X -2\nPlain 4';

  it('have these bytes', () => {
    const [all, tcp, folder] = runOn(
      { net: { snmp, netstat: 'no colon\nhere\n', 'sctp/snmp': sctp, snmp6, 'far/net/snmp/x': '' } },
      [
        sockscope(['-s46', '--json']),
        sockscope(['-s46tuwUS', '--json']),
        sockscope(['-s46', '--json', '--proc=/proc/net/far']),
      ],
    );
    const groups = [
      '{"name":"Tcp","counters":[{"name":"InSegs","value":18446744073709551615},{"name":"OutSegs","value":18446744073709551615}]}',
      '{"name":"Udp","counters":[{"name":"NoPorts","value":3}]}',
      '{"name":"Sctp","counters":[{"name":"SctpAborteds","value":5}]}',
      '{"name":"Ip6","counters":[{"name":"Ip6InReceives","value":7}]}',
      '{"name":"Tcp6","counters":[{"name":"Tcp6X","value":18446744073709551614}]}',
    ];
    const statistics = (...shown: readonly string[]): Outcome => ({
      stdout: `{"schemaVersion":1,"statistics":[${shown.join(',')}]}\n`,
      stderr: '',
      code: 0,
    });
    expect(all).toEqual(statistics(...groups, '{"name":"Plain","counters":[{"name":"Plain","value":4}]}'));
    expect(tcp).toEqual(statistics(...groups));
    expect(folder).toEqual({ stdout: '', stderr: IS_FOLDER, code: 1 });
  });

  it('are none where no file may be read', () => {
    const host = { net: { snmp, snmp6, netstat: '', 'sctp/snmp': sctp, igmp: '' } };
    const locked = ['sh', '-c', 'chmod 0 /proc/net/*; exec "$@"', 'sh'];
    const words = [
      ['-s', '--json'],
      ['-g', '--json'],
      ['-r', '--json'],
    ];
    const lines = words.map((line) => [...locked, ...unprivileged(sockscope(line))]);
    expect(runOn(host, lines)).toEqual(
      [
        '{"schemaVersion":1,"statistics":[]}',
        '{"schemaVersion":1,"sockets":[],"groups":[]}',
        '{"schemaVersion":1,"routes":[]}',
      ].map((stdout) => ({
        stdout: `${stdout}\n`,
        stderr: '',
        code: 0,
      })),
    );
    expect(runOn({ net: { 'igmp/x': '' } }, [sockscope(['-g', '--json'])])).toEqual([
      { stdout: '', stderr: IS_FOLDER, code: 1 },
    ]);
  });
});

describe.skipIf((missing ?? requirement('addon')) !== undefined)(
  `-M by netlink ${missing ?? requirement('addon') ?? ''}`,
  () => {
    it('takes a capability; the text is read instead', () => {
      const net = { nf_conntrack: 'not a connection\n' };
      const [forced, automatic] = runOn({ net }, [
        unprivileged(sockscope(['-Mv', '--source=netlink'])),
        unprivileged(sockscope(['-M', '--source=auto'])),
      ]);
      expect(forced).toEqual({
        stdout: '',
        stderr:
          "netstat: no support for `ip_masquerade' on this system.\nsockscope: read the NAT table: ctnetlink: it takes CAP_NET_ADMIN (run as root, or with CAP_NET_ADMIN over the network namespace)\n",
        code: 1,
      });
      expect(automatic).toEqual({
        stdout: '',
        stderr: 'sockscope: a malformed line of nf_conntrack was left out\n',
        code: 0,
      });
    });
  },
);
