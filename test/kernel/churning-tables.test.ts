import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type PortSide, portAtLeast, portAtMost } from '../../src/filter/bytecode.ts';
import { requirement } from '../requirements.ts';

const NEEDS = ['netns', 'python3', 'addon'] as const;
const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
/** Within the ports that connections get. */
const BOUNDARY = 46_000;
const halvesBy = (side: PortSide): string[] =>
  [portAtMost(side, BOUNDARY), portAtLeast(side, BOUNDARY + 1)].map((half) =>
    Buffer.from(half).toString('base64'),
  );

describe('while connections come and go every one that stays is there once', () => {
  for (const { by, halves, missing } of [
    { by: 'a walk over the TCP tables', halves: [], missing: requirement(...NEEDS, 'bpf') },
    { by: 'two dumps parted by local port', halves: halvesBy('local'), missing: requirement(...NEEDS) },
    { by: 'two dumps parted by remote port', halves: halvesBy('remote'), missing: requirement(...NEEDS) },
  ]) {
    it.skipIf(missing !== undefined)(
      `by ${by}${missing === undefined ? '' : ` (${missing})`}`,
      { timeout: 100_000 },
      () => {
        const addon = path('../../build/Release/sockscope.node');
        // BPF is for the first user namespace alone; whoever may not make a network namespace there makes both.
        const words = [
          halves.length === 0 ? '-n' : '-rn',
          process.execPath,
          path('churning-tables.mjs'),
          addon,
          path('.'),
          ...halves,
        ];
        const { stdout, stderr } = spawnSync('unshare', words, { encoding: 'utf8', timeout: 90_000 });
        expect(stderr).toBe('');
        const told = JSON.parse(stdout) as Record<string, number>;
        expect(told).toMatchObject({ walks: 50, missing: 0, twice: 0, strange: 0 });
        expect(told.churned).toBeGreaterThan(100);
      },
    );
  }
});
