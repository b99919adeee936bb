import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { parseCompareOptions } from '../../bench/compare-options.ts';
import { changesBetween, isWorseThan, whyNothingJudged } from '../../bench/comparison.ts';
import { comparisonReport } from '../../bench/comparison-report.ts';
import type { Result, SubjectResult } from '../../bench/result.ts';
import { writeResult } from '../../bench/result-file.ts';
import { UsageError } from '../../bench/usage-error.ts';
import { inWords, unmatched } from '../../bench/vanished.ts';
import { machine, result, resultOf, sized } from './sample-result.ts';

const own = [40, 41, 40.5, 41.5, 42];
const others = [100, 101, 102, 103, 104];
const before = result(own, others);
const slower = result(
  own.map((ms) => ms * 1.2),
  others,
);
const noisy = result([36, 39, 48, 44, 47], others);

const changeOf = (later: Result, name: string, figure: string, earlier = before) =>
  changesBetween(earlier, later).find((change) => change.name === name && change.figure === figure)!;
const wall = (later: Result, earlier = before) => changeOf(later, 'sockscope -tan', 'wallMs', earlier);

describe('two results', () => {
  it('that are the same differ in nothing', () => {
    const changes = changesBetween(before, before);
    expect(changes.length).toBeGreaterThan(5);
    expect(new Set(changes.map(({ verdict }) => verdict))).toEqual(new Set(['no difference']));
    expect(changes.every(({ ratio }) => ratio === 1)).toBe(true);
  });

  it('that really differ are told apart, time as time and memory as memory', () => {
    expect(wall(slower)).toMatchObject({ verdict: 'slower', ratio: expect.closeTo(1.2) });
    expect(wall(before, slower)).toMatchObject({ verdict: 'faster' });
    expect(changeOf(slower, 'sockscope -tan', 'rssMb')).toMatchObject({ verdict: 'more' });
    expect(changeOf(slower, 'ss -tanH', 'wallMs')).toMatchObject({ verdict: 'no difference' });
  });

  it('whose difference is within the noise are not', () => {
    expect(wall(noisy).ratio).toBeGreaterThan(1.05);
    expect(wall(noisy)).toMatchObject({ verdict: 'no difference' });
  });

  it('of too few runs, or of figures that have no ratio, are left alone', () => {
    expect(wall(result([400], [100]))).toMatchObject({ verdict: 'too few runs', ratio: 400 / 41 });
    expect(wall(result([0, 1, 2, 3, 4], others))).toMatchObject({ verdict: 'no ratio', within: undefined });
  });

  it('compare goals by round, in which the weather cancels out', () => {
    const storm = [1, 1.5, 2, 2.5, 3];
    const stormy = result(
      own.map((ms, at) => ms * storm[at]!),
      others.map((ms, at) => ms * storm[at]!),
    );
    expect(wall(stormy).ratio).toBeGreaterThan(1.9);
    expect(changeOf(stormy, 'half of ss', 'ratio').ratio).toBeCloseTo(1, 2);
  });

  it('are not told apart by the weather: by what programs did, too, that are not ours', () => {
    const warm = (by: number) =>
      result(
        own.map((ms) => ms * 1.5),
        others.map((ms) => ms * by),
      );
    expect(wall(warm(1.5))).toMatchObject({
      verdict: 'weather',
      weather: { middle: 1.5, low: 150 / 104, high: 156 / 100 },
    });
    expect(wall(warm(1.2))).toMatchObject({ verdict: 'slower' });
    expect(wall(warm(1.35)).verdict).toBe('slower');
    expect(changeOf(warm(1.5), 'ss -tanH', 'wallMs')).toMatchObject({ verdict: 'slower' });
    expect(changeOf(warm(1.5), 'sockscope -tan', 'rssMb')).toMatchObject({ verdict: 'more' });
    expect(wall(before, warm(1.5)).verdict).toBe('weather');
    expect(wall(before, warm(1.2)).verdict).toBe('faster');
  });

  it('have the weather of most yardsticks, not of the worst, nor of one that ran seldom or is another version', () => {
    const yardsticks = (...ratios: readonly number[]) =>
      ratios.map((ratio, at) => ({
        ...before.scenarios[0]!.subjects[1]!,
        name: `limit ${at}`,
        figures: { wallMs: others.map((ms) => ms * ratio) },
      }));
    const having = (of: Result, more: readonly SubjectResult[]): Result => {
      const [one] = of.scenarios;
      return { ...of, scenarios: [{ ...one!, subjects: [...one!.subjects, ...more] }] };
    };
    const [calm, one] = [yardsticks(1, 1, 1), yardsticks(1, 2, 1)];
    expect(wall(having(slower, one), having(before, calm))).toMatchObject({
      verdict: 'slower',
      weather: { middle: 1 },
    });
    const seldom = yardsticks(2).map((found) => ({ ...found, figures: { wallMs: [200] } }));
    expect(wall(having(slower, seldom), having(before, yardsticks(1)))).toMatchObject({
      weather: { middle: 1 },
    });
    const warm = result(
      own,
      others.map((ms) => ms * 1.5),
    );
    expect(wall(warm).weather.middle).toBe(1.5);
    const programs = { ...machine.programs, ss: 'iproute2-6.9.0' };
    const newer = resultOf(warm.scenarios, { machine: { ...machine, programs } });
    expect(wall(newer).weather).toEqual({ low: 1, middle: 1, high: 1 });
  });

  it('are compared at the same number of sockets only', () => {
    expect(changesBetween(before, resultOf([sized(100, own, others)]))).toEqual([]);
  });
});

describe('what fails', () => {
  const worse = (ratio: number, later: Result) =>
    changesBetween(before, later).filter((change) => isWorseThan(ratio, change));

  it('is what is worse by more than asked, beyond the noise', () => {
    expect(worse(1.1, slower).map(({ figure }) => figure)).toEqual(['ratio', 'wallMs', 'cpuMs', 'rssMb']);
    expect(worse(1.25, slower)).toEqual([]);
    expect(worse(1, noisy)).toEqual([]);
  });

  it('is only what is worse than the weather by so much', () => {
    const warm = result(
      own.map((ms) => ms * 1.5),
      others.map((ms) => ms * 1.3),
    );
    expect(worse(1.1, warm).map(({ figure }) => figure)).toContain('wallMs');
    expect(worse(1.2, warm).map(({ figure }) => figure)).toEqual(['rssMb']);
  });

  it('is never a program that is not ours', () => {
    expect(
      worse(
        1,
        result(
          own,
          others.map((ms) => ms * 2),
        ),
      ),
    ).toEqual([]);
  });
});

describe('what cannot be judged', () => {
  const why = (earlier: Result, later: Result) => whyNothingJudged(changesBetween(earlier, later));

  it.each([
    ['too few runs', result([40, 41, 42], others.slice(2)), 'too few runs, five in both results are enough'],
    ['nothing but zeros', result([0, 0, 0, 0, 0], others), 'none has a ratio, for some are zero'],
    ['nothing in common', resultOf([]), 'both results have no figure of ours in common'],
  ])('is told: %s', (_, later, words) => {
    expect(why(before, later)).toBe(words);
    expect(why(later, before)).toBe(words);
  });

  it('is nothing where one figure of ours is enough', () => {
    expect(why(before, slower)).toBeUndefined();
    expect(why(before, before)).toBeUndefined();
    const oftenAndSeldom = [sized(100, [40, 41], [100, 101]), sized(500_000, own, others)];
    expect(why(resultOf(oftenAndSeldom), resultOf(oftenAndSeldom))).toBeUndefined();
  });

  it('is not made up for by what is not ours', () => {
    const changes = changesBetween(result([40], others), result([400], others));
    expect(changes.map(({ verdict }) => verdict)).toContain('no difference');
    expect(whyNothingJudged(changes)).toContain('too few runs');
  });
});

describe('what only one result has', () => {
  const [first] = before.scenarios;
  const without = (name: string, absent: string | null): Result => ({
    ...before,
    scenarios: [
      {
        ...first!,
        subjects: first!.subjects
          .filter((subject) => absent !== null || subject.name !== name)
          .map((subject) => (subject.name === name ? { ...subject, absent, figures: {} } : subject)),
        goals: first!.goals.map((goal) => ({ ...goal, reached: null, within: null })),
      },
    ],
  });
  const told = (earlier: Result, later: Result) =>
    unmatched(earlier, later).map((one) => `${inWords(one)}${one.isLoss ? '!' : ''}`);
  const goal = 'goal: half of ss, sample at 500,000';

  it.each([
    ['is absent', 'missing'],
    ['is gone', null],
  ])('is told: a subject that %s, and the goals that hang on it', (_, absent) => {
    expect(told(before, without('sockscope -tan', absent))).toEqual([
      'only in the first: sockscope -tan, sample at 500,000!',
      `only in the first: ${goal}`,
    ]);
    expect(told(without('sockscope -tan', absent), before)).toEqual([
      'only in the second: sockscope -tan, sample at 500,000',
      `only in the second: ${goal}`,
    ]);
    expect(told(before, without('ss -tanH', absent))[0]).toBe(
      'only in the first: ss -tanH, sample at 500,000',
    );
  });

  it('is no loss where a scenario was not asked for, but where nothing is left to compare', () => {
    const both = resultOf([...before.scenarios, sized(100, own, others)]);
    expect(told(both, before)).toEqual(['only in the first: sample at 100']);
    expect(told(before, resultOf([]))).toEqual(['only in the first: sample at 500,000!']);
    expect(told(before, before)).toEqual([]);
  });

  it('is told in the report', () => {
    expect(comparisonReport(before, without('sockscope -tan', 'gone'))).toContain(
      '- only in the first: sockscope -tan, sample at 500,000\n',
    );
  });
});

describe('the report of a comparison', () => {
  it('tells of machines, weather and what only one has before any figure', () => {
    const elsewhere = resultOf(
      [
        sized(100, own, others),
        sized(
          500_000,
          own,
          others.map((ms) => ms * 2),
        ),
      ],
      {
        machine: { ...machine, kernel: '6.1.0', programs: { ...machine.programs, lsof: '4.95.0' } },
      },
    );
    const [first, ...rest] = comparisonReport(before, elsewhere).split('\n\n');
    expect(first).toContain('**Another machine**: kernel: 6.18.1 and 6.1.0');
    expect(first).toContain('**Another machine**: lsof: missing and 4.95.0');
    expect(first).toContain('only in the second: sample at 100');
    expect(first).toContain('what is not ours took 2.00 times as long');
    expect(rest.join('\n')).toContain('| sockscope -tan | sample, 500,000 | wallMs | 41.0 | ± 2.4 % |');
  });

  it('says when nothing differs', () => {
    expect(comparisonReport(before, before)).toContain('beyond the noise of both\n\nNothing.');
  });
});

describe('npm run bench:compare', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sockscope-compare-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const script = fileURLToPath(new URL('../../bench/compare.ts', import.meta.url));
  const compare = (...words: string[]) =>
    spawnSync(process.execPath, ['--import', 'tsx', script, ...words], { encoding: 'utf8' });

  it('exits with 1 only when it is asked to, and something is worse', () => {
    const [first, second] = [join(folder, 'first.json'), join(folder, 'second.json')];
    writeResult(first, before);
    writeResult(second, slower);
    const failing = compare(first, second, '--fail-over', '1.1');
    expect(failing.stderr).toContain('compare: sockscope -tan, sample, wallMs: 1.20 times');
    expect([failing.status, compare(first, second).status]).toEqual([1, 0]);
    expect(compare(second, first, '--fail-over', '1.1').status).toBe(0);
    expect(compare(first, join(folder, 'absent.json')).status).toBe(2);
    const nothing = join(folder, 'nothing.json');
    writeResult(nothing, resultOf([]));
    expect(compare(first, nothing, '--fail-over', '1.1')).toMatchObject({
      status: 1,
      stderr:
        'compare: only in the first: sample at 500,000\n' +
        'compare: nothing of ours could be judged: both results have no figure of ours in common\n',
    });
  });

  it('does not pass where too few runs let nothing be judged', () => {
    const [first, second] = [join(folder, 'few.json'), join(folder, 'few-slower.json')];
    writeResult(first, result(own.slice(2), others));
    writeResult(
      second,
      result(
        own.slice(2).map((ms) => ms * 10),
        others,
      ),
    );
    const stderr =
      'compare: nothing of ours could be judged: too few runs, five in both results are enough\n';
    expect(compare(first, second, '--fail-over', '1.1')).toMatchObject({ status: 1, stderr });
    expect(compare(first, second)).toMatchObject({ status: 0, stderr });
  });

  it('names a file that is no result, in one line', () => {
    const [first, broken] = [join(folder, 'whole.json'), join(folder, 'broken.json')];
    writeResult(first, before);
    writeFileSync(broken, '{ "schema": 1, "runs": [], "scenarios": [null] }');
    expect(compare(first, broken)).toMatchObject({
      status: 2,
      stdout: '',
      stderr: `compare: ${broken} is no result: scenarios[0] is no object\n`,
    });
  });

  it('knows its arguments', () => {
    expect(parseCompareOptions(['a', 'b'])).toEqual({
      ...{ kind: 'compare', first: 'a', second: 'b', failOver: undefined },
    });
    expect(parseCompareOptions(['-h'])).toEqual({ kind: 'help' });
    expect(() => parseCompareOptions(['a'])).toThrow('want two results, not 1');
    expect(() => parseCompareOptions(['a', 'b', '--nonsense'])).toThrow(UsageError);
    expect(() => parseCompareOptions(['a', 'b', 'c'])).toThrow('not 3');
    expect(() => parseCompareOptions(['a', 'b', '--fail-over', '0.9'])).toThrow('--fail-over 0.9');
    expect(() => parseCompareOptions(['a', 'b', '--fail-over', 'x'])).toThrow('--fail-over x');
  });
});
