import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Pace } from '../../../src/owners/pace.ts';
import { WantedInodes } from '../../../src/owners/wanted-inodes.ts';
import { context } from './proc-trees.ts';

const from = (inodes: readonly number[]) => WantedInodes.from(Uint32Array.from(inodes), new Pace(context()));

describe('wanted inodes', () => {
  it('are those given, 0 left out, and satisfied when each was taken', async () => {
    const u32 = fc.oneof(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 0xffffffff }));
    await fc.assert(
      fc.asyncProperty(fc.array(u32, { maxLength: 300 }), fc.array(u32), async (given, others) => {
        const wanted = await from(given);
        const missing = new Set(given.filter((inode) => inode !== 0));
        const real = new Set(missing);
        for (const inode of [...others, ...given, ...given]) {
          expect(wanted.satisfied).toBe(missing.size === 0);
          expect(wanted.take(inode)).toBe(real.has(inode));
          missing.delete(inode);
        }
        expect(wanted.satisfied).toBe(true);
      }),
    );
  });

  it('are entered in turns', async () => {
    const lent = context();
    let asked = 0;
    lent.turn.taken = async () => void asked++;
    const inodes = Uint32Array.from({ length: 100_000 }, (_, at) => at);
    const wanted = await WantedInodes.from(inodes, new Pace(lent));
    expect(asked).toBeGreaterThanOrEqual(10);
    expect([wanted.take(99_999), wanted.take(100_000)]).toEqual([true, false]);
  });
});
