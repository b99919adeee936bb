import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { parseCompareOptions } from '../../bench/compare-options.ts';
import { changesBetween, isWorseThan } from '../../bench/comparison.ts';
import { comparisonReport } from '../../bench/comparison-report.ts';
import type { Result } from '../../bench/result.ts';
import { writeResult } from '../../bench/result-file.ts';
import { UsageError } from '../../bench/usage-error.ts';
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
    expect(wall(warm(1.5))).toMatchObject({ verdict: 'weather', weather: { middle: 1.5 } });
    expect(wall(warm(1.2))).toMatchObject({ verdict: 'slower' });
    expect(wall(warm(1.4)).verdict).toBe('slower');
    expect(changeOf(warm(1.5), 'ss -tanH', 'wallMs')).toMatchObject({ verdict: 'slower' });
    expect(changeOf(warm(1.5), 'sockscope -tan', 'rssMb')).toMatchObject({ verdict: 'more' });
    expect(wall(before, warm(1.5)).verdict).toBe('weather');
    expect(wall(before, warm(1.2)).verdict).toBe('faster');
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
  });

  it('knows its arguments', () => {
    expect(parseCompareOptions(['a', 'b'])).toEqual({ first: 'a', second: 'b', failOver: undefined });
    expect(() => parseCompareOptions(['a'])).toThrow('want two results, not 1');
    expect(() => parseCompareOptions(['a', 'b', '--nonsense'])).toThrow(UsageError);
    expect(() => parseCompareOptions(['a', 'b', 'c'])).toThrow('not 3');
    expect(() => parseCompareOptions(['a', 'b', '--fail-over', '0.9'])).toThrow('--fail-over 0.9');
    expect(() => parseCompareOptions(['a', 'b', '--fail-over', 'x'])).toThrow('--fail-over x');
  });
});
