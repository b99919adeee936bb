import { addressText } from '../../src/socket/address.ts';
import { Family } from '../../src/socket/family.ts';

/** Numbers from a seed. */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A whole number from 0 to one below `sides`. */
  roll(sides: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % sides;
  }

  pick<T>(from: readonly T[]): T {
    return from[this.roll(from.length)]!;
  }

  times<T>(most: number, make: () => T): T[] {
    return Array.from({ length: this.roll(most + 1) }, make);
  }
}

/** Few different octets, so that lines and sockets meet. */
const OCTETS = [0, 1, 2, 9, 10, 100, 127, 255];

export function address4(dice: Dice): string {
  return Array.from({ length: 4 }, () => dice.pick(OCTETS)).join('.');
}

export function address6(dice: Dice): string {
  const bytes = new Uint8Array(16);
  const tail = dice.roll(3);
  if (tail === 0) bytes.fill(0xff, 10, 12);
  if (tail === 1) bytes.set([0x20, 0x01, 0x0d, 0xb8]);
  for (let at = 16 - dice.pick([1, 2, 4, 8]); at < 16; at++) bytes[at] = dice.pick(OCTETS);
  return addressText(bytes, 0, Family.inet6);
}

const BLANKS = [' ', ' ', ' ', '\t', '  ', '\v', '\f', '\r', ' \t '];
const LETTERS = [
  'a',
  'b',
  '.',
  '-',
  '_',
  '9',
  'Z',
  '\u00e9',
  '\u{1f600}',
  '\u0001',
  '\u001b',
  '\u007f',
  '%',
  ':',
  '[',
  '\\',
];

function name(dice: Dice): string {
  const length = dice.pick([1, 2, 8, 15, 22, 23, 24, 64, 126, 127, 128, 140]);
  const text = Array.from({ length }, () => (dice.roll(8) === 0 ? dice.pick(LETTERS) : 'n')).join('');
  return dice.roll(25) === 0 ? `${text.slice(1)}${dice.pick(['#', '\0'])}x` : text;
}

/** An address as somebody may have written it. */
function written(address: string, dice: Dice): string {
  switch (dice.roll(14)) {
    case 0:
      return address.toUpperCase();
    case 1:
      return `0${address}`;
    case 2:
      return `${address}${dice.pick(['x', '.', ':', '%lo', '/8', '#', '\0'])}`;
    case 3:
      return address.replace(/[.:][^.:]*$/, '');
    case 4:
      return address.replace(/\d+$/, (digits) => `0${digits}`);
    case 5:
      return address.replace(/\d+$/, (digits) => `${Number(digits) + 256}`);
    default:
      return address;
  }
}

/** Lines of hosts(5) about some of `addresses`, and others. */
export function hostsText(addresses: readonly string[], dice: Dice): string {
  const line = (): string => {
    const words = [written(dice.pick(addresses), dice), ...dice.times(3, () => name(dice))];
    const front = dice.roll(6) === 0 ? dice.pick([...BLANKS, '#']) : '';
    return front + words.map((word) => word + dice.pick(BLANKS)).join('');
  };
  return Array.from({ length: 120 }, line).join('\n') + dice.pick(['', '\n']);
}

function networkPart(dice: Dice): string {
  const part = dice.pick(OCTETS);
  switch (dice.roll(12)) {
    case 0:
      return `0x${part.toString(16)}`;
    case 1:
      return `0${part.toString(8)}`;
    case 2:
      return `X${part.toString(16).toUpperCase()}`;
    case 3:
      return dice.pick(['08', '', '256', '4294967296', 'a', '00', '0x', '0X0', '10 ', '+1']);
    default:
      return String(part);
  }
}

/** Lines of networks(5). */
export function networksText(dice: Dice): string {
  const line = (): string => {
    const number = Array.from({ length: dice.pick([1, 2, 3, 4, 4, 4, 5]) }, (_, index) =>
      index === 0 && dice.roll(4) > 0 ? '0' : networkPart(dice),
    ).join('.');
    const front = dice.roll(8) === 0 ? dice.pick([...BLANKS, '#']) : '';
    return [front + name(dice), number, ...dice.times(2, () => name(dice))].join(dice.pick(BLANKS));
  };
  return Array.from({ length: 150 }, line).join('\n') + dice.pick(['', '\n']);
}
