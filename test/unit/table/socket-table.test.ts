import { describe, expect, it } from 'vitest';
import { Batch } from '../../../src/table/batch.ts';
import { gather, placeOf } from '../../../src/table/gather.ts';
import { layoutOf } from '../../../src/table/layout.ts';
import { RunningReport } from '../../../src/table/report.ts';
import { columnSet, SCHEMA } from '../../../src/table/schema.ts';
import { SocketTable } from '../../../src/table/socket-table.ts';
import { batchOf, EVERY_COLUMN } from './batches.ts';

const v4 = (...tail: number[]) => [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, ...tail];
const tcp = { protocol: 1, family: 2, state: 1, localAddress: v4(127, 0, 0, 1), localPort: 80, inode: 7 };
const unix = {
  protocol: 10,
  family: 1,
  state: 10,
  inode: 9,
  unixType: 1,
  path: new Uint8Array([0, 97, 0, 255]),
};

describe('the layout', () => {
  it('starts every column at a multiple of 8 and puts the heap last', () => {
    const { offsets, heapOffset, byteLength } = layoutOf(3, EVERY_COLUMN, 5);
    expect([...offsets].every((offset) => offset % 8 === 0)).toBe(true);
    expect([...offsets]).toEqual([...offsets].sort((a, b) => a - b));
    expect(byteLength).toBe(heapOffset + 5);
  });

  it('leaves out what is not carried', () => {
    const { offsets } = layoutOf(3, columnSet(['state', 'inode']), 0);
    expect([...offsets].filter((offset) => offset >= 0)).toEqual([0, 8]);
  });

  it('takes 77 bytes a row for an internet socket without extras', () => {
    const names = SCHEMA.map((spec) => spec.name).filter(
      (name) => !name.startsWith('unix') && name !== 'probes',
    );
    expect(Math.round(layoutOf(8192, columnSet(names), 0).byteLength / 8192)).toBe(77);
  });
});

describe('a batch', () => {
  it('refuses a buffer that is too short for its rows', () => {
    expect(() => new Batch({ rows: 2, columns: 1, heapBytes: 0, buffer: new ArrayBuffer(1) })).toThrow(
      RangeError,
    );
  });

  it('says which column was not asked for', () => {
    const batch = batchOf([tcp], columnSet(['state']));
    expect(batch.column('inode')).toBeUndefined();
    expect(() => batch.require('inode')).toThrow('column "inode" was not asked for');
  });

  it('survives a transfer as data', () => {
    const copy = new Batch(structuredClone(batchOf([tcp, unix]).toData()));
    expect([...copy.require('inode')]).toEqual([7, 9]);
    expect([...copy.heap]).toEqual([0, 97, 0, 255]);
  });
});

describe('a table', () => {
  const table = new SocketTable([batchOf([tcp, tcp]), batchOf([unix])], new RunningReport());

  it('finds rows across batches', () => {
    expect(table.length).toBe(3);
    expect(table.row(2).protocol).toBe('unix');
    expect(table.row(1).local).toEqual({ address: '127.0.0.1', port: 80 });
    expect(() => table.row(3)).toThrow(RangeError);
    expect(() => table.row(-1)).toThrow(RangeError);
  });

  it('gives a column as one array', () => {
    expect(table.column('inode')).toEqual(new Uint32Array([7, 7, 9]));
    expect(table.column('localAddress')?.length).toBe(48);
  });

  it('walks with one view, whose copies stay', () => {
    const copies = [...table].map((socket) => socket.protocol);
    expect(copies).toEqual(['unix', 'unix', 'unix']);
    expect(Array.from(table, (socket) => socket.toObject().protocol)).toEqual(['tcp', 'tcp', 'unix']);
  });

  it('tells fields that a socket does not have', () => {
    const [inet, , local] = [table.row(0), table.row(1), table.row(2)];
    expect(inet.path).toBeUndefined();
    expect(inet.unixType).toBeUndefined();
    expect(inet.cookie).toBeUndefined();
    expect(local.local).toBeUndefined();
    expect(local.path).toBe('@a@\ufffd');
    expect(local.toObject()).toMatchObject({
      state: 'listen',
      unixType: 1,
      pathBytes: new Uint8Array([0, 97, 0, 255]),
    });
  });

  it('reads absent numbers as undefined and the cookie as a bigint', () => {
    const row = new SocketTable(
      [batchOf([{ ...tcp, sendQ: 0xffffffff, uid: 0xffffffff, probes: 255, cookie: [1, 2] }])],
      new RunningReport(),
    ).row(0);
    expect([row.sendQ, row.uid, row.probes, row.cookie]).toEqual([
      undefined,
      undefined,
      undefined,
      (2n << 32n) | 1n,
    ]);
  });

  it('names a column that cannot be had', () => {
    expect(() => table.column('path' as never)).toThrow('there is no column "path" to be had whole');
    expect(() => table.column('ports' as never)).toThrow('there is no column "ports" to be had whole');
  });

  it('is empty without batches', () => {
    const report = new RunningReport();
    const empty = new SocketTable([], report);
    expect(empty.complete).toBe(false);
    report.ended = true;
    expect([...empty]).toEqual([]);
    expect(empty.complete).toBe(true);
    expect(empty.column('state')).toEqual(new Uint8Array());
  });
});

describe('gather', () => {
  it('takes rows from several batches in the given order, with their paths', () => {
    const first = batchOf([tcp, { ...unix, path: new Uint8Array([1, 2]) }]);
    const second = batchOf([unix]);
    const batch = gather([first, second], [placeOf(1, 0), placeOf(0, 0), placeOf(0, 1)], EVERY_COLUMN);
    expect([...batch.require('inode')]).toEqual([9, 7, 9]);
    expect([...batch.require('path')]).toEqual([0, 4, 4, 6]);
    expect([...batch.heap]).toEqual([0, 97, 0, 255, 1, 2]);
    expect([...batch.require('localAddress').subarray(16, 32)]).toEqual(v4(127, 0, 0, 1));
  });
});
