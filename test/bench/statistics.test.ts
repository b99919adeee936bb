import { describe, expect, it } from 'vitest';
import { ratioInterval } from '../../bench/rank-interval.ts';
import { median, percentile } from '../../bench/statistics.ts';

describe('median and percentiles', () => {
  it('take the middle, or the mean of the two in the middle', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([10, 9, 1, 2])).toBe(5.5);
  });

  it('go by nearest rank', () => {
    const hundred = Array.from({ length: 100 }, (_, at) => 100 - at);
    expect([0, 1, 50, 99, 100].map((p) => percentile(hundred, p))).toEqual([1, 1, 50, 99, 100]);
    expect(percentile([3, 1, 2], 99)).toBe(3);
    expect(() => percentile([], 50)).toThrow(RangeError);
  });
});

describe('the interval of a ratio', () => {
  const five = [100, 101, 102, 103, 104];

  it('is all pairs of five and five: one order of 252 is sure enough, two are not', () => {
    const twice = five.map((value) => 2 * value);
    expect(ratioInterval(five, twice)).toEqual({ low: 200 / 104, high: 208 / 100 });
    expect(ratioInterval(five, five)).toEqual({ low: 100 / 104, high: 104 / 100 });
  });

  it('is unknown of four and four, where even all in order is chance once in 35 times', () => {
    expect(ratioInterval(five.slice(1), five.slice(1))).toBeUndefined();
    expect(ratioInterval(five, [1])).toBeUndefined();
  });

  it('is unknown where no ratio is', () => {
    expect(ratioInterval(five, [0, 1, 2, 3, 4])).toBeUndefined();
    expect(ratioInterval([-1, 1, 2, 3, 4], five)).toBeUndefined();
  });

  // Critical values of U for two sides of 1 %, as tables of the test have them: 16 of 10 and 10, 105 of 20 and 20.
  it.each([
    [10, 16],
    [20, 105],
  ])('leaves out as many pairs as the tables say: %i runs', (runs, critical) => {
    const earlier = Array.from({ length: runs }, () => 1);
    const later = Array.from({ length: runs }, (_, at) => 1 + at);
    const pairs = later.flatMap((value) => earlier.map(() => value)).sort((a, b) => a - b);
    expect(ratioInterval(earlier, later)).toEqual({ low: pairs[critical], high: pairs.at(-1 - critical) });
  });

  it('is much the same by the normal distribution, where there are many', () => {
    const noisy = (count: number, scale: number): number[] =>
      Array.from({ length: count }, (_, at) => scale * (1 + ((at * 7919) % 101) / 1000));
    const few = ratioInterval(noisy(20, 100), noisy(20, 110))!;
    const many = ratioInterval(noisy(21, 100), noisy(21, 110))!;
    expect(many.low).toBeCloseTo(few.low, 1);
    expect(many.high).toBeCloseTo(few.high, 1);
    expect(many.low).toBeGreaterThan(1);
  });

  it('holds the truth nearly always', () => {
    let seed = 1;
    const random = (): number => {
      seed = (seed * 1103515245 + 12345) % 2 ** 31;
      return seed / 2 ** 31;
    };
    const sample = (): number[] =>
      Array.from({ length: 7 }, () => 100 + 10 * random() + (random() < 0.1 ? 50 : 0));
    const trials = Array.from({ length: 1000 }, () => ratioInterval(sample(), sample())!);
    const wrong = trials.filter(({ low, high }) => low > 1 || high < 1);
    expect(wrong.length).toBeLessThan(20);
  });
});
