import { describe, expect, it } from 'vitest';
import type { NativeBinding } from '../../../src/addon/native-binding.ts';
import type { NativeDumpRequest, NativeEnd } from '../../../src/addon/native-dump.ts';
import { createNetlinkSource } from '../../../src/source/netlink-source.ts';
import { chooseHalves } from '../../../src/source/port-split.ts';
import { type Dump, type DumpContext, newTally } from '../../../src/source/source.ts';
import type { BatchData } from '../../../src/table/batch.ts';
import { columnSet } from '../../../src/table/schema.ts';
import { Turn } from '../../../src/turn.ts';
import { batchData, endOf, FakeDump } from '../addon/fake-dump.ts';

const rows = (count: number, port: (row: number) => number) =>
  Array.from({ length: count }, (_, row) => port(row));
const ephemeral = (row: number) => 32768 + ((row * 7919) % 28000);

describe('the halves of a table', () => {
  /** How many of the sockets each program passes: an operation that compares, and the port in the one behind it. */
  function passed(
    halves: ReturnType<typeof chooseHalves>,
    local: readonly number[],
    remote: readonly number[],
  ) {
    return halves!.map((program) => {
      const [code] = program;
      const bound = program[6]! | (program[7]! << 8);
      const ports = code === 2 || code === 3 ? local : remote;
      return ports.filter((port) => (code === 2 || code === 4 ? port >= bound : port <= bound)).length;
    });
  }

  it.each([
    ['a server', rows(1000, () => 443), rows(1000, ephemeral)],
    ['a client', rows(1000, ephemeral), rows(1000, () => 443)],
    [
      'both ends',
      rows(1000, (row) => (row % 2 ? 8443 : ephemeral(row))),
      rows(1000, (row) => (row % 2 ? ephemeral(row) : 8443)),
    ],
    ['ports at the ends of their range', rows(1000, (row) => (row % 2) * 65535), rows(1000, () => 0)],
  ])('of %s are equal, but for a hundredth', (_, local, remote) => {
    const counts = passed(chooseHalves({ local, remote }), local, remote);
    expect(counts[0]! + counts[1]!).toBe(1000);
    expect(Math.max(...counts)).toBeLessThanOrEqual(510);
  });

  it('are taken where the larger one has three quarters, and not beyond', () => {
    const local = rows(1000, () => 443);
    const remote = (share: number) => rows(1000, (row) => (row < share ? 80 : 50_000));
    expect(passed(chooseHalves({ local, remote: remote(750) }), local, remote(750))).toEqual([750, 250]);
    expect(chooseHalves({ local, remote: remote(760) })).toBe(undefined);
  });

  it('are none where all ports are the same, and where nothing is known', () => {
    expect(chooseHalves({ local: rows(1000, () => 443), remote: rows(1000, () => 80) })).toBe(undefined);
    expect(chooseHalves({ local: [], remote: [] })).toBe(undefined);
  });
});

describe('a TCP table that any order will do for', () => {
  const columns = columnSet(['localPort', 'remotePort']);
  const dump: Dump = { protocol: 'tcp', families: ['inet', 'inet6'], states: 0xfff, columns, anyOrder: true };
  const large = connections(60_000);

  function connections(count: number): BatchData {
    return batchData(count, { localPort: rows(count, () => 443), remotePort: rows(count, ephemeral) });
  }

  /** Asks a source one dump after the other, and gives what it asked the addon: whether to part the table. */
  async function parted(
    dumps: readonly Partial<Dump & DumpContext>[],
    answers: (BatchData | NativeEnd)[][] = [],
  ): Promise<boolean[]> {
    const requests: NativeDumpRequest[] = [];
    const source = createNetlinkSource({
      startDump: (request, wake) => {
        requests.push(request);
        return new FakeDump(wake, answers.shift() ?? [large, endOf()]);
      },
    } as Pick<NativeBinding, 'startDump'> as NativeBinding);
    for (const fields of dumps) {
      const context = {
        signal: new AbortController().signal,
        threads: 2,
        maxBytes: 1 << 30,
        turn: new Turn(),
      };
      const read = source.read({ ...dump, ...fields }, {
        ...context,
        tally: newTally(),
        ...fields,
      } as DumpContext);
      try {
        for await (const _ of read);
      } catch {}
    }
    return requests.map(({ halves }) => halves !== undefined);
  }

  it('is parted from the second time on', async () => {
    expect(await parted([{}, {}, {}])).toEqual([false, true, true]);
  });

  it.each<[string, Partial<Dump & DumpContext>]>([
    ['with one thread', { threads: 1 }],
    ["in the kernel's order", { anyOrder: undefined }],
    ['by a filter', { bytecode: new Uint8Array(8) }],
    ['of another protocol', { protocol: 'udp' }],
    ['with sockets that have no remote port yet', { states: 0xfff | (1 << 13) }],
  ])('is not parted %s, which teaches nothing', async (_, fields) => {
    expect(await parted([{}, fields, {}])).toEqual([false, false, true]);
  });

  it.each<[string, Partial<Dump>]>([
    ['of other states', { states: 1 << 1 }],
    ['of one family', { families: ['inet'] }],
  ])('is not parted as one %s', async (_, fields) => {
    expect(await parted([{}, fields, fields, {}])).toEqual([false, false, true, false]);
  });

  it('is not parted where it is small, and no more when it has become so', async () => {
    const small = [connections(49_999), endOf()];
    expect(await parted([{}, {}, {}], [small, [large, endOf()], small])).toEqual([false, false, true]);
    expect(await parted([{}, {}, {}], [[large, endOf()], small])).toEqual([false, true, false]);
  });

  it('is not learnt from where it was not read to its end, or its ports were not', async () => {
    const failed = [large, endOf({ status: 'truncated', operation: 'recvmsg' })];
    expect(await parted([{}, {}], [failed])).toEqual([false, false]);
    const states = batchData(60_000, { state: rows(60_000, () => 1) });
    expect(await parted([{}, {}], [[states, endOf()]])).toEqual([false, false]);
  });
});
