import { describe, expect, it } from 'vitest';
import { requirement } from '../requirements.ts';
import { runOn, sockscope } from './synthetic-proc.ts';

const missing = requirement('netns', 'dist');

const ENDS = 'src=10.0.0.2 dst=192.0.2.9 sport=40000 dport=80';
const REPLY = 'src=192.0.2.9 dst=192.0.2.1 sport=80 dport=61001';
const TCP = `ipv4     2 tcp      6 431999 ESTABLISHED ${ENDS} ${REPLY} [ASSURED] mark=0 zone=7 use=2`;

interface Connection {
  readonly line: string;
  /** What netstat's columns have of it; undefined: it is not under NAT. */
  readonly row?: string;
  /** Its fields in JSON, in their order. */
  readonly json?: object;
}

const head = (protocol: string, protocolNumber: number, more: object) => ({
  family: 'inet',
  protocol,
  protocolNumber,
  ...more,
});
const tuple = (source: string, sourcePort: number, destination: string, destinationPort: number) => ({
  source,
  sourcePort,
  destination,
  destinationPort,
});
const OWN = '10.0.0.2';
const FAR = '192.0.2.9';
const OUTSIDE = '192.0.2.1';
const INSIDE = '10.0.0.7';

/** One of every form that a line of nf_conntrack has. */
const CONNECTIONS: readonly Connection[] = [
  {
    line: `ipv4     2 tcp      6 431999 ESTABLISHED ${ENDS} packets=5 bytes=9007199254740991 ${REPLY} packets=4 bytes=300 [ASSURED] mark=4294967295 secctx=system_u:object_r:unlabeled_t:s0 zone=7 delta-time=12 use=2`,
    row: 'tcp 7199:59.00 10.0.0.2             192.0.2.9            40000 -> 80 (61001)',
    json: {
      ...head('tcp', 6, { state: 'established', expiresSeconds: 431_999, kind: 'source' }),
      original: { ...tuple(OWN, 40_000, FAR, 80), packets: 5, bytes: Number.MAX_SAFE_INTEGER },
      reply: { ...tuple(FAR, 80, OUTSIDE, 61_001), packets: 4, bytes: 300 },
      masqueradePort: 61_001,
      mark: 4_294_967_295,
      zone: 7,
    },
  },
  // The same connection once more.
  { line: TCP.replace('431999', '431998') },
  {
    line: `ipv4     2 tcp      6 10 CLOSE src=10.0.0.2 dst=192.0.2.9 sport=40001 dport=80 src=10.0.0.7 dst=10.0.0.2 sport=8080 dport=40001 mark=0 use=1`,
    row: 'tcp   0:10.00 10.0.0.2             192.0.2.9            40001 -> 80 (40001)',
    json: {
      ...head('tcp', 6, { state: 'close', expiresSeconds: 10, kind: 'destination' }),
      original: tuple(OWN, 40_001, FAR, 80),
      reply: tuple(INSIDE, 8080, OWN, 40_001),
      masqueradePort: 40_001,
      mark: 0,
      zone: 0,
    },
  },
  {
    line: 'ipv4     2 tcp      6 9 NO_SUCH_STATE src=10.0.0.2 dst=192.0.2.9 sport=40002 dport=80 src=10.0.0.7 dst=192.0.2.1 sport=80 dport=40002 mark=0 use=1',
    row: 'tcp   0:09.00 10.0.0.2             192.0.2.9            40002 -> 80 (40002)',
    json: {
      ...head('tcp', 6, { expiresSeconds: 9, kind: 'both' }),
      original: tuple(OWN, 40_002, FAR, 80),
      reply: tuple(INSIDE, 80, OUTSIDE, 40_002),
      masqueradePort: 40_002,
      mark: 0,
      zone: 0,
    },
  },
  {
    line: 'ipv4     2 tcp      6 src=10.0.0.2 dst=192.0.2.9 sport=40003 dport=80 src=192.0.2.9 dst=10.0.0.2 sport=80 dport=40004 [OFFLOAD] mark=0 use=1',
    row: 'tcp   0:00.00 10.0.0.2             192.0.2.9            40003 -> 80 (40004)',
    json: {
      ...head('tcp', 6, { kind: 'source' }),
      original: tuple(OWN, 40_003, FAR, 80),
      reply: tuple(FAR, 80, OWN, 40_004),
      masqueradePort: 40_004,
      mark: 0,
      zone: 0,
    },
  },
  {
    line: 'ipv4     2 udp      17 29 src=10.0.0.2 dst=192.0.2.9 sport=53 dport=53 src=192.0.2.9 dst=10.0.0.2 sport=54 dport=53 mark=0 use=1',
    row: 'udp   0:29.00 10.0.0.2             192.0.2.9            53 -> 53 (53)',
    json: {
      ...head('udp', 17, { expiresSeconds: 29, kind: 'destination' }),
      original: tuple(OWN, 53, FAR, 53),
      reply: tuple(FAR, 54, OWN, 53),
      masqueradePort: 53,
      mark: 0,
      zone: 0,
    },
  },
  {
    line: 'ipv4     2 udp      17 29 src=10.0.0.2 dst=192.0.2.9 sport=1 dport=2 src=192.0.2.9 dst=10.0.0.2 sport=2 dport=1 mark=0 use=1',
  },
  {
    line: 'ipv4     2 icmp     1 29 src=10.0.0.2 dst=192.0.2.9 type=8 code=3 id=77 src=192.0.2.9 dst=192.0.2.1 type=0 code=0 id=9 mark=0 use=1',
    row: 'icmp  0:29.00 10.0.0.2             192.0.2.9            77 -> 2051 (9)',
    json: {
      ...head('icmp', 1, { expiresSeconds: 29, kind: 'source' }),
      original: { source: OWN, destination: FAR, icmp: { id: 77, type: 8, code: 3 } },
      reply: { source: FAR, destination: OUTSIDE, icmp: { id: 9, type: 0, code: 0 } },
      masqueradePort: 9,
      mark: 0,
      zone: 0,
    },
  },
  {
    line: 'ipv6     10 icmpv6   58 29 src=fd00:0000:0000:0000:0000:0000:0000:0002 dst=fd00:0000:0000:0000:0000:0000:0000:0003 type=128 code=0 id=5 [UNREPLIED] src=fd00:0000:0000:0000:0000:0000:0000:0003 dst=fd00:0000:0000:0000:0000:0000:0000:0004 type=129 code=0 id=5 mark=0 use=1',
    row: 'icmpv6  0:29.00 fd00::2              fd00::3              5 -> 32768 (5)',
    json: {
      ...head('icmpv6', 58, { expiresSeconds: 29, kind: 'source' }),
      family: 'inet6',
      original: { source: 'fd00::2', destination: 'fd00::3', icmp: { id: 5, type: 128, code: 0 } },
      reply: { source: 'fd00::3', destination: 'fd00::4', icmp: { id: 5, type: 129, code: 0 } },
      masqueradePort: 5,
      mark: 0,
      zone: 0,
    },
  },
  {
    line: 'ipv4     2 gre      47 29 timeout=30, stream_timeout=180 src=10.0.0.2 dst=192.0.2.9 srckey=0x1234 dstkey=0xffff src=192.0.2.9 dst=192.0.2.1 srckey=0xffff dstkey=0x1234 mark=0 use=1',
    row: 'gre   0:29.00 10.0.0.2             192.0.2.9            4660 -> 65535 (4660)',
    json: {
      ...head('gre', 47, { expiresSeconds: 29, kind: 'source' }),
      original: tuple(OWN, 0x1234, FAR, 0xffff),
      reply: tuple(FAR, 0xffff, OUTSIDE, 0x1234),
      masqueradePort: 0x1234,
      mark: 0,
      zone: 0,
    },
  },
  {
    line: 'ipv4     2 unknown  99 599 src=10.0.0.2 dst=192.0.2.9 [UNREPLIED] src=10.0.0.7 dst=192.0.2.1 mark=0 zone-orig=3 use=1',
    row: '99    9:59.00 10.0.0.2             192.0.2.9            * -> * (*)',
    json: {
      ...head('99', 99, { expiresSeconds: 599, kind: 'both' }),
      original: { source: OWN, destination: FAR },
      reply: { source: INSIDE, destination: OUTSIDE },
      mark: 0,
      zone: 3,
    },
  },
];

/** Lines that are no connection. */
const SENSELESS = [
  'not a connection',
  '',
  'ipv4 2 tcp',
  TCP.replace('ipv4     2', 'ipv4     3'),
  TCP.replace('tcp      6', 'tcp      256'),
  TCP.replace('tcp      6', 'tcp      x'),
  TCP.replace('src=10.0.0.2', 'src=10.0.0.256'),
  TCP.replace('src=10.0.0.2', 'src=fd00::2'),
  TCP.replace('src=10.0.0.2 dst=192.0.2.9 ', ''),
  TCP.replace('[ASSURED]', 'src=10.0.0.2 dst=10.0.0.2'),
  TCP.replace('src=10.0.0.2 dst=192.0.2.9', 'dst=192.0.2.9 src=10.0.0.2'),
  TCP.replace('sport=40000', 'sport=65536'),
  TCP.replace('sport=40000', 'sport='),
  TCP.replace('[ASSURED]', 'src=1.2.3.4 sport=1'),
  TCP.replace('[ASSURED]', 'packets=-1'),
  TCP.replace('[ASSURED]', 'packets=123456789012345678901'),
  TCP.replace('[ASSURED]', 'bytes=18446744073709551616'),
  TCP.replace('mark=0', 'mark=4294967296'),
  TCP.replace('zone=7', 'zone=65536'),
  TCP.replace('431999', '4319999999999'),
  TCP.replace('ESTABLISHED', 'packets=1'),
  TCP.replace('sport=40000', 'type=256'),
  TCP.replace('ESTABLISHED', 'id=1'),
];

const shown = CONNECTIONS.filter(({ row }) => row !== undefined);
const TITLE = 'IP masquerading entries\nprot   expire source               destination          ports\n';

describe.skipIf(missing !== undefined)(`-M of /proc/net/nf_conntrack ${missing ?? ''}`, () => {
  const text = CONNECTIONS.map(({ line }) => `${line}\n`).join('');

  it('has the connections under NAT in the columns of old, and in JSON', () => {
    const [table, json, extended] = runOn({ net: { nf_conntrack: text } }, [
      sockscope(['-Mn']),
      sockscope(['-M', '--json']),
      sockscope(['-Mne']),
    ]);
    const rows = shown.map(({ row }) => `${row}\n`).join('');
    expect(table).toEqual({ stdout: TITLE + rows, stderr: '', code: 0 });
    const nat = shown.map((connection) => connection.json);
    expect(json).toEqual({ stdout: `${JSON.stringify({ schemaVersion: 1, nat })}\n`, stderr: '', code: 0 });
    expect(extended!.stdout.split('\n')[2]).toBe(
      'tcp 7199:59.00          0     0     0 10.0.0.2             192.0.2.9            40000 -> 80 (61001)',
    );
  });

  it('counts the lines that make no sense', () => {
    // The last line lacks its newline.
    const net = { nf_conntrack: [TCP, ...SENSELESS, TCP.replace('40000', '40009')].join('\n') };
    const [table] = runOn({ net }, [sockscope(['-Mn'])]);
    expect(table).toEqual({
      stdout: `${TITLE}${shown[0]!.row}\n${shown[0]!.row!.replace('40000', '40009')}\n`,
      stderr: `sockscope: ${SENSELESS.length} malformed lines of nf_conntrack were left out\n`,
      code: 0,
    });
  });

  it('is read in pieces, and has many', () => {
    const lines = Array.from({ length: 5000 }, (_, port) => TCP.replace('40000', String(port + 1)));
    const [table] = runOn({ net: { nf_conntrack: lines.join('\n') } }, [sockscope(['-Mn'])]);
    const rows = lines.map((_, port) => `${shown[0]!.row!.replace('40000', String(port + 1))}\n`);
    expect(table).toEqual({ stdout: TITLE + rows.join(''), stderr: '', code: 0 });
  });

  it('has names of ports, and of hosts', () => {
    const etc = { services: 'http 80/tcp\ndomain 53/udp\n', hosts: '192.0.2.9 far.example\n' };
    const [table] = runOn({ net: { nf_conntrack: text }, etc }, [sockscope(['-M'])]);
    expect(table!.stdout.split('\n')[2]).toBe(
      'tcp 7199:59.00 10.0.0.2             far.example          40000 -> http (61001)',
    );
    expect(table!.stdout).toContain('far.example          domain -> domain (domain)\n');
  });

  it('is missing where it cannot be read', () => {
    const support = "netstat: no support for `ip_masquerade' on this system.\n";
    const [absent, folder, netlink] = runOn({ net: { 'foreign/net/nf_conntrack/x': '' } }, [
      sockscope(['-M']),
      sockscope(['-M', '--proc=/proc/net/foreign']),
      sockscope(['-M', '--source=netlink', '--proc=/proc/net/foreign']),
    ]);
    expect(absent).toEqual({ stdout: '', stderr: support, code: 1 });
    expect(folder).toEqual({ stdout: '', stderr: support, code: 1 });
    expect(netlink).toEqual({ stdout: '', stderr: support, code: 1 });
  });
});
