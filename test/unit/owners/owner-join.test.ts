import { afterAll, describe, expect, it } from 'vitest';
import { findingOf, inodesOf, OwnerJoin } from '../../../src/owners/owner-join.ts';
import type { Holders, OwnerIndex } from '../../../src/owners/owner-scan.ts';
import { ProcessTable } from '../../../src/owners/processes.ts';
import { Protocol } from '../../../src/socket/protocol.ts';
import { State } from '../../../src/socket/state.ts';
import type { Batch } from '../../../src/table/batch.ts';
import { NO_OWNER } from '../../../src/table/owners.ts';
import { columnSet } from '../../../src/table/schema.ts';
import { batchOf } from '../table/batches.ts';
import { context, procTree, removeTrees } from './proc-trees.ts';

afterAll(removeTrees);

const COLUMNS = columnSet(['protocol', 'state', 'inode']);

function rows(...inodes: number[]): Batch {
  const state = State['time-wait'];
  return batchOf(
    inodes.map((inode) => ({ protocol: Protocol.tcp, state, inode })),
    COLUMNS,
  );
}

/** An index of hand-written holders: pid and descriptor, by inode. */
function indexOf(
  holders: Readonly<Record<number, readonly (readonly [pid: number, fd: number])[]>>,
  denied = 0,
): OwnerIndex {
  const pids = Object.values(holders).flatMap((list) => list.map(([pid]) => pid));
  return {
    tally: { processes: 5, vanished: 0, denied, unopened: 0, descriptors: 9, sockets: 9, threads: 0 },
    starts: new Map(pids.map((pid) => [pid, 0])),
    find(inodes): Holders {
      const found = [...inodes].map((inode) => holders[inode] ?? []);
      let end = 0;
      return {
        start: Uint32Array.of(0, ...found.map((list) => (end += list.length))),
        pid: Uint32Array.from(found.flat(), ([pid]) => pid),
        fd: Uint32Array.from(found.flat(), ([, fd]) => fd),
      };
    },
  };
}

const program = (name: string) => ({ files: { cmdline: `${name}\0` } });

function join(index: OwnerIndex | undefined, alive: readonly number[] = [3, 20]) {
  const tree = Object.fromEntries(alive.map((pid) => [String(pid), program(`p${pid}`)]));
  const table = new ProcessTable(procTree(tree));
  const read: number[][] = [];
  const readAll = table.read.bind(table);
  table.read = (pids, ...rest) => {
    read.push([...pids]);
    return readAll(read.at(-1)!, ...rest);
  };
  return { owners: new OwnerJoin(index && findingOf(index), table, [], context()), read };
}

/** Of each row its owners as words, or the reason why it has none. */
function told({ owners, length }: Batch): string[] {
  const { ownerStart, ownerPid, ownerFd, noOwner, processes } = owners!;
  expect([ownerPid.length, ownerFd.length]).toEqual([ownerStart.at(-1), ownerStart.at(-1)]);
  return Array.from({ length }, (_, row) => {
    const words: string[] = [];
    for (let at = ownerStart[row]!; at < ownerStart[row + 1]!; at++) {
      words.push(`${ownerPid[at]}/${processes.get(ownerPid[at]!)!.program} by ${ownerFd[at]}`);
    }
    const reason = NO_OWNER[noOwner[row]!]!;
    expect(reason === 'none').toBe(words.length > 0);
    return words.join(', ') || reason;
  });
}

describe('the join', () => {
  const HOLDERS = {
    101: [
      [3, 9],
      [20, 4],
    ],
    102: [[20, 5]],
    103: [[20, 6]],
  } as const;

  it('gives each row its owners, or the reason why it has none', async () => {
    const { owners } = join(indexOf(HOLDERS));
    expect(told(await owners.attach(rows(102, 0, 101, 999)))).toEqual([
      '20/p20 by 5',
      'time-wait',
      '3/p3 by 9, 20/p20 by 4',
      'no-descriptor',
    ]);
    expect(owners.gaps).toEqual([]);
  });

  it('keeps the columns', async () => {
    const batch = rows(102, 5);
    const joined = await join(indexOf(HOLDERS)).owners.attach(batch);
    expect(joined.buffer).toBe(batch.buffer);
    expect(joined.require('inode')).toEqual(Uint32Array.of(102, 5));
  });

  it('reads each process once, for all batches', async () => {
    const { owners, read } = join(indexOf(HOLDERS));
    await owners.attach(rows(102, 103, 0));
    await owners.attach(rows(103, 101));
    await owners.attach(rows(101, 102));
    expect(read).toEqual([[20], [3]]);
  });

  it('leaves processes out that have ended since', async () => {
    const { owners, read } = join(indexOf(HOLDERS), [3]);
    expect(told(await owners.attach(rows(102, 101, 103)))).toEqual([
      'no-descriptor',
      '3/p3 by 9',
      'no-descriptor',
    ]);
    expect(told(await owners.attach(rows(101)))).toEqual(['3/p3 by 9']);
    expect(read).toHaveLength(1);
  });

  it('believes nobody to have ended where processes are hidden', async () => {
    const tree = procTree({ 3: program('p3') });
    tree.hiding = () => ({ hidepid: '4', group: undefined });
    const owners = new OwnerJoin(findingOf(indexOf(HOLDERS)), new ProcessTable(tree), [], context());
    expect(told(await owners.attach(rows(102, 101, 999, 0)))).toEqual([
      'not-permitted',
      '3/p3 by 9',
      'no-descriptor',
      'time-wait',
    ]);
    expect(owners.gaps).toEqual([{ what: 'owners', reason: 'not-permitted', rows: 1 }]);
  });

  it('says of how many sockets an owner may have been hidden', async () => {
    const { owners } = join(indexOf(HOLDERS, 2));
    expect(told(await owners.attach(rows(999, 0, 102)))).toEqual([
      'not-permitted',
      'time-wait',
      '20/p20 by 5',
    ]);
    await owners.attach(rows(998));
    expect(owners.gaps).toEqual([{ what: 'owners', reason: 'not-permitted', rows: 2 }]);
  });

  it('knows of no owner where the search was cut short', async () => {
    const { owners, read } = join(undefined);
    expect(told(await owners.attach(rows(101, 0)))).toEqual(['not-searched', 'time-wait']);
    expect(owners.gaps).toEqual([{ what: 'owners', reason: 'deadline', rows: 1 }]);
    expect(read).toEqual([]);
  });

  it('copes with an empty batch', async () => {
    expect(told(await join(indexOf(HOLDERS)).owners.attach(rows()))).toEqual([]);
  });

  it('says what is missing where a column is', async () => {
    const batch = batchOf([{ state: 1 }], columnSet(['protocol', 'state']));
    await expect(join(indexOf(HOLDERS)).owners.attach(batch)).rejects.toThrow('"inode" was not asked for');
  });
});

describe('the inodes of batches', () => {
  it('are those of their rows, in order, without 0', () => {
    expect(inodesOf([rows(3, 0), rows(), rows(1)])).toEqual(Uint32Array.of(3, 1));
    expect(inodesOf([])).toEqual(new Uint32Array(0));
  });
});
