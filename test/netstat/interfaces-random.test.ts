import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requirement } from '../requirements.ts';
import { IoctlLibrary } from './interfaces-scene.ts';
import { interfaceTree } from './interfaces-trees.ts';

const missing = requirement('netns', 'netstat', 'addon', 'dist', 'compiler');
const SEED = Number(process.env.SOCKSCOPE_SEED ?? Date.now() % 1_000_000);
const TREES = 210;
const OPTIONS = ['-iae', '-ia', '-iae', '-i', '-ie'];

describe.skipIf(missing !== undefined)(
  `interfaces made at random, beside netstat: SOCKSCOPE_SEED=${SEED} ${missing ?? ''}`,
  () => {
    let library: IoctlLibrary;
    beforeAll(() => {
      library = new IoctlLibrary();
    });
    afterAll(() => library.remove());

    it('are the same', { timeout: 120_000 }, () => {
      const trees = fc.sample(interfaceTree, { numRuns: TREES, seed: SEED });
      expect(new Set(trees.map((tree) => tree.dev)).size).toBeGreaterThan(TREES / 2);
      library.compare(trees, (index) => OPTIONS[index % OPTIONS.length]!);
    });
  },
);
