import fc from 'fast-check';
import { describe, it } from 'vitest';
import { requirement } from '../requirements.ts';
import { question } from './routes-random.ts';
import { compareTreesHere } from './routes-trees.ts';

const missing = requirement('netns', 'netstat');
const TREES = 500;

describe.skipIf(missing !== undefined)(`routes of any shape beside netstat ${missing ?? ''}`, () => {
  it('are shown alike', { timeout: 60_000 }, async () => {
    const seed = Math.floor(Math.random() * 2 ** 31);
    const questions = fc.sample(question, { seed, numRuns: TREES });
    await compareTreesHere(
      questions.map(({ tree, lines }, index) => ({ tree, lines, note: `seed ${seed}, tree ${index}` })),
    );
  });
});
