import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { choose } from '../../src/choice.ts';
import { SockscopeError } from '../../src/errors.ts';
import { type ScanRequest, settleRequest } from '../../src/request/request.ts';
import { readBatches } from '../../src/scan.ts';
import type { Dump, DumpContext, Source } from '../../src/source/source.ts';
import { withUnixRefs } from '../../src/source/unix-refs.ts';
import { unusableSource } from '../../src/source/unusable-source.ts';
import type { Support } from '../../src/support.ts';
import type { Batch } from '../../src/table/batch.ts';
import { collectBatches } from '../../src/table/collect.ts';
import { RunningReport } from '../../src/table/report.ts';
import { owning } from './owning.ts';
import { batchOf, type RowValues } from './table/batches.ts';

interface Fake {
  name?: Source['name'];
  support?: Partial<Record<string, Support>>;
  read?: (dump: Dump, context: DumpContext) => AsyncIterable<Batch>;
}

function fakeSource({ name = 'procfs', support = {}, read = oneBatch }: Fake = {}): Source {
  return { name, probe: async (protocol) => support[protocol] ?? { verdict: 'yes' }, read };
}

async function* oneBatch(dump: Dump, context: DumpContext): AsyncGenerator<Batch> {
  context.tally.rows += 1;
  yield batchOf([{ inode: 1 }], dump.columns);
}

async function* untilAborted(_dump: Dump, { signal }: DumpContext): AsyncGenerator<Batch> {
  yield batchOf([{ inode: 1 }]);
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  throw signal.reason;
}

async function run(
  request: ScanRequest,
  sources: Source[],
  closing = new AbortController().signal,
  threads: 1 | 2 = 1,
) {
  const report = new RunningReport();
  const question = settleRequest(request);
  const setting = {
    choose: (protocol: never) => choose(sources, (source) => source.probe(protocol)),
    closing,
    threads,
    threadsBesideWalk: 1 as const,
    ...owning(),
  };
  const batches = await collectBatches(readBatches(question, setting, report), question.maxBytes, 'scan');
  return { batches, report };
}

const no = (reason: string, more: Partial<Support> = {}): Support => ({ verdict: 'no', reason, ...more });

describe('the pipeline', () => {
  it('takes the best source for each protocol and keeps the reason for another', async () => {
    const netlink = fakeSource({ name: 'netlink', support: { raw: no('no RAW diag', { errno: 2 }) } });
    const { report } = await run({}, [netlink, fakeSource()]);
    expect(report.sources.tcp).toEqual({ source: 'netlink', better: [] });
    expect(report.sources.raw).toMatchObject({
      source: 'procfs',
      better: [{ source: 'netlink', reason: 'no RAW diag', errno: 2 }],
    });
    expect(report.dumps.map((dump) => [dump.protocol, dump.source])).toContainEqual(['raw', 'procfs']);
    expect(report.complete).toBe(true);
  });

  it('throws for a protocol asked for by name that nothing can read', async () => {
    const source = fakeSource({ support: { raw: no('EACCES', { errno: 13, remedy: 'ask root' }) } });
    await expect(run({ protocols: ['raw'] }, [source])).rejects.toMatchObject({
      code: 'ERR_SOURCE_UNAVAILABLE',
      operation: 'read raw',
      errno: 13,
      remedy: 'ask root',
    });
  });

  it('throws so before anything is read', async () => {
    const read = () => {
      throw new Error('must not be read');
    };
    const source = fakeSource({ support: { raw: no('EACCES') }, read });
    await expect(run({ protocols: ['tcp', 'raw'] }, [source])).rejects.toMatchObject({
      operation: 'read raw',
    });
  });

  it('lets go of the signals it listened to', async () => {
    const closing = new AbortController();
    const caller = new AbortController();
    for (let time = 0; time < 3; time++) await run({ signal: caller.signal }, [fakeSource()], closing.signal);
    expect(getEventListeners(closing.signal, 'abort')).toEqual([]);
    expect(getEventListeners(caller.signal, 'abort')).toEqual([]);
  });

  it('does not make Node warn of a leak, however many run at once', async () => {
    const warnings: Error[] = [];
    const take = (warning: Error) => void warnings.push(warning);
    process.on('warning', take);
    const { signal } = new AbortController();
    await Promise.all(Array.from({ length: 50 }, () => run({ signal }, [fakeSource()])));
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', take);
    expect(warnings).toEqual([]);
  });

  it('marks a protocol that nobody named as a gap, unless the kernel lacks it', async () => {
    const support = { raw: no('denied'), udplite: no('no such file', { absent: true }) };
    const { report } = await run({}, [fakeSource({ support })]);
    expect(report.gaps).toEqual([{ what: 'raw', reason: 'unavailable', detail: 'read raw: procfs: denied' }]);
    expect(report.complete).toBe(false);
  });

  it('throws when nothing at all can be read', async () => {
    await expect(run({}, [unusableSource('netlink', 'no addon', 'build it')])).rejects.toThrow(
      'no addon (build it)',
    );
  });

  it('asks unix sockets for their family alone, and the others for theirs', async () => {
    const asked: string[] = [];
    const read = (dump: Dump, context: DumpContext) => {
      asked.push(`${dump.protocol}:${dump.families.join('+')}`);
      return oneBatch(dump, context);
    };
    await run({ protocols: ['tcp', 'unix'] }, [fakeSource({ read })]);
    await run({ families: ['inet6'] }, [fakeSource({ read })]);
    expect(asked).toEqual([
      'tcp:inet+inet6',
      'unix:unix',
      'tcp:inet6',
      'udp:inet6',
      'udplite:inet6',
      'raw:inet6',
    ]);
  });

  it('ends at the deadline with what it has, and says what is missing', async () => {
    const { batches, report } = await run({ protocols: ['tcp', 'udp'], deadlineMs: 20 }, [
      fakeSource({ read: untilAborted }),
    ]);
    expect(batches).toHaveLength(1);
    expect(report.gaps).toEqual([
      { what: 'tcp', reason: 'deadline' },
      { what: 'udp', reason: 'deadline' },
    ]);
  });

  it.each([1e10, Number.POSITIVE_INFINITY])('takes a deadline of %d ms for none', async (deadlineMs) => {
    const { report } = await run({ protocols: ['tcp'], deadlineMs, maxBytes: deadlineMs }, [fakeSource()]);
    expect(report.complete).toBe(true);
  });

  it('throws the reason of an abort, before and during the scan', async () => {
    const reason = new Error('enough');
    await expect(run({ signal: AbortSignal.abort(reason) }, [fakeSource()])).rejects.toBe(reason);
    const controller = new AbortController();
    const scanning = run({ signal: controller.signal }, [fakeSource({ read: untilAborted })]);
    controller.abort(reason);
    await expect(scanning).rejects.toBe(reason);
  });

  it('refuses a table above maxBytes', async () => {
    await expect(run({ maxBytes: 1 }, [fakeSource()])).rejects.toMatchObject({ code: 'ERR_TOO_LARGE' });
  });

  it('counts malformed messages and interrupted dumps as gaps', async () => {
    const read = (dump: Dump, context: DumpContext) => {
      Object.assign(context.tally, { malformed: 3, interrupted: true });
      return oneBatch(dump, context);
    };
    const { report } = await run({ protocols: ['tcp'] }, [fakeSource({ read })]);
    expect(report.gaps).toEqual([
      { what: 'tcp', reason: 'malformed', rows: 3 },
      { what: 'tcp', reason: 'interrupted' },
    ]);
    expect(report.malformed).toBe(3);
  });

  it('takes the next source where the best one has no means for a first row', async () => {
    const netlink = fakeSource({
      name: 'netlink',
      // biome-ignore lint/correctness/useYield: it fails before its first batch
      async *read() {
        throw new SockscopeError('ERR_NO_RESOURCES', 'EMFILE', { operation: 'dump tcp', errno: 24 });
      },
    });
    const { batches, report } = await run({ protocols: ['tcp'] }, [netlink, fakeSource()]);
    expect(batches).toHaveLength(1);
    expect(report.sources.tcp).toMatchObject({
      source: 'procfs',
      better: [{ source: 'netlink', reason: 'EMFILE', errno: 24 }],
    });
    await expect(run({ protocols: ['tcp'] }, [netlink])).rejects.toMatchObject({ code: 'ERR_NO_RESOURCES' });
  });

  it('is not complete before its end', async () => {
    const report = new RunningReport();
    const setting = {
      choose: () => choose([fakeSource()], (source) => source.probe('tcp')),
      closing: new AbortController().signal,
      threads: 1 as const,
      threadsBesideWalk: 1 as const,
      ...owning(),
    };
    const request = settleRequest({ protocols: ['tcp'] });
    for await (const _ of readBatches(request, setting, report)) break;
    expect(report.complete).toBe(false);
    for await (const _ of readBatches(request, setting, report));
    expect(report.complete).toBe(true);
  });

  it('closes a source whose loop is left', async () => {
    let closed = false;
    const read = async function* () {
      try {
        yield batchOf([{}]);
        yield batchOf([{}]);
      } finally {
        closed = true;
      }
    };
    const setting = {
      choose: () => choose([fakeSource({ read })], (source) => source.probe('tcp')),
      closing: new AbortController().signal,
      threads: 1 as const,
      threadsBesideWalk: 1 as const,
      ...owning(),
    };
    for await (const _ of readBatches(settleRequest({ protocols: ['tcp'] }), setting, new RunningReport()))
      break;
    expect(closed).toBe(true);
  });
});

describe('unix reference counts', () => {
  const rows = (...values: RowValues[]) =>
    async function* () {
      yield batchOf(values);
    };

  it('are joined by inode, in the order of the lines, with the sockets not yet accepted', async () => {
    const netlink = fakeSource({
      name: 'netlink',
      read: rows({ inode: 5, unixPeer: 1 }, { inode: 6 }, { inode: 7 }),
    });
    const procfs = fakeSource({
      read: rows(
        { inode: 6, unixRefs: 3 },
        { inode: 0, unixRefs: 4, state: 2 },
        { inode: 9, unixRefs: 2 },
        { inode: 5, unixRefs: 2 },
      ),
    });
    const request: ScanRequest = { protocols: ['unix'], columns: ['inode', 'unixRefs', 'unixPeer'] };
    const { batches, report } = await run(request, [withUnixRefs(netlink, procfs)]);
    expect(batches.flatMap((batch) => [...batch.require('inode')])).toEqual([6, 0, 5]);
    expect(batches.flatMap((batch) => [...batch.require('unixRefs')])).toEqual([3, 4, 2]);
    expect(batches.flatMap((batch) => [...batch.require('unixPeer')])).toEqual([0, 0, 1]);
    expect(report.dumps[0]).toMatchObject({ rows: 3, source: 'netlink' });
  });

  it('are read once more for a socket that the text has missed; the others have gone', async () => {
    let time = 0;
    const procfs = fakeSource({
      async *read() {
        yield time++ === 0
          ? batchOf([
              { inode: 0, unixRefs: 4, state: 2 },
              { inode: 5, unixRefs: 2 },
            ])
          : batchOf([
              { inode: 0, unixRefs: 4, state: 2 },
              { inode: 6, unixRefs: 3 },
            ]);
      },
    });
    const netlink = fakeSource({ name: 'netlink', read: rows({ inode: 5 }, { inode: 6 }, { inode: 7 }) });
    const { batches } = await run({ protocols: ['unix'], columns: ['inode', 'unixRefs'] }, [
      withUnixRefs(netlink, procfs),
    ]);
    expect(batches.flatMap((batch) => [...batch.require('inode')])).toEqual([0, 5, 6]);
    expect(batches.flatMap((batch) => [...batch.require('unixRefs')])).toEqual([4, 2, 3]);
  });

  it('are not taken from a line that is the rest of a name', async () => {
    const text = (words: string): Uint8Array => new Uint8Array(Buffer.from(words, 'latin1'));
    const forged = '0000000000000000: 00000007 00000000 00000000 0001 02     0 /run/forged';
    const victim = '0000000000000000: 00000009 00000000 00010000 0001 01     6';
    const netlink = fakeSource({
      name: 'netlink',
      read: rows({ inode: 5, path: text(`\0b\n${forged}\n${victim}`) }, { inode: 6 }),
    });
    const procfs = fakeSource({
      read: rows(
        { inode: 5, unixRefs: 2, path: text('\0b') },
        { inode: 0, unixRefs: 7, state: 2, path: text('/run/forged') },
        { inode: 6, unixRefs: 9 },
        { inode: 0, unixRefs: 7, state: 2, path: text('/run/forged') },
        { inode: 6, unixRefs: 3 },
      ),
    });
    const { batches } = await run({ protocols: ['unix'], columns: ['inode', 'unixRefs', 'path'] }, [
      withUnixRefs(netlink, procfs),
    ]);
    expect(batches.flatMap((batch) => [...batch.require('inode')])).toEqual([5, 0, 6]);
    expect(batches.flatMap((batch) => [...batch.require('unixRefs')])).toEqual([2, 7, 3]);
  });

  it('come at the same time as the rows where there are two threads, and no row before both', async () => {
    const order: string[] = [];
    const told = (name: Source['name'], ...values: RowValues[]) =>
      fakeSource({
        name,
        async *read() {
          order.push(`${name} begins`);
          await new Promise((resolve) => setImmediate(resolve));
          yield batchOf(values);
          order.push(`${name} ends`);
        },
      });
    const netlink = told('netlink', { inode: 5 }, { inode: 6 });
    const procfs = told('procfs', { inode: 6, unixRefs: 3 }, { inode: 5, unixRefs: 2 });
    const request: ScanRequest = { protocols: ['unix'], columns: ['inode', 'unixRefs'] };
    const { signal } = new AbortController();
    const { batches } = await run(request, [withUnixRefs(netlink, procfs)], signal, 2);
    expect(batches.flatMap((batch) => [...batch.require('inode')])).toEqual([6, 5]);
    expect(batches.flatMap((batch) => [...batch.require('unixRefs')])).toEqual([3, 2]);
    expect(order).toEqual(['netlink begins', 'procfs begins', 'netlink ends', 'procfs ends']);
  });

  it('are a gap where /proc cannot be read', async () => {
    const procfs = fakeSource({ support: { unix: no('not permitted') } });
    const netlink = fakeSource({ name: 'netlink' });
    const { report } = await run({ protocols: ['unix'], columns: ['unixRefs'] }, [
      withUnixRefs(netlink, procfs),
    ]);
    expect(report.gaps).toEqual([{ what: 'unix', reason: 'unavailable', detail: 'unixRefs: not permitted' }]);
  });

  it('are not read where nobody asks for them', async () => {
    const procfs = fakeSource({
      read: () => {
        throw new Error('must not be read');
      },
    });
    const { batches } = await run({ protocols: ['unix'], columns: ['inode'] }, [
      withUnixRefs(fakeSource({ name: 'netlink' }), procfs),
    ]);
    expect(batches[0]!.length).toBe(1);
  });
});
