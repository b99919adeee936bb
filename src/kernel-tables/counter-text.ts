import { linesOf } from './table-file.ts';

/** A counter as its file has it. Undefined is what the line lacks. */
export interface CounterEntry {
  /** A byte string. */
  readonly name: string | undefined;
  readonly value: bigint | undefined;
}

export interface NamedEntry extends CounterEntry {
  readonly name: string;
}

/** Counters under the title that stands in front of them, a byte string. */
export interface TitledEntries {
  readonly title: string;
  readonly entries: readonly NamedEntry[];
}

/** What a file of line pairs holds, in the file's order. */
export interface CounterPairs {
  readonly groups: readonly TitledEntries[];
  /** Nothing more was read, because a line had no colon. */
  readonly broken: boolean;
}

/** Lines `Title: name name`, `Title: value value`: /proc/net/snmp, /proc/net/netstat. Of the second, the title is not read. */
export function parseCounterPairs(bytes: Uint8Array): CounterPairs {
  const groups: TitledEntries[] = [];
  const lines = linesOf(bytes);
  for (const names of lines) {
    if (names === '') continue;
    const { value: values } = lines.next();
    if (values === undefined) break;
    const [title, rest] = parted(names);
    const [, numbers] = parted(values);
    if (rest === undefined || numbers === undefined) return { groups, broken: true };
    groups.push({ title, entries: entriesOf(rest, numbers) });
  }
  return { groups, broken: false };
}

/** What stands before the first colon and behind it, up to a NUL. */
function parted(line: string): [string, string | undefined] {
  const text = upToNul(line);
  const colon = text.indexOf(':');
  return colon < 0 ? [text, undefined] : [text.slice(0, colon), text.slice(colon + 1)];
}

function entriesOf(names: string, numbers: string): NamedEntry[] {
  const number = new RegExp(NUMBER, 'y');
  let readable = true;
  return names
    .split(/[ \t]+/)
    .filter((name) => name !== '')
    .map((name) => {
      // Behind what is no number nothing is read any more.
      const match = readable ? number.exec(numbers) : null;
      readable = match !== null;
      return { name, value: match === null ? undefined : unsigned(match[1]!) };
    });
}

/** The newline included. What is longer is read as several lines, as netstat's buffer does. */
const LINE_BYTES = 1023;

/** Lines `Name value`: /proc/net/snmp6. */
export function parseCounterLines(bytes: Uint8Array): CounterEntry[] {
  return shortLinesOf(bytes).map((line) => {
    const match = NAME_AND_NUMBER.exec(upToNul(line));
    return { name: match?.[1], value: match?.[2] === undefined ? undefined : unsigned(match[2]) };
  });
}

/** Lines `Name value`: /proc/net/sctp/snmp. One without a second field is left out; a second field may be no number. */
export function parseSctpCounters(bytes: Uint8Array): NamedEntry[] {
  return shortLinesOf(bytes).flatMap((line) => {
    const match = NAME_AND_FIELD.exec(line);
    if (match === null) return [];
    const number = LEADING_NUMBER.exec(match[2]!);
    return { name: match[1]!, value: number === null ? undefined : unsigned(number[1]!) };
  });
}

function shortLinesOf(bytes: Uint8Array): string[] {
  const lines: string[] = [];
  for (let start = 0; start < bytes.length; ) {
    const newline = bytes.indexOf(NEWLINE, start);
    const end = Math.min(newline < 0 ? bytes.length : newline + 1, start + LINE_BYTES);
    const text = end === newline + 1 ? newline : end;
    lines.push(Buffer.from(bytes.buffer, bytes.byteOffset + start, text - start).toString('latin1'));
    start = end;
  }
  return lines;
}

const NEWLINE = 0x0a;
/** As strtoull(3) reads one, in the C locale. */
const NUMBER = '[ \\t\\v\\f\\r]*([+-]?\\d+)';
const LEADING_NUMBER = new RegExp(`^${NUMBER}`);
const NAME_AND_NUMBER = /^[ \t\v\f\r]*([^ \t\v\f\r]+)(?:[ \t\v\f\r]+([+-]?\d+))?/;
/** A NUL parts a name from its value as a blank does, and ends the value. */
const NAME_AND_FIELD = /^([^ \t\0]*)[ \t\0][ \t]*([^ \t\0][^\0]*)/;

function upToNul(line: string): string {
  const end = line.indexOf('\0');
  return end < 0 ? line : line.slice(0, end);
}

const MAX = 0xffff_ffff_ffff_ffffn;
const MAX_DIGITS = 20;

/** 64 bits: what is greater becomes the greatest, what is less than zero counts from there. */
function unsigned(text: string): bigint {
  const digits = text.replace(/^[+-]?0*/, '');
  const magnitude = digits.length > MAX_DIGITS ? MAX + 1n : BigInt(digits);
  if (magnitude > MAX) return MAX;
  return text.startsWith('-') ? BigInt.asUintN(64, -magnitude) : magnitude;
}
