import { describe, expect, it } from 'vitest';
import { requirement } from '../requirements.ts';
import { compare } from './synthetic-comparison.ts';
import { BARE, DAMAGED, DEPARTURES, EMPTY, HEADINGS, PARTIAL, RICH, unopenable } from './synthetic-hosts.ts';
import { netstat, type Outcome, runOn, sockscope } from './synthetic-proc.ts';
import { PROCESSES } from './synthetic-processes.ts';

const missing = requirement('netns', 'netstat');

const SELECTIONS = [
  '',
  '-t',
  '-u',
  '-U',
  '-w',
  '-x',
  '-S',
  '-tu',
  '-tx',
  '-tSu',
  '-tuUwS',
  '-4',
  '-6',
  '-46',
  '-4t',
  '-6u',
  '-4S',
  '-6S',
  '-4x',
  '-x6',
  '-A inet',
  '-A inet6,unix',
  '--inet --tcp',
  '--inet6 --udp --raw',
  '--unix',
] as const;
const WHICH = ['', '-l', '-a', '-al'] as const;
const FLAGS = ['', '-W', '-e', '-o', '-We', '-Wo', '-eo', '-Weo'] as const;
const NUMERIC = ['', '-n', '--numeric-hosts', '--numeric-ports', '--numeric-users', '-N'] as const;

/** What a selection and -l or -a is put together with: every pair of these, in turn. */
const REST = FLAGS.flatMap((flags) => NUMERIC.map((numeric) => `${flags} ${numeric}`));

function withRest(selections: readonly string[], which: readonly string[]): string[] {
  let turn = 0;
  const lines: string[] = [];
  for (const one of which) {
    // 7 and the length have no common divisor, so that the turns reach all of them.
    for (const selection of selections) lines.push(`${selection} ${one} ${REST[(turn++ * 7) % REST.length]}`);
  }
  return lines;
}

describe.skipIf(missing !== undefined)(
  `the command beside netstat on synthetic hosts ${missing ?? ''}`,
  () => {
    it('prints one of everything: selections', { timeout: 120_000 }, () => {
      compare(RICH, withRest(SELECTIONS, WHICH));
    });

    it('prints one of everything: columns and numbers', { timeout: 120_000 }, () => {
      compare(
        RICH,
        REST.map((rest) => `-tuUwSxa ${rest}`),
      );
    });

    it.each([
      ['a kernel that lacks some tables', PARTIAL],
      ['no table at all', BARE],
      ['empty tables', EMPTY],
      ['tables of a heading', HEADINGS],
      ['lines that make no sense', DAMAGED],
      ['a tcp table that cannot be opened', unopenable('tcp')],
      ['a unix table that cannot be opened', unopenable('unix')],
      ['an sctp table that cannot be opened', unopenable('sctp')],
    ])('copes with %s', { timeout: 120_000 }, (_, host) => {
      compare(host, [...withRest(SELECTIONS, ['-a']), '-v', '-va', '-vl', '-tuv', '-Sa', '-Sl', '-xS']);
    });

    it('prints programs: selections and columns', { timeout: 120_000 }, () => {
      const selections = ['', '-t', '-x', '-S', '-tuUwSx', '-6'];
      const lines = selections.flatMap((selection) =>
        ['', '-l', '-a'].flatMap((which) => FLAGS.map((flags) => `-np ${selection} ${which} ${flags}`)),
      );
      compare({ ...RICH, processes: PROCESSES }, [
        ...lines,
        '-pa',
        '--programs -tu',
        '--prog -x',
        '-pp -al',
        '-p -- -x',
      ]);
    });

    it.each([
      ['a kernel that lacks some tables', PARTIAL],
      ['no table at all', BARE],
      ['empty tables', EMPTY],
      ['lines that make no sense', DAMAGED],
    ])('prints programs with %s', { timeout: 120_000 }, (_, host) => {
      const lines = [
        '-p',
        '-pa',
        '-pt',
        '-px',
        '-pS',
        '-pSa',
        '-pw',
        '-p4',
        '-pv',
        '-p --ipx',
        '-peo',
        '-pxS',
      ];
      compare({ ...host, processes: PROCESSES }, lines);
    });

    it('departs where netstat cuts paths, passes control bytes on and names no state', () => {
      const [theirs, ours] = runOn(DEPARTURES, [netstat(['-txan']), sockscope(['-txan'])]);
      const cells = ({ stdout }: Outcome): string[] =>
        stdout
          .split('\n')
          .filter((line) => /^(tcp|unix) /.test(line))
          .map((line) => line.slice(line.startsWith('tcp') ? 68 : 59));
      expect(cells(ours!)).toEqual([
        'UNKNOWN    ',
        '/tmp/a b  c.sock',
        '/tmp/\\x1b[31mred\\x09\\x7f',
        '/tmp/two\\x0alines',
      ]);
      expect(ours).toMatchObject({ stderr: '', code: 0 });
      expect(cells(theirs!).slice(1)).toEqual(['/tmp/a', '/tmp/\u001b[31mred', '/tmp/two']);
      expect(cells(theirs!)[0]).not.toBe('UNKNOWN    ');
      expect(theirs).toMatchObject({ stderr: 'warning, got bogus unix line.\n', code: 0 });
    });
  },
);
