import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { giveBack } from '../../src/cli/batch-memory.ts';

describe('the memory of a batch', () => {
  it('is given back in the next round of the event loop, and not kept until there is garbage to collect', async () => {
    const bytes = 32 << 20;
    const before = process.memoryUsage.rss();
    for (let count = 0; count < 8; count++) {
      const buffer = new ArrayBuffer(bytes);
      new Uint8Array(buffer).fill(1);
      giveBack({ buffer });
      expect(buffer.byteLength).toBe(0);
      await setTimeout(1);
    }
    expect(process.memoryUsage.rss() - before).toBeLessThan(3 * bytes);
  });

  it('stays where there is little of it', () => {
    const buffer = new ArrayBuffer(1000);
    giveBack({ buffer });
    expect(buffer.byteLength).toBe(1000);
  });
});
