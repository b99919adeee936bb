import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HolderList } from '../../../src/owners/holder-list.ts';
import { InodeIndex } from '../../../src/owners/inode-index.ts';
import { Pace } from '../../../src/owners/pace.ts';
import { nextTurn, Turn } from '../../../src/turn.ts';
import { context } from './proc-trees.ts';

type Holder = readonly [inode: number, pid: number, fd: number];

function build(holders: readonly Holder[], lowest = false, lent = context()): Promise<InodeIndex> {
  const list = new HolderList();
  for (const holder of holders) list.add(...holder);
  return InodeIndex.build(list, lowest, new Pace(lent));
}

/** What the index finds, a list of pid and descriptor for each inode. */
function found(index: InodeIndex, inodes: readonly number[]): number[][][] {
  const { start, pid, fd } = index.find(Uint32Array.from(inodes));
  expect(start).toHaveLength(inodes.length + 1);
  expect(start[0]).toBe(0);
  expect([pid.length, fd.length]).toEqual([start.at(-1), start.at(-1)]);
  return inodes.map((_, at) =>
    [...pid.subarray(start[at], start[at + 1])].map((one, i) => [one, fd[start[at]! + i]!]),
  );
}

/** The same by a Map. */
function expected(holders: readonly Holder[], lowest: boolean, inodes: readonly number[]): number[][][] {
  const byInode = new Map<number, Map<string, number[]>>();
  for (const [inode, pid, fd] of holders) {
    const known = byInode.get(inode) ?? new Map<string, number[]>();
    byInode.set(inode, known.set(`${pid} ${fd}`, [pid, fd]));
  }
  return inodes.map((inode) => {
    const sorted = [...(byInode.get(inode)?.values() ?? [])].sort((a, b) => a[0]! - b[0]! || a[1]! - b[1]!);
    return lowest ? sorted.slice(0, 1) : sorted;
  });
}

const u32 = fc.integer({ min: 1, max: 0xffffffff });
/** Few inodes with the same low bits, so that buckets are shared, and sockets too. */
const inode = fc.oneof(fc.integer({ min: 1, max: 12 }), fc.constantFrom(1 << 20, 1 << 21, 0x80000000), u32);
const holder = fc.tuple(inode, fc.oneof(fc.integer({ min: 1, max: 4 }), u32), fc.integer({ min: 0, max: 9 }));

describe('the index', () => {
  it('finds what a map finds', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(holder, { maxLength: 200 }),
        fc.boolean(),
        fc.array(inode),
        async (holders, lowest, more) => {
          const asked = [...holders.map(([one]) => one), ...more, 0];
          const index = await build(holders as Holder[], lowest);
          expect(found(index, asked)).toEqual(expected(holders as Holder[], lowest, asked));
        },
      ),
    );
  });

  it('is empty without holders', async () => {
    expect(found(await build([]), [0, 1, 0xffffffff])).toEqual([[], [], []]);
  });

  it('holds many holders of one socket, in whatever order they were found', async () => {
    const holders = Array.from({ length: 20_000 }, (_, at): Holder => [5, 1 + (at % 7), at % 9_973]);
    const asked = [4, 5, 6];
    expect(found(await build(holders), asked)).toEqual(expected(holders, false, asked));
    expect(found(await build(holders, true), asked)).toEqual([[], [[1, 0]], []]);
  });

  it('lets the event loop turn while it is built, and can be aborted', async () => {
    const holders = Array.from({ length: 100_000 }, (_, at): Holder => [at + 1, 1, at]);
    let asked = 0;
    const turn = new Turn();
    turn.taken = async () => void asked++;
    expect(found(await build(holders, false, context({ turn })), [77_777])).toEqual([[[1, 77_776]]]);
    // 13 chunks twice and 16 steps of buckets twice, two a piece.
    expect(asked).toBeGreaterThan(20);

    const abort = new AbortController();
    turn.taken = nextTurn;
    const building = build(holders, false, context({ turn, signal: abort.signal }));
    abort.abort('enough');
    await expect(building).rejects.toBe('enough');
  });
});
