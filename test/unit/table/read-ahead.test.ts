import { describe, expect, it } from 'vitest';
import type { Batch } from '../../../src/table/batch.ts';
import { readAhead } from '../../../src/table/read-ahead.ts';
import { batchOf } from './batches.ts';

/** A stream of batches with one row each, that tells how far it was read and whether it was left. */
function stream(length: number, failure?: Error) {
  const seen = { read: 0, left: false };
  async function* batches(): AsyncGenerator<Batch> {
    try {
      for (let inode = 1; inode <= length; inode++) {
        seen.read = inode;
        yield batchOf([{ inode }]);
      }
      if (failure !== undefined) throw failure;
    } finally {
      seen.left = true;
    }
  }
  return { seen, batches: batches() };
}

function gate() {
  let open = (): void => {};
  let fail = (_: Error): void => {};
  const opened = new Promise<void>((resolve, reject) => {
    open = resolve;
    fail = reject;
  });
  return { open, fail, opened };
}

async function inodesOf(batches: AsyncIterable<Batch>): Promise<number[]> {
  const inodes: number[] = [];
  for await (const batch of batches) inodes.push(...batch.require('inode'));
  return inodes;
}

const rounds = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 10));

describe('reading ahead', () => {
  it('reads while the gate is closed, and gives nothing before it opens', async () => {
    const { seen, batches } = stream(3);
    const { opened, open } = gate();
    let first: unknown;
    const reading = readAhead(batches, opened, 2 ** 20);
    const next = reading.next().then((result) => (first = result));
    await rounds();
    expect(seen.read).toBe(3);
    expect(first).toBeUndefined();
    open();
    await next;
    expect(first).toMatchObject({ done: false });
    expect(await inodesOf(reading)).toEqual([2, 3]);
  });

  it('waits when it holds as many bytes as it may, and goes on behind the gate', async () => {
    const { seen, batches } = stream(5);
    const { opened, open } = gate();
    const all = inodesOf(readAhead(batches, opened, 1));
    await rounds();
    expect(seen.read).toBe(1);
    open();
    expect(await all).toEqual([1, 2, 3, 4, 5]);
  });

  it('gives everything in order when the gate opens first', async () => {
    const { batches } = stream(4);
    expect(await inodesOf(readAhead(batches, Promise.resolve(), 2 ** 20))).toEqual([1, 2, 3, 4]);
  });

  it('throws what the gate rejects with, and ends the stream', async () => {
    const { seen, batches } = stream(3);
    const { opened, fail } = gate();
    const all = inodesOf(readAhead(batches, opened, 1));
    fail(new Error('no owners'));
    await expect(all).rejects.toThrow('no owners');
    expect(seen.left).toBe(true);
  });

  it('does not wait for the gate when the stream fails', async () => {
    const { batches } = stream(1, new Error('no rows'));
    await expect(inodesOf(readAhead(batches, gate().opened, 2 ** 20))).rejects.toThrow('no rows');
  });

  it('ends the stream when the loop is left', async () => {
    const { seen, batches } = stream(9);
    for await (const _ of readAhead(batches, Promise.resolve(), 1)) break;
    expect(seen.left).toBe(true);
    expect(seen.read).toBeLessThan(9);
  });

  it('is heard of once when both fail', async () => {
    const { batches } = stream(1, new Error('no rows'));
    const { opened, fail } = gate();
    const all = inodesOf(readAhead(batches, opened, 2 ** 20));
    await expect(all).rejects.toThrow('no rows');
    fail(new Error('no owners'));
    await rounds();
  });
});
