import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NativeBinding } from '../../../src/addon/native-binding.ts';
import type { NativeDumpRequest, NativeEnd } from '../../../src/addon/native-dump.ts';
import { ProcRoot } from '../../../src/proc/proc-root.ts';
import { State } from '../../../src/socket/state.ts';
import { createNetlinkSource } from '../../../src/source/netlink-source.ts';
import { type Dump, newTally, type Source } from '../../../src/source/source.ts';
import { isWalkable, withTcpWalk } from '../../../src/source/tcp-walk.ts';
import type { BatchData } from '../../../src/table/batch.ts';
import { columnSet } from '../../../src/table/schema.ts';
import { Turn } from '../../../src/turn.ts';
import { batchData, endOf, FakeDump } from '../addon/fake-dump.ts';

const COLUMNS = columnSet(['family', 'state', 'localAddress', 'localPort', 'remotePort', 'recvQ', 'sendQ']);
const tan: Dump = { protocol: 'tcp', families: ['inet', 'inet6'], states: 0xfff, columns: COLUMNS };

describe('a dump is for the walk', () => {
  const listen = 1 << State.listen;
  it.each<[string, Partial<Dump>, boolean]>([
    ['that asks for what netstat -tan shows', {}, true],
    ['of one family, listeners left out', { families: ['inet'], states: 0xfff & ~listen }, true],
    ['of another protocol', { protocol: 'udp' }, false],
    ['of a column that the walk does not tell', { columns: COLUMNS | columnSet(['inode']) }, false],
    ['of listeners alone', { states: listen }, false],
    ['of sockets that are bound and no more', { states: 0xfff | (1 << State['bound-inactive']) }, false],
    ['that the kernel filters', { bytecode: new Uint8Array(4) }, false],
  ])('%s', (_, fields, expected) => {
    expect(isWalkable({ ...tan, ...fields })).toBe(expected);
  });
});

describe('a netlink source with a walk', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'sockscope-walk-'));
    for (const [name, count, six] of [
      ['few', 49_989, 0],
      ['many', 49_989, 1],
    ] as const) {
      mkdirSync(join(folder, name, 'net'), { recursive: true });
      const sockstat = `sockets: used 5\nTCP: inuse ${count} orphan 7 tw 10 alloc 99999 mem 1\n`;
      writeFileSync(join(folder, name, 'net/sockstat'), sockstat);
      writeFileSync(join(folder, name, 'net/sockstat6'), `TCP6: inuse ${six}\nUDP6: inuse 0\n`);
    }
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const rows = batchData(3, { state: [1, 1, 1] });

  /** A source over an addon whose walks give `walked`, and what it asks of the addon, in order. */
  function sourceOf(host: string, walked: readonly (BatchData | NativeEnd)[], mayUseBpf = true) {
    const asked: string[] = [];
    const start =
      (name: string, answer: readonly (BatchData | NativeEnd)[]) =>
      ({ priority }: NativeDumpRequest, wake: () => void) => {
        expect(priority).toBe('low');
        asked.push(name);
        return new FakeDump(wake, answer);
      };
    const binding = {
      mayUseBpf: () => mayUseBpf,
      startDump: start('netlink', [rows, rows, endOf()]),
      startTcpWalk: start('walk', walked),
    } as unknown as NativeBinding;
    const source = withTcpWalk(createNetlinkSource(binding), binding, new ProcRoot(join(folder, host)));
    return { source, asked };
  }

  async function read(source: Source, dump = tan, signal = new AbortController().signal) {
    let count = 0;
    const tally = newTally();
    const context = {
      signal,
      threads: 2,
      priority: 'low',
      maxBytes: 1 << 20,
      tally,
      turn: new Turn(),
    } as const;
    for await (const batch of source.read(dump, context)) count += batch.length;
    return { rows: count, tally };
  }

  /** What is asked of the addon, in order, and the rows that came of it. */
  async function ask(
    host: 'few' | 'many' | 'none',
    walked: readonly (BatchData | NativeEnd)[],
    { mayUseBpf = true, dump = tan } = {},
  ): Promise<{ asked: string[]; rows: number; source: string | undefined }> {
    const { source, asked } = sourceOf(host, walked, mayUseBpf);
    const { rows, tally } = await read(source, dump);
    return { asked, rows, source: tally.source };
  }

  it('walks where there are many sockets', async () => {
    expect(await ask('many', [rows, endOf()])).toEqual({ asked: ['walk'], rows: 3, source: 'bpf' });
  });

  it.each<[string, Parameters<typeof ask>]>([
    ['there are few sockets', ['few', []]],
    ['it is not told how many there are', ['none', []]],
    ['BPF may not be used', ['many', [], { mayUseBpf: false }]],
    ['more is asked', ['many', [], { dump: { ...tan, columns: COLUMNS | columnSet(['inode']) } }]],
  ])('asks netlink where %s', async (_, question) => {
    expect(await ask(...question)).toEqual({ asked: ['netlink'], rows: 6, source: undefined });
  });

  const refused = endOf({ status: 'system', operation: 'bpf(BPF_PROG_LOAD)', errno: 1 });

  it('asks netlink after a walk that was refused', async () => {
    expect(await ask('many', [refused])).toEqual({ asked: ['walk', 'netlink'], rows: 6, source: undefined });
  });

  it.each([
    [{ status: 'not-supported', operation: 'find loops of BPF in the kernel' }, 'this kernel cannot'],
    [{ status: 'system', operation: 'bpf(BPF_PROG_LOAD)', errno: 1 }, 'EPERM'],
    [{ status: 'system', operation: 'read /sys/kernel/btf/vmlinux', errno: 13 }, 'EACCES'],
  ] as const)('remembers a refusal that would come again, and says so: %o', async (end, word) => {
    const { source, asked } = sourceOf('many', [endOf(end)]);
    expect(source.largeBy?.('tcp')).toBe('bpf');
    for (const times of [1, 2, 3]) {
      const { rows, tally } = await read(source);
      expect(rows).toBe(6);
      expect(tally.passedOver).toMatchObject({ source: 'bpf', reason: `${end.operation}: ${word}` });
      expect(asked).toEqual(['walk', ...new Array<string>(times).fill('netlink')]);
      expect(source.largeBy?.('tcp')).toBeUndefined();
    }
  });

  it.each(['malformed', 'no-memory', 'no-thread', 'too-large'] as const)(
    'tries again after a walk that was %s, says so, and counts nothing of it',
    async (status) => {
      const failed = endOf({ status, bytes: 99, interrupted: true, malformed: 2 });
      const { source, asked } = sourceOf('many', [failed]);
      for (const _ of [1, 2]) {
        const { rows, tally } = await read(source);
        expect(tally).toMatchObject({ bytes: 0, interrupted: false, malformed: 0, source: undefined });
        expect({ rows, by: tally.passedOver?.source }).toEqual({ rows: 6, by: 'bpf' });
      }
      expect(asked).toEqual(['walk', 'netlink', 'walk', 'netlink']);
      expect(source.largeBy?.('tcp')).toBe('bpf');
    },
  );

  it('asks nobody else where the scan was ended', async () => {
    const { source, asked } = sourceOf('many', [endOf({ status: 'cancelled' })]);
    await expect(read(source, tan, AbortSignal.abort(new Error('over')))).rejects.toThrow('over');
    expect(asked).toEqual([]);
  });

  it('is told to be tried first where BPF may be used', () => {
    const largeBy = (mayUseBpf: boolean, protocol: 'tcp' | 'udp') => {
      const binding = { mayUseBpf: () => mayUseBpf } as unknown as NativeBinding;
      return withTcpWalk(createNetlinkSource(binding), binding, new ProcRoot()).largeBy?.(protocol);
    };
    expect([largeBy(true, 'tcp'), largeBy(false, 'tcp'), largeBy(true, 'udp')]).toEqual([
      'bpf',
      undefined,
      undefined,
    ]);
  });

  it('does not begin anew once rows have been given', async () => {
    await expect(ask('many', [rows, refused])).rejects.toThrow('bpf(BPF_PROG_LOAD)');
  });
});
