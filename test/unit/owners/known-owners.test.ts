import { expect, it } from 'vitest';
import { KnownOwners } from '../../../src/owners/known-owners.ts';
import { FakeKnownOwners } from './fake-known-owners.ts';

const SOCKETS = 2500;
const rows = Array.from({ length: SOCKETS }, (_, row) => row);
const cookies = Uint32Array.from(rows.flatMap((row) => [row + 1, 7]));
const pid = Uint32Array.from(rows, (row) => 1 + (row % 3));
const fd = Uint32Array.from(rows);

it('puts down what is learnt in pieces, each after a pause, and knows all of it', async () => {
  const native = new FakeKnownOwners();
  const known = new KnownOwners(native);
  known.begin(SOCKETS);
  let pauses = 0;
  await known.learn(cookies, { pid, fd }, async () => {
    pauses++;
  });
  expect(pauses).toBe(3);
  expect(native.find(cookies)).toEqual({ pid, fd });
  expect(Object.fromEntries(known.highestFd)).toEqual({ 1: 2499, 2: 2497, 3: 2498 });
});

it('stops learning where the pause throws', async () => {
  const native = new FakeKnownOwners();
  const known = new KnownOwners(native);
  const over = new Error('over');
  let left = 1;
  const learning = known.learn(cookies, { pid, fd }, async () => {
    if (left-- === 0) throw over;
  });
  await expect(learning).rejects.toBe(over);
  expect(native.find(cookies.subarray(0, 2)).pid[0]).toBe(1);
  expect(native.find(cookies.subarray(2 * SOCKETS - 2)).pid[0]).not.toBe(pid.at(-1));
});
