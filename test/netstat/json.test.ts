import { describe, expect, it } from 'vitest';
import { requirement } from '../requirements.ts';
import { optionsOf } from './synthetic-comparison.ts';
import { PARTIAL, RICH } from './synthetic-hosts.ts';
import { netstat, type Outcome, runOn, sockscope } from './synthetic-proc.ts';

const missing = requirement('netns', 'netstat', 'dist');

interface Endpoint {
  readonly address: string;
  readonly port: number;
}
interface JsonSocket {
  readonly protocol: string;
  readonly family?: string;
  readonly local: Endpoint;
  readonly remote: Endpoint;
  readonly inode: number;
}

const SHORT: Readonly<Record<string, string>> = { udplite: 'udpl' };

/** As netstat's row has it: protocol, both ends whole, inode. */
function rowOf({ protocol, family, local, remote, inode }: JsonSocket): string {
  const name = `${SHORT[protocol] ?? protocol}${family === 'inet6' ? '6' : ''}`;
  if (protocol === 'unix') return `unix ${inode}`;
  return [name, ...[local, remote].map(endText), inode].join(' ');
}

function endText({ address, port }: Endpoint): string {
  const text = address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address;
  return `${text}:${port === 0 ? '*' : port}`;
}

/** References, flags, type, state if any, inode. */
const UNIX_ROW = /^unix +\d+ +\[.*?\] +\w+ +(?:[A-Z]+ +)?(\d+)/;

function rowsOf({ stdout }: Outcome): string[] {
  return stdout.split('\n').flatMap((line) => {
    if (/^unix /.test(line)) return [`unix ${UNIX_ROW.exec(line)?.[1]}`];
    if (!/^(tcp|udp|raw)/.test(line)) return [];
    const [protocol, , , local, remote, ...rest] = line.split(/ +/);
    return [[protocol, local, remote, rest.findLast((word) => word !== '')].join(' ')];
  });
}

const LINES = [
  '-t',
  '-tl',
  '-ta',
  '-ua',
  '-ul',
  '-u',
  '-U',
  '-wa',
  '-x',
  '-xl',
  '-xa',
  '-6ta',
  '-4ua',
  '-tuwxa',
];

describe.skipIf(missing !== undefined)(`JSON beside netstat ${missing ?? ''}`, () => {
  it('has the sockets that netstat lists, in its order', { timeout: 60_000 }, () => {
    const theirs = LINES.map((line) => netstat([...optionsOf(line), '-neW']));
    const ours = LINES.map((line) => sockscope([...optionsOf(line), '--json']));
    const outcomes = runOn(RICH, [...theirs, ...ours]);
    for (const [index, line] of LINES.entries()) {
      const own = outcomes[LINES.length + index]!;
      expect(own, line).toMatchObject({ stderr: '', code: 0 });
      expect(own.stdout.endsWith('}\n')).toBe(true);
      expect(own.stdout.indexOf('\n')).toBe(own.stdout.length - 1);
      const { sockets } = JSON.parse(own.stdout) as { sockets: JsonSocket[] };
      const expected = rowsOf(outcomes[index]!);
      expect(expected.length, line).toBeGreaterThan(0);
      expect(sockets.map(rowOf), line).toEqual(expected);
    }
  });

  it('has the addresses of SCTP, and stays JSON where a table is missing', () => {
    const [sctp, partial, both] = runOn(RICH, [
      sockscope(['-Sa', '--json']),
      sockscope(['-tS', '--json']),
      sockscope(['-Sl', '--json']),
    ]);
    const { sockets } = JSON.parse(sctp!.stdout);
    expect(sockets[0]).toEqual({
      protocol: 'sctp',
      state: 'listen',
      local: [
        { address: '10.0.0.1', port: 80 },
        { address: '10.0.0.2', port: 80 },
      ],
      uid: 1000,
      inode: 12345,
    });
    expect(sockets.find(({ recvQ }: { recvQ?: number }) => recvQ === 7)).toMatchObject({
      local: [
        { address: '10.0.0.1', port: 80 },
        { address: '10.0.0.2', port: 80 },
      ],
      remote: [{ address: '10.0.0.3', port: 40000 }],
      sendQ: 5,
    });
    expect(JSON.parse(partial!.stdout).sockets.length).toBeGreaterThan(0);
    expect(JSON.parse(both!.stdout).sockets.every((one: object) => !('remote' in one))).toBe(true);

    const [lacking] = runOn(PARTIAL, [sockscope(['-tS', '--json'])]);
    expect(lacking).toMatchObject({
      code: 1,
      stderr: "netstat: no support for `AF INET (sctp)' on this system.\n",
    });
    expect(JSON.parse(lacking!.stdout).sockets.length).toBeGreaterThan(0);
  });

  it('has the tables beside the sockets', () => {
    const files = {
      route: 'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n',
      ipv6_route: '',
      igmp: 'Idx\tDevice    : Count Querier\tGroup    Users Timer\tReporter\n1\tlo        :     1      V3\n\t\t\t\t010000E0     1 0:00000000\t\t0\n',
      igmp6: '2    eth0            ff020000000000000000000000000001     1 0000000C 0\n',
      snmp: 'Tcp: InSegs OutSegs\nTcp: 18446744073709551615 7\nUdp: NoPorts\nUdp: 3\n',
    };
    const lines = ['-g', '-g4', '-s', '-su', '-r6', '-r', '-M'].map((line) => sockscope([line, '--json']));
    const [groups, four, statistics, udp, routes, route4, nat] = runOn(
      {
        net: {
          ...files,
          tcp: '',
          route: `${files.route}lo\t0000007F\t00000000\t0001\t0\t0\t3\t000000FF\t0\t0\t0\n`,
        },
      },
      lines,
    );
    expect(JSON.parse(groups!.stdout)).toEqual({
      schemaVersion: 1,
      sockets: [],
      groups: [
        { interfaceName: 'lo', interfaceIndex: 1, family: 'inet', group: '224.0.0.1', users: 1 },
        { interfaceName: 'eth0', interfaceIndex: 2, family: 'inet6', group: 'ff02::1', users: 1 },
      ],
    });
    expect(JSON.parse(four!.stdout).groups).toHaveLength(1);
    // Digits, however many: a reader may take them for what they are.
    expect(statistics!.stdout).toBe(
      '{"schemaVersion":1,"statistics":[{"name":"Tcp","counters":[{"name":"InSegs","value":18446744073709551615},{"name":"OutSegs","value":7}]},{"name":"Udp","counters":[{"name":"NoPorts","value":3}]}]}\n',
    );
    expect(JSON.parse(udp!.stdout).statistics).toEqual([
      { name: 'Udp', counters: [{ name: 'NoPorts', value: 3 }] },
    ]);
    expect(JSON.parse(routes!.stdout)).toEqual({ schemaVersion: 1, routes: [] });
    expect(JSON.parse(route4!.stdout).routes).toMatchObject([
      { family: 'inet', destination: '127.0.0.0', prefixLength: 8, metric: 3, interfaceName: 'lo' },
    ]);
    expect(nat).toMatchObject({ code: 1, stdout: '' });
    expect(nat!.stderr).toMatch(/^sockscope: .*\n$/);
  });
});
