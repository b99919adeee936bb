import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NativeConntrack, NativeConntrackEnd } from '../../../src/addon/native-binding.ts';
import { type NatQuestion, readNatEntries } from '../../../src/kernel-tables/nat.ts';
import {
  LITTLE,
  NAT_BATCH,
  NAT_RECORD_BYTES,
  Nat,
  NatField,
  Told,
} from '../../../src/kernel-tables/nat-record.ts';
import { natProtocolName } from '../../../src/kernel-tables/nat-table.ts';
import type { Turn } from '../../../src/turn.ts';
import { showInProcess } from '../../netstat/nat-in-process.ts';

const GOOD: NativeConntrackEnd = {
  status: 'ok',
  operation: '',
  errno: 0,
  records: 0,
  bytes: 20,
  connections: 0,
  malformed: 0,
  duplicates: 0,
  interrupted: false,
};

/** An addon whose readings end as they are told. */
class FakeConntrack {
  cancelled = 0;
  asked: number[] = [];
  readonly #end: Partial<NativeConntrackEnd>;
  readonly #batches: ArrayBuffer[];
  readonly #ends: 'soon' | 'never';

  constructor(
    end: Partial<NativeConntrackEnd>,
    batches: ArrayBuffer[] = [],
    ends: 'soon' | 'never' = 'soon',
  ) {
    this.#end = end;
    this.#batches = batches;
    this.#ends = ends;
  }

  startConntrack(maxBytes: number, wake: () => void): NativeConntrack {
    this.asked.push(maxBytes);
    let end: NativeConntrackEnd | undefined;
    if (this.#ends === 'soon') {
      setImmediate(() => {
        const records = this.#batches.reduce((sum, { byteLength }) => sum + byteLength / NAT_RECORD_BYTES, 0);
        end = { ...GOOD, records, ...this.#end };
        wake();
      });
    }
    let batches = [...this.#batches];
    return {
      end: () => end,
      take: () => batches.shift(),
      cancel: () => {
        this.cancelled++;
        batches = [];
      },
    };
  }
}

/** Records that differ in the source port, from `first` on. */
function batch(count: number, first = 0): ArrayBuffer {
  const buffer = new ArrayBuffer(count * NAT_RECORD_BYTES);
  const bytes = new Uint8Array(buffer);
  const view = new DataView(buffer);
  for (let index = 0; index < count; index++) {
    const at = index * NAT_RECORD_BYTES;
    for (const [field, last] of [
      [NatField.source, 2],
      [NatField.destination, 9],
      [NatField.replySource, 9],
      [NatField.replyDestination, 1],
    ] as const) {
      bytes.set([0xff, 0xff, 10, 0, 0, last], at + field + 10);
    }
    view.setUint16(at + NatField.sourcePort, first + index, LITTLE);
    view.setUint16(at + NatField.destinationPort, 80, LITTLE);
    view.setUint16(at + NatField.replyDestinationPort, 61_001, LITTLE);
    view.setUint16(at + NatField.told, Told.ports | Told.expires | Told.tcpState | Told.sequence, LITTLE);
    view.setUint32(at + NatField.expires, 61, LITTLE);
    view.setUint32(at + NatField.sequencePosition, 4_000_000_000, LITTLE);
    view.setInt32(at + NatField.offsetBefore, -3, LITTLE);
    view.setInt32(at + NatField.offsetAfter, 70_000, LITTLE);
    bytes[at + NatField.family] = 2;
    bytes[at + NatField.protocol] = 6;
    bytes[at + NatField.tcpState] = 3;
    bytes[at + NatField.nat] = Nat.source;
  }
  return buffer;
}

const LINE =
  'ipv4     2 udp      17 30 src=10.0.0.2 dst=10.0.0.9 sport=5 dport=53 src=10.0.0.9 dst=10.0.0.1 sport=53 dport=6 mark=0 use=1\n';

describe('the NAT table', () => {
  let folder = '';
  let empty = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'sockscope-nat-'));
    empty = mkdtempSync(join(tmpdir(), 'sockscope-nat-'));
    writeFileSync(join(folder, 'nf_conntrack'), `${LINE}nonsense\n`);
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
    rmSync(empty, { recursive: true });
  });

  const ask = (binding: NatQuestion['binding'], further: Partial<NatQuestion> = {}) =>
    readNatEntries({ netDirectory: folder, binding, isOwnNamespace: true, ...further });

  it('comes from ctnetlink, batch by batch', async () => {
    const binding = new FakeConntrack({ malformed: 2, duplicates: 3, interrupted: true }, [
      batch(NAT_BATCH),
      batch(10, NAT_BATCH),
    ]);
    const table = await ask(binding, { maxBytes: 1234 });
    expect(table).toMatchObject({
      source: 'ctnetlink',
      better: [],
      length: NAT_BATCH + 10,
      malformed: 2,
      duplicates: 3,
      interrupted: true,
      complete: false,
    });
    expect(table.row(NAT_BATCH + 9)).toMatchObject({
      state: 'established',
      kind: 'source',
      expiresSeconds: 61,
      original: { source: '10.0.0.2', sourcePort: NAT_BATCH + 9 },
      sequence: { position: 4_000_000_000, offsetBefore: -3, offsetAfter: 70_000 },
    });
    expect([binding.asked, binding.cancelled]).toEqual([[1234], 1]);
  });

  it.each([
    [{ status: 'refused', errno: 1 }, 'it takes CAP_NET_ADMIN'],
    [
      { status: 'refused', operation: 'NLMSG_ERROR', errno: 22 },
      'the kernel has no ctnetlink (NLMSG_ERROR: EINVAL)',
    ],
    [
      { status: 'not-supported', operation: 'NLMSG_ERROR', errno: 2 },
      'the kernel has no ctnetlink (NLMSG_ERROR: ENOENT)',
    ],
    [
      { status: 'system', operation: 'socket', errno: 93 },
      'the kernel has no ctnetlink (socket: EPROTONOSUPPORT)',
    ],
    [{ status: 'system', operation: 'socket', errno: 97 }, 'socket: EAFNOSUPPORT'],
    [{ status: 'system', operation: 'recvmsg', errno: 105 }, 'recvmsg: ENOBUFS'],
    [{ status: 'no-memory', operation: 'scan' }, 'out of memory'],
    [{ status: 'no-thread', operation: 'start thread', errno: 11 }, 'a thread cannot be started: EAGAIN'],
    [{ status: 'truncated', operation: 'recvmsg' }, "the kernel's reply cannot be followed"],
    [{ status: 'malformed', operation: 'recvmsg' }, "the kernel's reply cannot be followed"],
  ] as const)('comes from the text where ctnetlink fails: %j', async (end, reason) => {
    const table = await ask(new FakeConntrack(end));
    expect(table).toMatchObject({ source: 'nf_conntrack', length: 1, malformed: 1, complete: false });
    expect(table.better).toMatchObject([
      { source: 'ctnetlink', reason, errno: 'errno' in end ? end.errno : undefined },
    ]);
    expect(table.better[0]!.remedy).toBeDefined();
    await expect(ask(new FakeConntrack(end), { text: false })).rejects.toMatchObject({
      code: 'ERR_SOURCE_UNAVAILABLE',
      reason: `ctnetlink: ${reason}`,
    });
  });

  it('comes from the text where netlink is of no use, and says why', async () => {
    const binding = new FakeConntrack({});
    expect((await ask(undefined)).better).toEqual([{ source: 'ctnetlink', reason: 'netlink is not used' }]);
    expect((await ask(binding, { isOwnNamespace: false })).better[0]!.reason).toMatch(/another$/);
    expect(binding.asked).toEqual([]);
  });

  it('is an error where nothing can be read', async () => {
    const netDirectory = empty;
    await expect(ask(undefined, { netDirectory })).rejects.toMatchObject({
      code: 'ERR_SOURCE_UNAVAILABLE',
      operation: 'read the NAT table',
      reason: `ctnetlink: netlink is not used; nf_conntrack: there is no ${empty}/nf_conntrack`,
      errno: 2,
      remedy: 'load the module nf_conntrack',
    });
    // What a permission would change comes first.
    await expect(
      ask(new FakeConntrack({ status: 'refused', errno: 1 }), { text: false }),
    ).rejects.toMatchObject({
      errno: 1,
    });
    await expect(ask(new FakeConntrack({ status: 'too-large' }))).rejects.toMatchObject({
      code: 'ERR_TOO_LARGE',
    });
  });

  it('can be left', async () => {
    const binding = new FakeConntrack({}, [], 'never');
    const abort = new AbortController();
    const reading = ask(binding, { signal: abort.signal });
    abort.abort(new Error('left'));
    await expect(reading).rejects.toThrow('left');
    expect(binding.cancelled).toBeGreaterThan(0);
    await expect(ask(binding, { signal: abort.signal })).rejects.toThrow('left');
    expect(binding.asked).toHaveLength(1);
  });

  it.each([1, 2, 3])('is none when it is left before batch %i is taken', async (last) => {
    const binding = new FakeConntrack({}, [batch(NAT_BATCH), batch(10, NAT_BATCH)]);
    const abort = new AbortController();
    let turns = 0;
    const turn = {
      taken: async () => {
        if (++turns === last) abort.abort(new Error('left'));
      },
    } as unknown as Turn;
    await expect(ask(binding, { signal: abort.signal, turn })).rejects.toThrow('left');
    expect(turns).toBe(last);
  });

  it('is none where records are missing', async () => {
    const binding = new FakeConntrack({ records: 11 }, [batch(10)]);
    await expect(ask(binding)).rejects.toThrow('records of ctnetlink are missing');
  });

  it('knows protocols by name, others by number', () => {
    expect([1, 6, 17, 47, 50, 58, 132, 136, 200].map(natProtocolName)).toEqual(
      'icmp tcp udp gre esp icmpv6 sctp udplite 200'.split(' '),
    );
  });
});

describe('-M of the present table', () => {
  const net = { nf_conntrack: `${LINE}nonsense\n` };

  it('shows moved sequence numbers with -e, from ctnetlink', async () => {
    const binding = new FakeConntrack({ malformed: 1 }, [batch(1, 5)]) as never;
    expect(await showInProcess({ net, words: ['-ne'], binding })).toEqual({
      stdout:
        'IP masquerading entries\n' +
        'prot   expire    initseq delta prevd source               destination          ports\n' +
        'tcp   1:01.00 4000000000 70000    -3 10.0.0.2             10.0.0.9             5 -> 80 (61001)\n',
      stderr: 'sockscope: a malformed message from the kernel was left out\n',
      code: 0,
    });
  });

  it('says of the text what could not be understood', async () => {
    const shown = await showInProcess({ net, words: ['-n'] });
    expect(shown.stdout.split('\n')[2]).toBe(
      'udp   0:30.00 10.0.0.2             10.0.0.9             5 -> 53 (6)',
    );
    expect(shown.stderr).toBe('sockscope: a malformed line of nf_conntrack was left out\n');
  });

  it('has more to say with -v where a permission is missing, but not under the name of netstat', async () => {
    const words = ['-nv', '--source', 'netlink'];
    const denied = () => new FakeConntrack({ status: 'refused', errno: 1 }) as never;
    const support = "netstat: no support for `ip_masquerade' on this system.\n";
    const shown = await showInProcess({ net, words, binding: denied() });
    expect(shown.stderr).toMatch(/^netstat: no support .*\nsockscope: read the NAT table: .*CAP_NET_ADMIN/);
    const missing = new FakeConntrack({ status: 'refused', errno: 22 }) as never;
    expect((await showInProcess({ net, words, binding: missing })).stderr).toBe(support);
    const named = await showInProcess({ net: {}, words: ['-nv'], program: 'netstat' });
    expect(named).toEqual({ stdout: '', stderr: support, code: 1 });
  });

  it('passes other failures on', async () => {
    const binding = new FakeConntrack({ status: 'too-large' }) as never;
    await expect(showInProcess({ net, words: ['-n'], binding })).rejects.toMatchObject({
      code: 'ERR_TOO_LARGE',
    });
  });
});
