import type { Dice } from './dice.ts';
import { IGMP_HEADING } from './synthetic-groups.ts';

/**
 * Random files of groups and of the families that Linux has given up, damaged in every way that netstat answers with
 * something other than what is in its memory.
 */
export function randomTables(dice: Dice): Record<string, string> {
  const tables: Record<string, string> = {};
  const some = (name: string, make: (dice: Dice) => string): void => {
    if (!dice.once(12)) tables[name] = make(dice);
  };
  some('igmp', igmp);
  some('igmp6', igmp6);
  some('ipx/socket', ipx);
  some('ax25', ax25);
  some('x25', x25);
  some('nr', netrom);
  some('rose', rose);
  return tables;
}

function textOf(dice: Dice, heading: string, row: () => string, most = 12): string {
  const text =
    heading +
    dice
      .list(most, row)
      .map((line) => `${line}\n`)
      .join('');
  return dice.once(6) ? text.slice(0, -1) : text;
}

const BLANKS = [' ', ' ', ' ', '  ', '\t', '     '];
const NUMBERS = [
  '0',
  '1',
  '2',
  '3',
  '12',
  '4095',
  '-1',
  '+7',
  '0x10',
  '007',
  '99999999999',
  'x',
  '1x',
  '*',
  '',
];

function blanks(dice: Dice): string {
  return dice.once(20) ? dice.pick(['\v', '\f', '\r', ',', '\0', '']) : dice.pick(BLANKS);
}

function digits(dice: Dice, count: number): string {
  const all = '0123456789abcdefABCDEF';
  return Array.from({ length: count }, () => all[dice.below(all.length)]).join('');
}

function igmp(dice: Dice): string {
  if (dice.once(10)) return igmp6(dice);
  const heading = dice.pick([
    IGMP_HEADING,
    IGMP_HEADING,
    IGMP_HEADING,
    'Device : Count\n',
    'Idx Device\n',
    'x Device\n',
  ]);
  return textOf(dice, heading, () => {
    if (dice.once(8)) return dice.text('\t :01ax\0\r\v-+', 24);
    if (dice.once(3)) {
      const name = dice.pick(['lo', 'eth0', 'wlan0.7', 'abcdefghijklmno', 'abcdefghijklmnopqrst', 'x:y', '']);
      return `${dice.pick(NUMBERS)}${blanks(dice)}${name}${dice.pick(['        :', ':', ' :', ''])}${blanks(dice)}  1     V3`;
    }
    const group = digits(dice, dice.once(3) ? dice.below(12) : 8);
    return `${dice.pick(['\t\t\t\t', '\t', '\t '])}${group}${blanks(dice)}${dice.pick(NUMBERS)}${blanks(dice)}0:00000000\t\t0`;
  });
}

/** Addresses have more than 24 digits: what netstat makes of shorter ones is memory. */
function igmp6(dice: Dice): string {
  return textOf(dice, '', () => {
    if (dice.once(8)) return dice.text('\t :xyz\r\v-+', 24);
    const name = dice.pick(['lo', 'eth0', 'wlan0.7', 'abcdefghijklmno', 'xbcdefghijklmnoxz', 'x:y']);
    const address = dice.pick(
      ['ff02', '0000', '00000000000000000000ffff'].map((head) => head + digits(dice, 32 - head.length)),
    );
    const group = dice.once(4) ? digits(dice, 25 + dice.below(45)) : address;
    const number = dice.pick(NUMBERS);
    return `${number}${dice.pick(BLANKS)}${name}${dice.pick(BLANKS)}${group}${blanks(dice)}${dice.pick(NUMBERS)} 0000000C 0`;
  });
}

function ipx(dice: Dice): string {
  const number = (): string => dice.pick([...NUMBERS, '0000000A', 'FFFFFFFF', 'deadbeef']);
  const end = (): string =>
    dice.once(4)
      ? 'Not_Connected'
      : [
          dice.pick([digits(dice, 8), digits(dice, dice.below(20)), ...NUMBERS]),
          ...dice.list(1, () => digits(dice, dice.below(15))),
          digits(dice, 4),
        ].join(':');
  return textOf(dice, 'heading\n1:2:3 4:5:6 1 2 3 4\n', () =>
    [
      `${digits(dice, 8)}:${end()}`.replace(/Not_Connected$/, '1'),
      end(),
      number(),
      number(),
      dice.pick(['01', '07', ...NUMBERS]),
      number(),
    ]
      .slice(0, dice.once(10) ? dice.below(6) : 6)
      .join(dice.pick(BLANKS)),
  );
}

const SMALL = ['0', '1', '2', '3', '0', '1', '2', '3', '03', '+1', '1x', 'x', '*', '1.5'];

function smallNumbers(dice: Dice, count: number): string {
  const odd = dice.once(3);
  return Array.from(
    { length: count },
    () => (odd ? dice.pick(SMALL) : dice.pick(SMALL.slice(0, 4))) + dice.pick([' ', ' ', '  ', '   ']),
  ).join('');
}

/** Numbers are states wherever the blanks in front of them go. */
function ax25(dice: Dice): string {
  return textOf(dice, '', () => {
    const words = [
      'm',
      dice.pick(['ax0', '???', 'longdevice']),
      dice.pick(['AB1CDE-15', 's']),
      dice.pick(['*', 'd,e*,f', 'EF2GHI-7', 'd']),
    ];
    const count = dice.once(2) ? 20 : dice.below(22);
    return `${words.map((word) => word + dice.pick([' ', ' ', ' ', ' ', ' ', ' ', ' ', '  '])).join('')}${smallNumbers(dice, count)}`;
  });
}

function x25(dice: Dice): string {
  const good = '1234567890 abcdefghij x25-0 001 3 1 2 3 4 5 6 7 8 9 10';
  return textOf(dice, `heading\n${good}\n`, () => {
    const end = (): string => dice.text('0123456789*', 10).padEnd(dice.once(8) ? 12 : 10);
    const channel = dice.pick(['000', '001', '002', '0ff', 'FFF', '12A', '1', '']);
    const device = dice.pick(['lapb0', 'x25-0', '???  ', 'fifteencharacte']);
    return `${end()} ${end()} ${device} ${channel}  ${smallNumbers(dice, dice.once(2) ? 11 : dice.below(13))}`;
  });
}

function netrom(dice: Dice): string {
  return textOf(dice, 'heading\n', () => {
    const call = (): string => dice.text('ABCD123-', 9).padEnd(9);
    const circuits = dice.pick(['01/02 03/04', 'fF/aB CD/EF', '1/ 2 3/ 4', 'x/1 2/3', '1 2 3 4']);
    const timers = dice.pick([
      '001/001 01/01 001/001 001/001 1/01',
      '1/ 2 3/ 4 5/ 6 7/ 8 9/ 10',
      '1/2 3/4 5 7/8 9/10',
    ]);
    const [states, queues] = [smallNumbers(dice, 4), smallNumbers(dice, dice.once(4) ? dice.below(4) : 3)];
    return `${call()} ${call()} ${call()} ${dice.pick(['nr0', '??? ', 'n'])} ${circuits} ${states}${timers} ${queues}`;
  });
}

function rose(dice: Dice): string {
  return textOf(dice, 'heading\n', () => {
    const word = (): string => dice.text('ABCD123-', 4) || '*';
    const words = Array.from({ length: dice.once(8) ? dice.below(6) : 5 }, () => word() + dice.pick(BLANKS));
    return `${words.join('')}${smallNumbers(dice, dice.once(4) ? dice.below(5) : 8)}`;
  });
}
