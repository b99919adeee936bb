import { describe, expect, it } from 'vitest';
import type { NativeBinding } from '../../../src/addon/native-binding.ts';
import type { NativeDumpRequest, NativeEnd } from '../../../src/addon/native-dump.ts';
import { createNetlinkSource } from '../../../src/source/netlink-source.ts';
import { type Dump, type DumpContext, newTally } from '../../../src/source/source.ts';
import type { Batch, BatchData } from '../../../src/table/batch.ts';
import { columnSet } from '../../../src/table/schema.ts';
import { Turn } from '../../../src/turn.ts';
import { batchData, endOf, FakeDump } from '../addon/fake-dump.ts';

type Answer = (request: NativeDumpRequest) => readonly (BatchData | NativeEnd)[];

/** A binding that answers each dump by a script, and keeps what it was asked. */
function bindingOf(answer: Answer) {
  const requests: NativeDumpRequest[] = [];
  const startDump: NativeBinding['startDump'] = (request, wake) => {
    requests.push(request);
    return new FakeDump(wake, answer(request));
  };
  return { requests, source: createNetlinkSource({ startDump } as NativeBinding) };
}

function contextOf(fields: Partial<DumpContext> = {}): DumpContext {
  return {
    signal: new AbortController().signal,
    threads: 2,
    maxBytes: 1 << 20,
    tally: newTally(),
    turn: new Turn(),
    ...fields,
  };
}

async function collect(batches: AsyncIterable<Batch>): Promise<Batch[]> {
  const all: Batch[] = [];
  for await (const batch of batches) all.push(batch);
  return all;
}

const v4 = (a: number, b: number, c: number, d: number) => [
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  255,
  255,
  a,
  b,
  c,
  d,
];
const any6 = Array.from({ length: 16 }, () => 0);

describe('the netlink source', () => {
  it('asks the kernel for what the dump asks', async () => {
    const { requests, source } = bindingOf(() => [endOf()]);
    const columns = columnSet(['state', 'path']);
    const bytecode = new Uint8Array(8);
    await collect(
      source.read({ protocol: 'udplite', families: ['inet6'], states: 0x80, columns, bytecode }, contextOf()),
    );
    await collect(source.read({ protocol: 'unix', families: ['unix'], states: 0xfff, columns }, contextOf()));
    expect(requests).toEqual([
      {
        kind: 'inet',
        ipProtocol: 136,
        families: [10],
        states: 0x80,
        columns,
        bytecode,
        threads: 2,
        maxBytes: 1 << 20,
      },
      { kind: 'unix', ipProtocol: 0, families: [1], states: 0xfff, columns, threads: 2, maxBytes: 1 << 20 },
    ]);
  });
});

describe('probing netlink', () => {
  it('remembers a yes', async () => {
    const { requests, source } = bindingOf(() => [batchData(1, { state: [10] }), endOf()]);
    expect(await source.probe('tcp')).toEqual({ verdict: 'yes' });
    expect(await source.probe('tcp')).toEqual({ verdict: 'yes' });
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatchObject({ ipProtocol: 6, states: 1 << 10 });
  });

  it('remembers a no, with its reason and remedy, for that protocol alone', async () => {
    const { requests, source } = bindingOf(({ ipProtocol }) =>
      ipProtocol === 255
        ? [endOf({ status: 'not-supported', operation: 'NLMSG_DONE', errno: 2 })]
        : [endOf()],
    );
    const no = await source.probe('raw');
    expect(no).toMatchObject({ verdict: 'no', reason: 'the kernel has no RAW diag', errno: 2 });
    expect(no.remedy).toContain('raw_diag');
    expect(await source.probe('raw')).toBe(no);
    expect(await source.probe('udp')).toEqual({ verdict: 'yes' });
    expect(requests).toHaveLength(2);
  });

  it('asks again what could not be told', async () => {
    const ends = [endOf({ status: 'system', operation: 'socket', errno: 24 }), endOf()];
    const { source } = bindingOf(() => [ends.shift()!]);
    expect(await source.probe('tcp')).toMatchObject({
      verdict: 'unknown',
      reason: 'socket: EMFILE',
      errno: 24,
    });
    expect(await source.probe('tcp')).toEqual({ verdict: 'yes' });
  });

  it('does not throw when the addon does', async () => {
    const source = createNetlinkSource({
      startDump: () => {
        throw new TypeError('kind must be ...');
      },
    } as unknown as NativeBinding);
    expect(await source.probe('tcp')).toMatchObject({
      verdict: 'unknown',
      reason: 'TypeError: kind must be ...',
    });
  });
});

describe('the uid of a connection in SYN_RECV', () => {
  const listeners = batchData(4, {
    family: [2, 2, 10, 10],
    state: [10, 10, 10, 1],
    localAddress: [...v4(0, 0, 0, 0), ...v4(10, 0, 0, 1), ...any6, ...any6],
    localPort: [80, 80, 443, 9],
    uid: [33, 1000, 104, 7],
  });
  const embryos = batchData(6, {
    family: [2, 2, 10, 2, 2, 10],
    state: [3, 3, 3, 3, 3, 3],
    localAddress: [
      ...v4(10, 0, 0, 2),
      ...v4(10, 0, 0, 1),
      ...v4(10, 0, 0, 1),
      ...v4(10, 0, 0, 1),
      ...v4(10, 0, 0, 1),
      ...any6,
    ],
    localPort: [80, 80, 443, 443, 80, 9],
    uid: [0, 0, 0, 0, 5, 0],
  });
  const embryo = batchData(1, {
    family: [2],
    state: [3],
    localAddress: v4(10, 0, 0, 2),
    localPort: [80],
    uid: [0],
  });
  const columns = listeners.columns;
  const dump: Dump = { protocol: 'tcp', families: ['inet', 'inet6'], states: 0xfff, columns };
  const uidsOf = (batch: Batch | undefined) => [...batch!.require('uid')];

  it("is its listener's: of the same address, else of any", async () => {
    const { requests, source } = bindingOf(() => [listeners, embryos, endOf()]);
    const [first, second] = await collect(source.read(dump, contextOf()));
    expect(uidsOf(first)).toEqual([33, 1000, 104, 7]);
    expect(uidsOf(second)).toEqual([33, 1000, 104, 0, 5, 0]);
    expect(requests).toHaveLength(1);
  });

  it('is found by a second dump where no listeners are asked for', async () => {
    const { requests, source } = bindingOf(({ states }) => [
      states === 1 << 10 ? listeners : embryo,
      endOf({ bytes: 10 }),
    ]);
    const context = contextOf();
    const batches = await collect(source.read({ ...dump, states: 1 << 3 }, context));
    expect(batches.map(uidsOf)).toEqual([[33]]);
    expect(requests.map(({ states }) => states)).toEqual([1 << 3, 1 << 10]);
    expect(context.tally).toMatchObject({ rows: 1, bytes: 20 });
  });

  it('is found by a second dump where a table is parted, and its listener may come late', async () => {
    const ports = (count: number) => Array.from({ length: count }, (_, row) => row % 60_000);
    const zeros = (count: number) => Array.from({ length: count }, () => 0);
    const large = batchData(50_000, {
      family: zeros(50_000),
      state: zeros(50_000),
      localAddress: zeros(16 * 50_000),
      localPort: ports(50_000),
      remotePort: ports(50_000),
      uid: zeros(50_000),
    });
    const young = batchData(1, {
      family: [2],
      state: [3],
      localAddress: v4(10, 0, 0, 2),
      localPort: [80],
      uid: [0],
    });
    const { requests, source } = bindingOf(({ states, halves }) => {
      if (states === 1 << 10) return [listeners, endOf()];
      return halves === undefined ? [large, endOf()] : [young, listeners, endOf()];
    });
    const any: Dump = { ...dump, columns: large.columns, anyOrder: true };
    await collect(source.read(any, contextOf({ maxBytes: 1 << 30 })));
    const [first] = await collect(source.read({ ...any, columns }, contextOf()));
    expect(uidsOf(first)).toEqual([33]);
    expect(requests.map(({ halves }) => halves !== undefined)).toEqual([false, true, false]);
  });

  it('needs no column of its own in the answer', async () => {
    const { requests, source } = bindingOf(() => [listeners, endOf()]);
    const asked = columnSet(['uid', 'localPort']);
    const [batch] = await collect(source.read({ ...dump, columns: asked }, contextOf()));
    expect(requests[0]!.columns).toBe(columns);
    expect(batch!.columns).toBe(asked);
    expect([...batch!.require('localPort')]).toEqual([80, 80, 443, 9]);
    expect(batch!.column('state')).toBe(undefined);
  });

  it('costs nothing where no uid is asked for', async () => {
    const { requests, source } = bindingOf(() => [endOf()]);
    const asked = columnSet(['state']);
    await collect(source.read({ ...dump, columns: asked }, contextOf()));
    expect(requests[0]!.columns).toBe(asked);
  });
});
