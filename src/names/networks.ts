import { databaseLines } from './database-lines.ts';

/** The name of an IPv4 network: its number in host order, such as 0x7f000000; a byte string. Undefined when there is none. */
export type NetworkLookup = (network: number) => string | undefined;

/** Looks networks up in networks(5), which is read at the first question. A file that cannot be read is empty. */
export function networkLookup(file = '/etc/networks'): NetworkLookup {
  let names: ReadonlyMap<number, string> | undefined;
  return (network) => {
    names ??= parseNetworks(databaseLines(file));
    return names.get(network);
  };
}

/** A name, and a number; aliases do not count. */
const NETWORK = /^([^ \t\v\f\r]+)(?:[ \t\v\f\r]+([^ \t\v\f\r]*))?/;
/** What glibc makes of a number that is none: the network is known by it all the same. */
const NO_NUMBER = 0xffff_ffff;

/** networks(5) as glibc reads it, by number; of several lines about a network the first one wins. */
export function parseNetworks(lines: Iterable<string>): Map<number, string> {
  const names = new Map<number, string>();
  for (const line of lines) {
    const match = NETWORK.exec(line);
    if (match === null) continue;
    const number = networkNumber(match[2] ?? '');
    if (!names.has(number)) names.set(number, match[1]!);
  }
  return names;
}

/** Parts that are missing on the right are zeros: `127` is 127.0.0.0. */
function networkNumber(text: string): number {
  const parts = text.split('.').map(partNumber);
  while (parts.length < 4) parts.push(0);
  if (parts.length > 4 || !parts.every(isOctet)) return NO_NUMBER;
  return parts.reduce((number, part) => number * 256 + part, 0);
}

/** Decimal, octal after a 0, hexadecimal after an x with or without a 0 before it; in 32 bits, of which any may be lost. */
const PART = /^(?:0?x([0-9a-f]+)|(0[0-7]*)|([1-9][0-9]*))$/i;

function partNumber(text: string): number | undefined {
  const match = PART.exec(text);
  if (match === null) return undefined;
  const [, hexadecimal, octal, decimal] = match;
  const number = hexadecimal ? `0x${hexadecimal}` : octal ? `0o${octal}` : decimal!;
  return Number(BigInt.asUintN(32, BigInt(number)));
}

function isOctet(part: number | undefined): part is number {
  return part !== undefined && part <= 0xff;
}
