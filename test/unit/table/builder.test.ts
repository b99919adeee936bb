import { describe, expect, it } from 'vitest';
import type { Batch } from '../../../src/table/batch.ts';
import { TableBuilder } from '../../../src/table/builder.ts';
import { BATCH_ROWS, columnSet, SCHEMA } from '../../../src/table/schema.ts';

const all = (1 << SCHEMA.length) - 1;

function add(builder: TableBuilder, inode: number): void {
  const row = builder.begin();
  builder.to.inode[row] = inode;
  builder.commit();
}

function paths(batch: Batch): string[] {
  const ends = batch.require('path');
  return Array.from({ length: batch.length }, (_, row) =>
    Buffer.from(batch.heap.subarray(ends[row], ends[row + 1])).toString(),
  );
}

describe('a table builder', () => {
  it('gives nothing for nothing', () => {
    const builder = new TableBuilder(all);
    expect(builder.take()).toBeUndefined();
    expect(builder.finish()).toBeUndefined();
  });

  it('keeps every column, and zeros where nothing was stored', () => {
    const builder = new TableBuilder(all);
    const row = builder.begin();
    builder.to.protocol[row] = 1;
    builder.to.localPort[row] = 443;
    builder.to.cookie[2 * row + 1] = 7;
    builder.remoteWords.set(new Uint32Array(new Uint8Array([0, 1, 2, 3]).buffer), 4 * row + 3);
    builder.commit();
    const batch = builder.finish()!;
    expect(batch.length).toBe(1);
    expect([...batch.require('protocol'), ...batch.require('localPort')]).toEqual([1, 443]);
    expect([...batch.require('cookie')]).toEqual([0, 7]);
    expect([...batch.require('remoteAddress')]).toEqual([...new Array<number>(12).fill(0), 0, 1, 2, 3]);
    expect([...batch.require('path')]).toEqual([0, 0]);
    expect(batch.require('uid')[0]).toBe(0);
  });

  it('carries only the columns that were asked for, and ignores what is stored to others', () => {
    const builder = new TableBuilder(columnSet(['inode']));
    const row = builder.begin();
    builder.to.inode[row] = 5;
    builder.to.uid[row] = 6;
    builder.localWords[4 * row] = 7;
    builder.commit();
    builder.appendPath(new Uint8Array([1]), 0, 1);
    const batch = builder.finish()!;
    expect([...batch.require('inode')]).toEqual([5]);
    expect(batch.column('uid')).toBeUndefined();
    expect(batch.column('path')).toBeUndefined();
    expect(batch.buffer.byteLength).toBe(8);
  });

  it('forgets a row that is not committed', () => {
    const builder = new TableBuilder(all);
    add(builder, 1);
    builder.to.inode[builder.begin()] = 2;
    add(builder, 3);
    expect([...builder.finish()!.require('inode')]).toEqual([1, 3]);
  });

  it.each([[columnSet(['inode'])], [all]])('hands out full batches, columns %i', (columns) => {
    const builder = new TableBuilder(columns);
    const batches: Batch[] = [];
    for (let inode = 0; inode < 2 * BATCH_ROWS + 3; inode++) {
      add(builder, inode);
      const full = builder.take();
      if (full !== undefined) batches.push(full);
    }
    batches.push(builder.finish()!);
    expect(batches.map(({ length }) => length)).toEqual([BATCH_ROWS, BATCH_ROWS, 3]);
    const inodes = batches.flatMap((batch) => [...batch.require('inode')]);
    expect(inodes).toEqual(Array.from({ length: 2 * BATCH_ROWS + 3 }, (_, index) => index));
    expect(new Set(batches.map(({ buffer }) => buffer)).size).toBe(3);
  });

  it('does not lose a full batch that nobody took', () => {
    const builder = new TableBuilder(columnSet(['inode']));
    expect(() => {
      for (let inode = 0; inode < 3 * BATCH_ROWS; inode++) add(builder, inode);
    }).toThrow('not taken');
  });

  it('appends to the path of the last row, a full batch included', () => {
    const builder = new TableBuilder(columnSet(['path', 'inode']));
    const text = Buffer.from('/run/a.sock');
    for (let row = 0; row < BATCH_ROWS; row++) {
      add(builder, row);
      if (row % 2 === 1) builder.appendPath(text, 0, 6);
    }
    builder.appendPath(text, 6, 11);
    add(builder, 9999);
    const [first, second] = [builder.take()!, builder.finish()!];
    expect(paths(first).slice(0, 4)).toEqual(['', '/run/a', '', '/run/a']);
    expect(paths(first).at(-1)).toBe('/run/a.sock');
    expect(first.heap.length).toBe(6 * (BATCH_ROWS / 2) + 5);
    expect(paths(second)).toEqual(['']);
  });
});
