import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { requirement } from '../requirements.ts';

const missing = requirement('netns', 'python3', 'addon', 'bpf');
const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

describe('a walk over the TCP tables while connections come and go', () => {
  it.skipIf(missing !== undefined)(
    `has every socket that stays once${missing === undefined ? '' : ` (${missing})`}`,
    { timeout: 100_000 },
    () => {
      const addon = path('../../build/Release/sockscope.node');
      // No user namespace: BPF is for the first one.
      const words = ['-n', process.execPath, path('churning-walk.mjs'), addon, path('.')];
      const { stdout, stderr } = spawnSync('unshare', words, { encoding: 'utf8', timeout: 90_000 });
      expect(stderr).toBe('');
      const told = JSON.parse(stdout) as Record<string, number>;
      expect(told).toMatchObject({ walks: 50, missing: 0, twice: 0, strange: 0 });
      expect(told.churned).toBeGreaterThan(100);
    },
  );
});
