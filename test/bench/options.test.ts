import { describe, expect, it } from 'vitest';
import { Patience } from '../../bench/curve.ts';
import { parseOptions, type Timing } from '../../bench/options.ts';
import { socketsOf } from '../../bench/rounds.ts';
import { UsageError } from '../../bench/usage-error.ts';
import { ours, outcome, rival, runs, scenario } from './sample-result.ts';

const timing = (...words: string[]): Timing => parseOptions(words) as Timing;

describe('options of the bench', () => {
  it('have defaults', () => {
    const { options, scenarios, sizes, json, write } = timing();
    expect(options).toEqual({
      ...{ sockets: 200_000, processes: undefined, runs: 7 },
      ...{ slow: false, quick: false, busy: false },
    });
    expect(scenarios.length).toBeGreaterThan(5);
    expect({ sizes, json, write }).toEqual({ sizes: [200_000], json: undefined, write: false });
    expect(timing('--quick').options).toMatchObject({ sockets: 5000, runs: 1, quick: true });
  });

  it('take sizes up to the greatest for curves', () => {
    expect(timing('--curve').sizes).toEqual([100, 1000, 10_000, 100_000, 500_000]);
    expect(timing('--curve', '--sockets', '1000000').sizes.at(-1)).toBe(1_000_000);
    expect(timing('--curve').scenarios.map(({ name }) => name)).toEqual(['curve-listing', 'curve-owners']);
  });

  it('bound the rounds of a scenario, unless they name it and how many', () => {
    const most = (...words: string[]) =>
      timing(...words).scenarios.find((one) => one.name === 'slab')?.mostRuns;
    expect(most('--scenario', 'slab')).toBe(3);
    expect(most('--runs', '5')).toBe(3);
    expect(most('--scenario', 'slab', '--runs', '5')).toBeUndefined();
  });

  it('name a result to report', () => {
    expect(parseOptions(['--report', 'x.json'])).toEqual({ kind: 'report', file: 'x.json', write: false });
    expect(parseOptions(['--report', 'x.json', '--write'])).toMatchObject({ write: true });
  });

  it('ask for help, whatever else they ask for', () => {
    expect(parseOptions(['--help'])).toEqual({ kind: 'help' });
    expect(parseOptions(['--quick', '-h', '--write'])).toEqual({ kind: 'help' });
  });

  it.each([
    [['--sockets', '5'], '--sockets 5'],
    [['--sockets', '0'], '--sockets 0'],
    [['--sockets', '2000000'], '--sockets 2000000'],
    [['--sockets', '0x10'], '--sockets 0x10'],
    [['--sockets', ' 200 '], '--sockets  200 '],
    [['--sockets', '1e3'], '--sockets 1e3'],
    [['--runs', 'x'], '--runs x'],
    [['--processes', '4001'], '--processes 4001'],
    [['--scenario', 'startup'], '--scenario startup: there is no such scenario, only established, columns,'],
    [['--scenario', 'startup'], ' start-up, '],
    [['--scenario', 'owners', '--scenario', 'owners'], '--scenario owners is given twice'],
    [['--curve', '--sockets', '50'], '--curve begins at 100 sockets, not --sockets 50'],
    [['--sockets'], 'sockets'],
    [['--quick', '--write'], '--quick measures nothing'],
    [['--curve', '--scenario', 'owners'], '--curve has scenarios of its own'],
    [['--report', 'x.json', '--runs', '3'], 'not with --runs'],
    [['--nonsense'], 'nonsense'],
    [['nonsense'], 'nonsense'],
  ])('that are wrong are named: %j', (words, message) => {
    expect(() => parseOptions(words)).toThrow(UsageError);
    expect(() => parseOptions(words)).toThrow(message);
  });
});

describe('the number of sockets', () => {
  const { options } = timing('--sockets', '100000');
  const quick = timing('--quick').options;

  it('is the command line’s, unless the scenario has one, or a greatest', () => {
    expect(socketsOf(scenario(), options)).toBe(100_000);
    expect(socketsOf({ ...scenario(), sockets: 10 }, options)).toBe(10);
    expect(socketsOf({ ...scenario(), sockets: 300_000 }, options)).toBe(300_000);
    expect(socketsOf({ ...scenario(), mostSockets: 50_000 }, options)).toBe(50_000);
  });

  it('is never more than few with --quick', () => {
    expect(socketsOf({ ...scenario(), sockets: 10 }, quick)).toBe(10);
    expect(socketsOf({ ...scenario(), sockets: 300_000 }, quick)).toBe(5000);
  });
});

describe('patience with curves', () => {
  const took = outcome(
    new Map([
      [ours, runs(1000, 1500)],
      [rival, runs(1000)],
    ]),
    scenario(),
    10_000,
  );
  const patience = (...words: string[]): Patience => {
    const { options } = timing('--curve', ...words);
    const waiting = new Patience(options);
    waiting.remember(took);
    return waiting;
  };

  it('ends where a run would take longer than 20 s, by the sockets or by their square', () => {
    expect(patience().declined(ours, 200_000)).toBeUndefined();
    expect(patience().declined(ours, 300_000)).toBe('not run: it would take some 30 s');
    expect(patience().declined({ ...rival, slow: true }, 40_000)).toBeUndefined();
    expect(patience().declined({ ...rival, slow: true }, 50_000)).toBe('not run: it would take some 25 s');
  });

  it('is longer with --slow', () => {
    expect(patience('--slow').declined({ ...rival, slow: true }, 500_000)).toBeUndefined();
  });

  it('ends for good where a run has taken longer than 10 s', () => {
    const waiting = patience('--slow');
    waiting.remember(outcome(new Map([[ours, runs(10_001, 12_000)]]), scenario(), 100_000));
    expect(waiting.declined(ours, 500_000)).toBe('not run: it took 10 s with 100,000 sockets');
    expect(waiting.declined(rival, 500_000)).toBeUndefined();
  });
});
