import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { requirement } from '../requirements.ts';
import { type Ended, run } from './in-process.ts';

const missing = requirement('netstat', 'netns');

/** The real netstat in a network namespace of its own, where there are no sockets. */
function netstat(words: readonly string[], environment: Record<string, string> = {}): Ended {
  const { status, stdout, stderr } = spawnSync('unshare', ['-Urnpf', '--mount-proc', 'netstat', ...words], {
    encoding: 'latin1',
    env: { PATH: process.env.PATH, LC_ALL: 'C', ...environment },
  });
  return { status, stdout, stderr };
}

/** In a pid namespace of its own there is no process but itself, whose output goes to sockets. */
const SEEN = { unopened: 0, sockets: 2 };

async function expectTheSame(words: readonly string[], environment: Record<string, string> = {}) {
  const { status, stdout, stderr } = await run(words, { environment }, { tally: SEEN });
  expect({ words, status, stdout, stderr }).toEqual({ words, ...netstat(words, environment) });
}

const repeat = (words: string[], times: number): string[] =>
  Array.from({ length: times }, () => words).flat();

const LISTINGS = [
  ...['', '-a', '-l', '-al', '-n', '-e', '-ee', '-o', '-eo', '-aeoW', '-v', '-vn', '-va', '-vl', '-4v'],
  ...['-p', '-tp', '-xpa', '-pS', '-4ple', '-p --ipx', '-pp --tcpip', '-p2', '-pv', '-6peo', '--programs -u'],
  ...['-t', '-u', '-U', '-w', '-x', '-tu', '-tuUw', '-S', '-Sa', '-Sl', '-tSu', '-xS', '-4', '-6', '-46'],
  ...[
    '-4t',
    '-6t',
    '-6S',
    '-4S',
    '-46u',
    '-x6',
    '-x4',
    '-xt',
    '-xa',
    '-xl',
    '-xneoW',
    '-N',
    '-F',
    '-C',
    '-FC',
  ],
  ...['-d', '--tcp', '--inet', '--ip', '--inet6', '--unix', '--ddp', '--appletalk', '-A econet', '-A ash -t'],
  ...[
    '--ipx',
    '--ax25',
    '--x25',
    '--netrom',
    '--rose',
    '-t --rose',
    '--ipx --x25',
    '--ipx -4',
    '-4 --rose -v',
  ],
  ...['-2', '-f', '-2f', '-A bluetooth', '--bluetooth', '--l2cap', '--rfcomm', '-x2', '-f -x', '-t -2'],
  ...[
    '-',
    'foo bar',
    'foo -t bar',
    '-t -- -q',
    '-- -q',
    '--tcpip',
    '--tcpip -x',
    '-A tcpip',
    '-A ip',
    '-A ip6',
  ],
  ...[
    '-A inet,unix',
    '-A unix -A inet6',
    '-Aunix',
    '-Ainet6 -u',
    '--protocol=unix',
    '--protocol unix',
    '--prot=unix',
  ],
].map((line) => line.split(' ').filter(Boolean));

const PREFIXES = [
  ...[
    'a',
    'al',
    'ap',
    'ax',
    'b',
    'c',
    'ca',
    'co',
    'con',
    'cont',
    'conti',
    'd',
    'e',
    'ex',
    'f',
    'g',
    'gr',
    'h',
    'i',
  ],
  ...[
    'ip',
    'ipx',
    'in',
    'ine',
    'inet',
    'int',
    'l',
    'l2',
    'li',
    'm',
    'n',
    'ne',
    'net',
    'nu',
    'num',
    'numeric-',
  ],
  ...[
    'numeric-h',
    'numeric-p',
    'numeric-u',
    'p',
    'pro',
    'prog',
    'prot',
    'r',
    'ra',
    'rf',
    'ro',
    'ros',
    'rou',
    's',
  ],
  ...[
    'sc',
    'st',
    'sy',
    't',
    'tc',
    'tcp',
    'tcpi',
    'ti',
    'tim',
    'u',
    'ud',
    'udp',
    'udpl',
    'un',
    'unix',
    'v',
    've',
  ],
  ...[
    'w',
    'x',
    'x2',
    '',
    'q',
    'ip6',
    'ec',
    'econet',
    'ash',
    'source',
    'proc',
    'threads',
    '-',
    '-a',
    'É',
    'tcp ',
  ],
];
/** Whole names that start a mode, which comes in another issue, or that run for ever. */
const ELSEWHERE = new Set(['g', 'gr', 'int', 'm', 'rou', 'st', 'conti', 'cont']);

const MISTAKES = [
  ['-q'],
  ['-I'],
  ['-T'],
  ['-aq'],
  ['-qa'],
  ['-a-'],
  ['-:'],
  ['-;'],
  ['-\u00e9a'],
  ['-tq', '-V'],
  ['-?'],
  ['-t?'],
  ['-A'],
  ['-tA'],
  ['foo', '-A'],
  ['--protocol'],
  ['-A', '--'],
  ['-A', '-x'],
  ['-A', ''],
  ['-A', 'inet,'],
  ['-A', ',inet'],
  ['-A', 'unix,,inet'],
  ['-A', 'INET'],
  ['-A', ' unix'],
  ['-A', 'ec'],
  ['-A', 'f\u00f6\u00f6'],
  ['-A', 'constructor'],
  ['--prot='],
  ['-A', 'foo', '-q'],
  ['-i', '-A', 'foo'],
  ['-A', 'bluetooth,foo'],
  ['-x', '-Z'],
  ['-Zq'],
  ['-Z', '-V'],
  ['--context=3'],
  ['--tcpip', '-q'],
  ['-ii'],
  ['-rr'],
  ['-ss'],
  ['-MM'],
  ['-ir'],
  ['-rs', '-x'],
  ['--route', '-s'],
  ['-rM', '-V'],
  ['-V'],
  ['-hV'],
  ['-Vh'],
  ['-h'],
  ['--help', '-q'],
  ['--version'],
  ['--ne', '-V'],
  ['-A', Array(60).fill('unix').join()],
  ['-A', Array(30).fill('appletalk').join()],
  [...repeat(['-4'], 51), '-t'],
  [...repeat(['-4'], 52), '-t'],
  [...repeat(['-6'], 44), '-u'],
  [...repeat(['-A', 'ddp'], 63), '-4'],
  [...repeat(['-A', 'ddp'], 62), '-4'],
  [...repeat(['-A', 'ddp'], 64), '-A', 'unix,x25,foo'],
  [...repeat(['-A', 'ddp'], 64), '-A', 'foo,unix'],
  [...repeat(['-A', 'econet'], 90), '-x', '-A', 'ash'],
];

describe.skipIf(missing !== undefined)(
  `like the real netstat${missing === undefined ? '' : ` (${missing})`}`,
  () => {
    it.each(LISTINGS.map((words) => [words.join(' '), words]))('lists nothing for: %s', async (_, words) => {
      await expectTheSame(words);
    });

    it.each(PREFIXES.filter((name) => !ELSEWHERE.has(name)))('reads --%s', async (name) => {
      await expectTheSame([`--${name}`, '-t']);
      await expectTheSame(['-t', `--${name}=x`]);
    });

    it.each(MISTAKES.map((words) => [words.join(' ').slice(0, 40), words]))(
      'answers: %s',
      async (_, words) => {
        await expectTheSame(words);
      },
    );

    it('follows POSIXLY_CORRECT', async () => {
      await expectTheSame(['-x', 'operand', '-t'], { POSIXLY_CORRECT: '' });
      await expectTheSame(['-', '-q'], { POSIXLY_CORRECT: '1' });
    });

    it('reads any words the same', { timeout: 120_000 }, async () => {
      const letters = fc.string({
        unit: fc.constantFrom(...'CFadelnNoptSuUvVWw2fx64?ZhA:;q-'),
        maxLength: 6,
      });
      const name = fc
        .constantFrom(...PREFIXES.filter((word) => !ELSEWHERE.has(word)))
        .map((word) => `--${word}`);
      const family = fc.constantFrom(
        'unix',
        'inet',
        'ip6',
        'ddp',
        'ash',
        'foo',
        '',
        'inet,unix',
        'unix,foo',
        '--',
      );
      const word = fc.oneof(
        letters.map((text) => `-${text}`),
        name,
        fc.tuple(name, family).map(([option, value]) => `${option}=${value}`),
        family,
        fc.constant('-A'),
      );
      await fc.assert(
        fc.asyncProperty(fc.array(word, { maxLength: 5 }), async (words) => {
          await expectTheSame(words);
        }),
        { numRuns: 200 },
      );
    });
  },
);
