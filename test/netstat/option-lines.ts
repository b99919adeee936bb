import { NAMES } from '../../src/cli/netstat-options.ts';
import type { Dice } from './dice.ts';

/** Letters of the modes whose tables these lines may ask for, of `r i s M`. */
export const MODE_LETTERS: readonly string[] = ['r', 'i', 's', 'M'];

const FAMILY_NAMES =
  'inet ip tcpip inet6 ip6 unix ipx ax25 x25 netrom rose ddp appletalk econet ash bluetooth'.split(' ');
const LEGACY = ['--ax25', '--ipx', '--x25', '--netrom', '--rose', '--ddp', '--appletalk'];
const PROTOCOLS = [...'tuwUS'];
/** `-c` goes on for ever. */
const LONG = NAMES.map(({ name }) => name).filter((name) => name !== 'continuous' && !isMode(name));

function isMode(name: string): boolean {
  const letter = NAMES.find((option) => option.name === name)!.value;
  return [...'risM'].includes(letter) && !MODE_LETTERS.includes(letter);
}

/** Every line of options that is worth a try whatever else is tried. */
export function chosenLines(): string[] {
  return [
    ...['', '-n', '-N', '-d', '-F', '-C', '-FC', '-dN', '-W', '-v', '-o', '-e', '-eee', '-p', '-a', '-l'],
    ...LEGACY,
    ...LEGACY.flatMap((family) => [
      `${family} -t`,
      `${family} -x`,
      `${family} -a`,
      `${family} -g -n`,
      `-4 ${family}`,
    ]),
    ...FAMILY_NAMES.flatMap((one) => FAMILY_NAMES.map((other) => `-n -A ${one},${other}`)),
    ...FAMILY_NAMES.flatMap((one) => [
      `--protocol=${one} -t`,
      `-A${one} -A inet -e`,
      `-u -A ${one}`,
      `--protocol ${one} -v`,
    ]),
    ...[
      '-A',
      '-A inet,',
      '-A ,inet',
      '-A INET',
      '-A inet;unix',
      '--protocol',
      '--protocol=',
      '-A foo',
      '-A inet,foo',
    ],
    ...[
      'foo',
      'foo -t',
      '-t foo',
      '-- -t',
      '- -t',
      '-t -- -u',
      'foo bar baz',
      '-i5',
      '-I',
      '-T',
      '-q',
      '-tq',
      '-k -t',
    ],
    ...[
      '-tt',
      '-uu -x',
      '-aa',
      '-ll',
      '-nn',
      '-vv',
      '-gg -n',
      '-WW',
      '-oo',
      '-pp',
      '-NN',
      '-FF',
      '-dd',
      '-44',
      '-66 -4',
    ],
    ...['-ri', '-rr', '-ii', '-ss', '-MM', '-rM', '-is', '-r -i', '--route -s', '--interfaces -M', '-Mr -h'],
    ...[
      '-?',
      '-t -?',
      '-Z',
      '-tZ',
      '--context -h',
      '-V',
      '-h',
      '-Vh',
      '-hV',
      '-t -V',
      '-A foo -h',
      '-q -V',
      '--tcpip -V',
    ],
    ...bluetooth(),
    ...MODE_LETTERS.flatMap((mode) =>
      ['', '-2', '-f', '-A bluetooth', '-v', '-g', '-t --ipx', '-n', '-N'].map((rest) => `-n${mode} ${rest}`),
    ),
    ...['-2c', '-fvc', '-tnc2', '--bluetooth -gnc', '-c -A foo', '-cq', '-cZ', '-ch'],
    ...prefixes(),
    ...tooManyFamilies(),
  ];
}

function bluetooth(): string[] {
  const bluetooth = ['-2', '-f', '-A bluetooth', '--l2cap', '--rfcomm', '-2f', '--bluetooth'];
  const beside = [
    '',
    '-v',
    '-t',
    '-gn',
    '-x',
    '--ipx',
    '-4',
    '-6',
    '-l',
    '-a',
    '-al',
    '-p',
    '-S',
    '-vS',
    '-A inet,unix',
    '-e',
  ];
  return bluetooth.flatMap((option) => beside.map((other) => `${option} ${other}`));
}

/** Of every long option every prefix, alone, and with an argument that it may not have. */
function prefixes(): string[] {
  const words = new Set(LONG.flatMap((name) => Array.from(name, (_, index) => name.slice(0, index + 1))));
  return [...[...words].map((word) => `-n --${word}`), ...LONG.map((name) => `-n --${name}=x`)];
}

/** netstat's list of families has 255 bytes. */
function tooManyFamilies(): string[] {
  const list = (name: string, times: number): string => Array.from({ length: times }, () => name).join(',');
  return [
    `-A ${list('inet', 60)}`,
    `-A ${list('unix', 51)} -A inet`,
    `-A ${list('bluetooth', 30)} -A unix -t`,
    `-A ${list('ax25', 52)}`,
  ];
}

const LETTERS = [
  't',
  'u',
  'w',
  'U',
  'S',
  'x',
  '4',
  '6',
  'l',
  'a',
  'n',
  'e',
  'o',
  'p',
  'v',
  'W',
  'N',
  'g',
  'd',
  'F',
  'C',
];
const RARE = ['2', 'f', '?', 'Z', 'V', 'h', 'q', 'I', 'T', '\u00e4'];

/** Random words over all letters and long options. What could look names up is numeric. */
export function randomLine(dice: Dice): string[] {
  const words = dice.list(5, () => randomWord(dice));
  const looksUp = words.some((word) => /^-[^-]*g|^--g/.test(word));
  return looksUp || dice.once(2) ? ['-n', ...words] : words;
}

function randomWord(dice: Dice): string {
  if (dice.once(4)) return `--${randomName(dice)}`;
  if (dice.once(6)) return `-A${familyList(dice)}`;
  if (dice.once(12)) return dice.pick(['foo', 'eth0', '-', '--', '5', `--protocol=${familyList(dice)}`]);
  const letters = dice.list(3, () => dice.pick(dice.once(25) ? RARE : [...LETTERS, ...MODE_LETTERS]));
  return `-${dice.pick([...LETTERS, ...PROTOCOLS])}${letters.join('')}`;
}

function randomName(dice: Dice): string {
  const name = dice.pick(LONG);
  if (dice.once(10)) return `${name}${dice.pick(['=', '=x', 'x'])}`;
  return dice.once(2) ? name : name.slice(0, 1 + dice.below(name.length));
}

function familyList(dice: Dice): string {
  const names = dice.list(3, () =>
    dice.once(20) ? dice.pick(['', 'foo', 'INET']) : dice.pick(FAMILY_NAMES),
  );
  return names.join(',');
}
