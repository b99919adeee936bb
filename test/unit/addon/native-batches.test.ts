import { describe, expect, it } from 'vitest';
import { type NativeRead, nativeBatches } from '../../../src/addon/native-batches.ts';
import type { NativeEnd } from '../../../src/addon/native-dump.ts';
import { SockscopeError } from '../../../src/errors.ts';
import { newTally } from '../../../src/source/source.ts';
import type { BatchData } from '../../../src/table/batch.ts';
import { Turn } from '../../../src/turn.ts';
import { batchData, endOf, FakeDump } from './fake-dump.ts';

const two = batchData(2, { state: [10, 1] });
const one = batchData(1, { state: [7] });

function open(script: readonly (BatchData | NativeEnd)[] = [], signal = new AbortController().signal) {
  const tally = newTally();
  const opened: { dump?: FakeDump } = {};
  const read: NativeRead = {
    subject: 'tcp',
    signal,
    tally,
    turn: new Turn(),
    start: (wake) => {
      opened.dump = new FakeDump(wake, script);
      return opened.dump;
    },
  };
  return { batches: nativeBatches(read), tally, opened };
}

async function lengthsOf(batches: AsyncIterable<{ length: number }>): Promise<number[]> {
  const lengths: number[] = [];
  for await (const batch of batches) lengths.push(batch.length);
  return lengths;
}

describe('nativeBatches', () => {
  it('gives the batches in order and copies the counts', async () => {
    const end = endOf({ rows: 3, bytes: 400, malformed: 5, duplicates: 6, interrupted: true });
    const { batches, tally, opened } = open([two, one, end]);
    expect(await lengthsOf(batches)).toEqual([2, 1]);
    expect(tally).toEqual({ rows: 3, bytes: 400, malformed: 5, duplicates: 6, interrupted: true });
    expect(opened.dump!.cancelled).toBe(1);
  });

  it('waits to be woken, and forgets no call that comes before it waits', async () => {
    const { batches, opened } = open();
    const first = batches.next();
    opened.dump!.give(two);
    expect((await first).value).toHaveLength(2);
    opened.dump!.give(one);
    opened.dump!.give(endOf());
    expect((await batches.next()).value).toHaveLength(1);
    expect(await batches.next()).toEqual({ done: true, value: undefined });
  });

  it('starts nothing when it is aborted before', async () => {
    const reason = new Error('not any more');
    const { batches, opened } = open([two], AbortSignal.abort(reason));
    await expect(batches.next()).rejects.toBe(reason);
    expect(opened.dump).toBeUndefined();
  });

  it('ends the dump at once on an abort, and throws its reason', async () => {
    const abort = new AbortController();
    const { batches, opened } = open([], abort.signal);
    const first = batches.next();
    const reason = new Error('enough');
    abort.abort(reason);
    expect(opened.dump!.cancelled).toBe(1);
    await expect(first).rejects.toBe(reason);
  });

  it('ends the dump when the loop is left', async () => {
    const { batches, opened } = open([two, one, endOf()]);
    for await (const batch of batches) {
      expect(batch).toHaveLength(2);
      break;
    }
    expect(opened.dump!.cancelled).toBe(1);
  });

  it('ends the dump when the loop throws', async () => {
    const { batches, opened } = open([two, one, endOf()]);
    const failing = async () => {
      for await (const _ of batches) throw new Error('mine');
    };
    await expect(failing()).rejects.toThrow('mine');
    expect(opened.dump!.cancelled).toBe(1);
  });

  it('lets the event loop turn while there is much to take', async () => {
    const { batches } = open([one, one, one, endOf()]);
    let turned = false;
    setImmediate(() => {
      turned = true;
    });
    await batches.next();
    const busy = performance.now() + 5;
    while (performance.now() < busy);
    expect(turned).toBe(false);
    await batches.next();
    expect(turned).toBe(true);
  });
});

describe('the end of a dump', () => {
  const cases: [Partial<NativeEnd>, string, string][] = [
    [
      { status: 'not-supported', operation: 'dump', errno: 2 },
      'ERR_SOURCE_UNAVAILABLE',
      'the kernel has no TCP diag',
    ],
    [
      { status: 'system', operation: 'socket', errno: 93 },
      'ERR_SOURCE_UNAVAILABLE',
      'socket: EPROTONOSUPPORT',
    ],
    [{ status: 'system', operation: 'socket', errno: 97 }, 'ERR_SOURCE_UNAVAILABLE', 'socket: EAFNOSUPPORT'],
    [{ status: 'system', operation: 'socket', errno: 24 }, 'ERR_NO_RESOURCES', 'socket: EMFILE'],
    [{ status: 'refused', operation: 'dump', errno: 1 }, 'ERR_SOURCE_UNAVAILABLE', 'dump: EPERM'],
    [{ status: 'refused', operation: 'dump', errno: 16 }, 'ERR_KERNEL', 'dump: EBUSY'],
    [{ status: 'refused', operation: 'dump', errno: 4000 }, 'ERR_KERNEL', 'dump: errno 4000'],
    [{ status: 'truncated', operation: 'recvmsg' }, 'ERR_REPLY_DAMAGED', 'rows are lost'],
    [{ status: 'malformed', operation: 'nlmsghdr' }, 'ERR_REPLY_DAMAGED', 'cannot be followed'],
    [{ status: 'too-large', operation: 'queue' }, 'ERR_TOO_LARGE', 'maxBytes'],
    [{ status: 'no-memory', operation: 'batch' }, 'ERR_NO_RESOURCES', 'out of memory'],
    [{ status: 'no-thread', operation: 'thread', errno: 11 }, 'ERR_NO_RESOURCES', 'EAGAIN'],
    [{ status: 'cancelled', operation: 'recvmsg' }, 'ERR_CLOSED', 'was ended'],
  ];
  it.each(cases)('%o is %s', async (fields, code, words) => {
    const { batches, tally } = open([two, endOf({ ...fields, bytes: 80 })]);
    const error: unknown = await lengthsOf(batches).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(SockscopeError);
    expect(error).toMatchObject({
      code,
      operation: 'dump tcp',
      syscall: fields.operation,
      errno: fields.errno,
    });
    expect((error as Error).message).toContain(words);
    expect(tally).toMatchObject({ rows: 2, bytes: 80 });
  });
});
