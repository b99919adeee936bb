import { describe, expect, it } from 'vitest';
import type { FigureName } from '../../bench/result.ts';
import { whyNoResult } from '../../bench/result-shape.ts';
import { result, run } from './sample-result.ts';

/** As a file has it: without what is undefined. */
const sample = JSON.parse(JSON.stringify(result([40, 50], [100, 110])));
const [scenario] = sample.scenarios;
const [own] = scenario.subjects;

const withScenario = (changes: object) => ({ ...sample, scenarios: [{ ...scenario, ...changes }] });
const withSubject = (changes: object) => withScenario({ subjects: [{ ...own, ...changes }] });
const withGoal = (changes: object) => withScenario({ goals: [{ ...scenario.goals[0], ...changes }] });

describe('a value of JSON', () => {
  it('is a result where every name leads somewhere', () => {
    expect(whyNoResult(sample)).toBeUndefined();
    expect(whyNoResult({ ...sample, runs: [], scenarios: [] })).toBeUndefined();
    expect(whyNoResult(withGoal({ reached: null, of: { subject: 'gone', figure: 'ms' } }))).toBeUndefined();
  });

  const elsewhere: FigureName = { subject: own.name, figure: 'scanMs' };
  it.each([
    ['no scenarios', { ...sample, scenarios: undefined }, 'scenarios is no list'],
    ['a scenario is null', { ...sample, scenarios: [scenario, null] }, 'scenarios[1] is no object'],
    ['a run is null', { ...sample, runs: [null] }, 'runs[0] is no object'],
    ['a machine is text', { ...sample, runs: [{ ...run, machine: 'x' }] }, 'runs[0].machine is no object'],
    ['a run is not there', withScenario({ run: 1 }), 'sample is of run 1, which it does not have'],
    ['a run has no number', withScenario({ run: '0' }), 'scenarios[0].run is not a number'],
    ['a name is a number', withSubject({ name: 1 }), 'scenarios[0].subjects[0].name is not a string'],
    ['a fact is text', withSubject({ slow: 'no' }), 'scenarios[0].subjects[0].slow is not true or false'],
    [
      'a figure is null',
      withSubject({ figures: { wallMs: [1, null] } }),
      'scenarios[0].subjects[0].figures.wallMs[1] is not a number',
    ],
    [
      'a figure has no values',
      withSubject({ figures: { wallMs: [] } }),
      'scenarios[0].subjects[0].figures.wallMs has fewer than 1',
    ],
    ['a figure is missing', withSubject({ figures: {} }), 'sample has no "wallMs" of "sockscope -tan"'],
    [
      'what is shown is missing',
      withScenario({ inside: [elsewhere] }),
      'sample has no "scanMs" of "sockscope',
    ],
    ['a goal is of nothing', withGoal({ of: elsewhere }), 'sample has no "scanMs" of "sockscope -tan"'],
    ['a name is inherited', withGoal({ of: { ...elsewhere, figure: 'toString' } }), 'no "toString" of'],
    [
      'a verdict is none',
      withGoal({ verdict: 'fine' }),
      'goals[0].verdict is none of met, missed, not judged',
    ],
  ])('is none where %s', (_, value, words) => {
    expect(whyNoResult(value)).toContain(words);
  });
});
