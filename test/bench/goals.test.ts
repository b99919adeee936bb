import { describe, expect, it } from 'vitest';
import type { Goal } from '../../bench/contract.ts';
import { judge } from '../../bench/goals.ts';
import { half, missing, ours, outcome, rival, runs } from './sample-result.ts';

const measured = outcome(
  new Map([
    [ours, runs(40, 50, 45)],
    [rival, runs(100, 110, 90)],
  ]),
);
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
    expect(() => judged({ ...half, of: { subject: ours, figure: 'scanMs' } })).toThrow('printed no "scanMs"');
  });
});
