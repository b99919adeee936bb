import { describe, expect, it } from 'vitest';
import type { Goal } from '../../bench/contract.ts';
import { judge, judgedAnew } from '../../bench/goals.ts';
import { record } from '../../bench/record.ts';
import {
  half,
  missing,
  ours,
  outcome,
  resultOf,
  rival,
  run,
  runs,
  scenario,
  subject,
} from './sample-result.ts';

const measurements = outcome(
  new Map([
    [ours, runs(40, 50, 45)],
    [rival, runs(100, 110, 90)],
  ]),
);
const measured = record(measurements, false);
const judged = (goal: Goal, quick = false) => judge(goal, measured, quick);

describe('a goal', () => {
  it('is the ratio of the medians, and of each round', () => {
    expect(judged(half)).toMatchObject({ reached: 0.45, within: [0.4, 0.5], verdict: 'met', because: null });
    expect(judged({ ...half, atMost: 0.44 })).toMatchObject({ reached: 0.45, verdict: 'missed' });
  });

  it('may be a figure alone, a least one, and one to exceed', () => {
    const { to: _, ...alone } = half;
    expect(judged({ ...alone, atMost: 45 })).toMatchObject({ reached: 45, to: null, verdict: 'met' });
    expect(judged({ ...alone, atMost: 40, least: true })).toMatchObject({ reached: 40, verdict: 'met' });
    expect(judged({ what: 'more', of: half.of, atLeast: 46 })).toMatchObject({ verdict: 'missed' });
  });

  it('stands beside its floor', () => {
    const floor = { subject: ours, figure: 'cpuMs' };
    expect(judged({ ...half, floor })).toMatchObject({ floor: 0.225 });
    expect(judged({ ...half, floor, floorTo: floor })).toMatchObject({ floor: 1 });
    expect(judged({ ...half, floor: { subject: missing, figure: 'wallMs' } })).toMatchObject({ floor: null });
  });

  it('is not judged with --quick, at another number of sockets, or without its subjects', () => {
    expect(judged({ ...half, atMost: 0 }, true)).toMatchObject({ verdict: 'not judged', because: '--quick' });
    const elsewhere = judged({ ...half, sockets: 1000 });
    expect(elsewhere).toMatchObject({ verdict: 'not judged', because: 'for 1,000 sockets', reached: 0.45 });
    const without = judged({ ...half, to: { subject: missing, figure: 'wallMs' } });
    expect(without).toMatchObject({ verdict: 'not judged', because: 'missing: lsof', reached: null });
  });

  it('names a figure that nobody printed', () => {
    const goal = { ...half, of: { subject: ours, figure: 'scanMs' } };
    expect(() => record({ ...measurements, scenario: scenario([goal]) }, false)).toThrow(
      'printed no "scanMs"',
    );
    expect(judged(goal)).toMatchObject({ reached: null, because: 'not measured: scanMs of sockscope -tan' });
    const unknown = { ...half, to: { subject: subject('new'), figure: 'wallMs' } };
    expect(judged(unknown)).toMatchObject({ reached: null, because: 'not measured: new' });
    expect(judged({ ...half, floor: half.of, floorTo: unknown.to })).toMatchObject({ floor: null });
  });
});

describe('a result judged anew', () => {
  const now = { ...half, what: 'a third of ss', atMost: 0.3 };

  it('has the goals that there are now, of the figures that there were', () => {
    const [one] = judgedAnew(resultOf([measured]), [scenario([now])]).scenarios;
    expect(one!.goals).toEqual([{ ...judged(now), verdict: 'missed', reached: 0.45 }]);
    expect(one!.subjects).toEqual(measured.subjects);
  });

  it('is judged no more than before where it was quick, and left alone where its scenario is gone', () => {
    const quick = resultOf([measured], { options: { ...run.options, quick: true } });
    expect(judgedAnew(quick, [scenario([now])]).scenarios[0]!.goals[0]!.because).toBe('--quick');
    expect(judgedAnew(quick, [])).toEqual(quick);
  });
});
