import { describe, expect, it } from 'vitest';
import type { Subject, Tools } from '../../bench/contract.ts';
import { runScenario } from '../../bench/rounds.ts';
import { noLoad, run, scenario } from './sample-result.ts';

const tools = {} as Tools;
const quiet = { crowd: async () => undefined, declined: () => undefined };
const subject: Subject = { name: 'many', command: () => ['false'], slow: true, mostSockets: 1000 };
const bounded = {
  ...scenario([]),
  subjects: [subject],
  load: async () => noLoad,
  mostRuns: 2,
};

describe('a scenario with bounds of its own', () => {
  it('leaves out a subject that is too slow for so many sockets, with --slow too', async () => {
    const options = { ...run.options, slow: true, sockets: 1002 };
    const { absent } = await runScenario(bounded, options, tools, quiet);
    expect([...absent]).toEqual([[subject, 'not run: with up to 1,000 sockets only']]);
  });

  it('makes no more rounds than it wants, and as few as are asked for', async () => {
    const options = { ...run.options, sockets: 1002 };
    expect((await runScenario(bounded, { ...options, runs: 5 }, tools, quiet)).runs).toBe(2);
    expect((await runScenario(bounded, { ...options, runs: 1 }, tools, quiet)).runs).toBe(1);
  });
});
