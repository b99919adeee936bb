import { describe, expect, it } from 'vitest';
import { RowPlaces } from '../../../src/source/row-places.ts';

describe('RowPlaces', () => {
  it('are what a Map would have, each taken once', () => {
    const rows = 5000;
    const places = new RowPlaces(rows);
    const inodes = Array.from({ length: rows }, (_, row) => (Math.imul(row + 1, 0x9e37_79b1) | 1) >>> 0);
    const expected = new Map(inodes.map((inode, row) => [inode, row]));
    for (const [row, inode] of inodes.entries()) places.put(inode, row);
    expect(places.left).toBe(expected.size);
    for (const [inode, place] of expected) {
      expect(places.find(inode)).toBe(place);
      places.take(inode);
      places.take(inode);
      expect(places.find(inode)).toBeUndefined();
    }
    expect(places.left).toBe(0);
  });

  it('know nothing of inode 0, nor of others', () => {
    const places = new RowPlaces(0);
    places.put(0, 1);
    expect([places.find(0), places.find(7), places.left]).toEqual([undefined, undefined, 0]);
  });
});
