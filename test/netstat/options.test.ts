import { afterAll, describe, expect, it } from 'vitest';
import { requirement } from '../requirements.ts';
import { removeTrees } from '../unit/owners/proc-trees.ts';
import { Dice, seedOfRun } from './dice.ts';
import { chosenLines, randomLine } from './option-lines.ts';
import { CommandOverTrees, hasMode, OPTION_TREES, outcomesOf, type Trial } from './options-scene.ts';
import { optionsOf, readable } from './synthetic-comparison.ts';
import { netstat, netstatOfOurs } from './synthetic-proc.ts';

const missing = requirement('netns', 'netstat', 'addon', 'dist');

const TREES = Object.keys(OPTION_TREES);
const RANDOM_LINES = 600;

afterAll(removeTrees);

async function compareAll(trials: readonly Trial[], hint = ''): Promise<void> {
  const expected = outcomesOf(trials, netstat);
  const ofModes = outcomesOf(trials.filter(hasMode), netstatOfOurs).values();
  const command = new CommandOverTrees();
  for (const [index, trial] of trials.entries()) {
    const line = `${trial.tree}: ${trial.words.join(' ')}`;
    const found = hasMode(trial) ? ofModes.next().value! : await command.run(trial);
    expect(readable(line, found), hint).toEqual(readable(line, expected[index]!));
  }
}

describe.skipIf(missing !== undefined)(`options beside netstat ${missing ?? ''}`, () => {
  it('each, in pairs, repeated, cut short', { timeout: 120_000 }, async () => {
    const lines = chosenLines();
    await compareAll(
      lines.map((line, index) => ({ tree: TREES[index % TREES.length]!, words: optionsOf(line) })),
    );
  });

  it('at random', { timeout: 120_000 }, async () => {
    const seed = seedOfRun();
    const dice = new Dice(seed);
    const trials = Array.from({ length: RANDOM_LINES }, () => ({
      tree: dice.pick(TREES),
      words: randomLine(dice),
    }));
    await compareAll(trials, `SOCKSCOPE_SEED=${seed}`);
  });
});
