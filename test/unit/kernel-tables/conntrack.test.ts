import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseConntrack, readConntrack } from '../../../src/kernel-tables/conntrack-text.ts';
import { type NatEntry, NatTable } from '../../../src/kernel-tables/nat-table.ts';
import { Turn } from '../../../src/turn.ts';

const ENTRY =
  'ipv4     2 tcp      6 431999 ESTABLISHED src=10.0.0.2 dst=192.0.2.9 sport=40000 dport=80 packets=5 bytes=18446744073709551615 src=192.0.2.9 dst=192.0.2.1 sport=80 dport=61001 packets=4 bytes=300 [ASSURED] mark=4294967295 secctx=system_u:object_r:unlabeled_t:s0 zone=7 delta-time=12 use=2';

function parse(...lines: string[]) {
  return parseConntrack(Buffer.from(lines.map((line) => `${line}\n`).join('')));
}

function entries(...lines: string[]): NatEntry[] {
  return [...new NatTable('nf_conntrack', [], parse(...lines))];
}

describe('a line of nf_conntrack', () => {
  it('of TCP is read whole', () => {
    expect(entries(ENTRY)).toEqual([
      {
        family: 'inet',
        protocol: 'tcp',
        protocolNumber: 6,
        state: 'established',
        expiresSeconds: 431_999,
        kind: 'source',
        original: {
          source: '10.0.0.2',
          sourcePort: 40_000,
          destination: '192.0.2.9',
          destinationPort: 80,
          icmp: undefined,
          packets: 5n,
          bytes: 2n ** 64n - 1n,
        },
        reply: {
          source: '192.0.2.9',
          sourcePort: 80,
          destination: '192.0.2.1',
          destinationPort: 61_001,
          icmp: undefined,
          packets: 4n,
          bytes: 300n,
        },
        masqueradePort: 61_001,
        mark: 4_294_967_295,
        zone: 7,
        sequence: undefined,
      },
    ]);
  });

  it.each([
    ['NONE', 'none'],
    ['SYN_SENT', 'syn-sent'],
    ['SYN_RECV', 'syn-recv'],
    ['FIN_WAIT', 'fin-wait'],
    ['CLOSE_WAIT', 'close-wait'],
    ['LAST_ACK', 'last-ack'],
    ['TIME_WAIT', 'time-wait'],
    ['CLOSE', 'close'],
    ['SYN_SENT2', 'syn-sent2'],
    ['LISTEN', 'syn-sent2'],
    ['NO_SUCH_STATE', undefined],
  ])('in %s tells its state', (word, state) => {
    expect(entries(ENTRY.replace('ESTABLISHED', word))[0]!.state).toBe(state);
  });

  it('of SCTP has no state of TCP, and one that is offloaded no time', () => {
    const [sctp] = entries(ENTRY.replace('tcp      6', 'sctp     132'));
    expect([sctp!.protocol, sctp!.state]).toEqual(['sctp', undefined]);
    const [offloaded] = entries(ENTRY.replace('431999 ESTABLISHED ', '').replace('ASSURED', 'OFFLOAD'));
    expect([offloaded!.expiresSeconds, offloaded!.state]).toEqual([undefined, undefined]);
  });

  it('of ICMP, over IPv6 as well, tells its query', () => {
    const [four, six] = entries(
      'ipv4     2 icmp     1 29 src=10.0.0.2 dst=192.0.2.9 type=8 code=3 id=77 src=192.0.2.9 dst=192.0.2.1 type=0 code=0 id=9 mark=0 use=1',
      'ipv6     10 icmpv6   58 29 src=fd00:0000:0000:0000:0000:0000:0000:0002 dst=fd00:0000:0000:0000:0000:0000:0000:0003 type=128 code=0 id=5 [UNREPLIED] src=fd00:0000:0000:0000:0000:0000:0000:0003 dst=fd00:0000:0000:0000:0000:0000:0000:0004 type=129 code=0 id=5 mark=0 use=1',
    );
    expect(four!.original).toMatchObject({
      icmp: { id: 77, type: 8, code: 3 },
      sourcePort: undefined,
      destinationPort: undefined,
      packets: undefined,
      bytes: undefined,
    });
    expect([four!.reply.icmp, four!.masqueradePort, four!.kind]).toEqual([
      { id: 9, type: 0, code: 0 },
      9,
      'source',
    ]);
    expect(six).toMatchObject({
      family: 'inet6',
      protocol: 'icmpv6',
      kind: 'source',
      original: { source: 'fd00::2', destination: 'fd00::3', icmp: { id: 5, type: 128, code: 0 } },
    });
  });

  it('of GRE has keys, of other protocols nothing', () => {
    const [gre, esp, other] = entries(
      'ipv4     2 gre      47 29 timeout=30, stream_timeout=180 src=10.0.0.2 dst=192.0.2.9 srckey=0x1234 dstkey=0xffff src=192.0.2.9 dst=192.0.2.1 srckey=0xffff dstkey=0x1234 [ASSURED] mark=0 use=1',
      'ipv4     2 unknown  50 599 src=10.0.0.2 dst=192.0.2.9 [UNREPLIED] src=10.9.9.9 dst=10.0.0.2 mark=0 use=1',
      'ipv4     2 unknown  99 599 src=10.0.0.2 dst=192.0.2.9 [UNREPLIED] src=10.9.9.9 dst=10.1.1.1 mark=0 zone-orig=3 use=1',
    );
    expect([gre!.protocol, gre!.original.sourcePort, gre!.original.destinationPort]).toEqual([
      'gre',
      0x1234,
      0xffff,
    ]);
    expect([esp!.protocol, esp!.original.sourcePort, esp!.masqueradePort]).toEqual([
      'esp',
      undefined,
      undefined,
    ]);
    expect([esp!.kind, other!.kind, other!.protocol, other!.zone]).toEqual(['destination', 'both', '99', 3]);
  });

  it.each([
    ['dst=192.0.2.1 sport=80 dport=61001', 'dst=10.0.0.2 sport=80 dport=40000', undefined],
    ['dst=192.0.2.1 sport=80 dport=61001', 'dst=10.0.0.2 sport=80 dport=40001', 'source'],
    ['dst=192.0.2.1 sport=80 dport=61001', 'dst=10.0.0.2 sport=8080 dport=40000', 'destination'],
    [
      'src=192.0.2.9 dst=192.0.2.1 sport=80 dport=61001',
      'src=10.9.9.9 dst=10.0.0.2 sport=80 dport=40000',
      'destination',
    ],
    ['src=192.0.2.9 dst=192.0.2.1', 'src=10.9.9.9 dst=192.0.2.1', 'both'],
  ])('with %s replaced by %s: %s', (was, is, kind) => {
    const reading = parse(ENTRY.replace(was, is));
    expect(reading.malformed).toBe(0);
    expect([...new NatTable('nf_conntrack', [], reading)].map((entry) => entry.kind)).toEqual(
      kind === undefined ? [] : [kind],
    );
  });

  it.each([
    'not a connection',
    ENTRY.replace('ipv4     2', 'ipv4     3'),
    ENTRY.replace('tcp      6', 'tcp      256'),
    ENTRY.replace('tcp      6', 'tcp      x'),
    ENTRY.replace('src=10.0.0.2', 'src=10.0.0.256'),
    ENTRY.replace('src=10.0.0.2', 'src=fd00::2'),
    ENTRY.replace('src=10.0.0.2 dst=192.0.2.9 ', ''),
    ENTRY.replace('[ASSURED]', 'src=10.0.0.2 dst=10.0.0.2'),
    ENTRY.replace('src=10.0.0.2 dst=192.0.2.9', 'dst=192.0.2.9 src=10.0.0.2'),
    ENTRY.replace('sport=40000', 'sport=65536'),
    ENTRY.replace('sport=40000', 'sport='),
    ENTRY.replace('packets=5', 'packets=-1'),
    ENTRY.replace('18446744073709551615', '18446744073709551616'),
    ENTRY.replace('mark=4294967295', 'mark=4294967296'),
    ENTRY.replace('zone=7', 'zone=65536'),
    ENTRY.replace('431999', '4319999999999'),
    ENTRY.replace('ESTABLISHED', 'packets=1'),
    ENTRY.replace('sport=40000', 'type=256'),
    ENTRY.replace('ESTABLISHED', 'id=1'),
  ])('that makes no sense is counted: %s', (line) => {
    const reading = parse(ENTRY, line, '', ENTRY.replace('40000', '40001'));
    // An empty line is none, either.
    expect([reading.records.length, reading.malformed]).toEqual([2, 2]);
  });

  it('that comes twice is one connection', () => {
    const reading = parse(ENTRY, ENTRY.replace('431999', '431998'), ENTRY.replace('zone=7', 'zone=8'));
    expect([reading.records.length, reading.duplicates]).toEqual([2, 1]);
  });
});

describe('the text of nf_conntrack', () => {
  it('of any bytes is survived', () => {
    const words = ENTRY.split(' ');
    const part = fc.oneof(fc.constantFrom(...words), fc.constantFrom('\n', '\0', '=', 'src=', 'sport=-1'));
    const rubble = fc.array(part, { maxLength: 60 }).map((parts) => Buffer.from(parts.join(' '), 'latin1'));
    fc.assert(
      fc.property(fc.oneof(rubble, fc.uint8Array({ maxLength: 300 })), (bytes) => {
        const { records, malformed, duplicates } = parseConntrack(bytes);
        const lines = Buffer.from(bytes).toString('latin1').split('\n');
        expect(records.length + malformed + duplicates).toBeLessThanOrEqual(lines.length);
      }),
      { numRuns: 500 },
    );
  });

  it('may lack its last newline', () => {
    expect(parseConntrack(Buffer.from(`${ENTRY}\n${ENTRY.replace('40000', '5')}`)).records.length).toBe(2);
    expect(parseConntrack(new Uint8Array()).records.length).toBe(0);
  });
});

describe('reading nf_conntrack', () => {
  let folder = '';
  const lines = Array.from({ length: 5000 }, (_, port) => `${ENTRY.replace('40000', String(port))}\n`);
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'sockscope-conntrack-'));
    mkdirSync(join(folder, 'odd/nf_conntrack'), { recursive: true });
    writeFileSync(join(folder, 'nf_conntrack'), lines.join(''));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const limits = { maxBytes: 2 ** 30, signal: undefined, turn: new Turn() };

  it('goes over it in pieces', async () => {
    const table = new NatTable('nf_conntrack', [], await readConntrack(folder, limits));
    expect([table.length, table.malformed, table.duplicates, table.complete]).toEqual([5000, 0, 0, true]);
    expect([...table].map(({ original }) => original.sourcePort)).toEqual(lines.map((_, port) => port));
    expect(table.row(4999).original.sourcePort).toBe(4999);
    for (const index of [-1, 5000, 0.5, Number.NaN]) expect(() => table.row(index)).toThrow(RangeError);
  });

  it('is bounded, can be left, and passes errors on', async () => {
    await expect(readConntrack(folder, { ...limits, maxBytes: 136 * 100 })).rejects.toMatchObject({
      code: 'ERR_TOO_LARGE',
    });
    const signal = AbortSignal.abort(new Error('left'));
    await expect(readConntrack(folder, { ...limits, signal })).rejects.toThrow('left');
    await expect(readConntrack(join(folder, 'odd'), limits)).rejects.toMatchObject({ code: 'EISDIR' });
  });
});
