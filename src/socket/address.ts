import { Family } from './family.ts';

/** Bytes an address takes in a column. */
export const ADDRESS_BYTES = 16;

/**
 * The address at `offset` as text: a dotted quad for `Family.inet` rows, else what glibc's inet_ntop(3) writes
 * (`::ffff:10.0.0.1` stays one; no zone). Families without addresses read ''.
 */
export function addressText(bytes: Uint8Array, offset: number, family: number): string {
  if (family === Family.inet) return dottedQuad(bytes, offset + 12);
  if (family === Family.inet6) return inet6Text(bytes, offset);
  return '';
}

function dottedQuad(bytes: Uint8Array, at: number): string {
  return `${bytes[at]}.${bytes[at + 1]}.${bytes[at + 2]}.${bytes[at + 3]}`;
}

function inet6Text(bytes: Uint8Array, offset: number): string {
  const run = zeroRun(bytes, offset);
  const tail = hasQuadTail(bytes, offset, run) ? dottedQuad(bytes, offset + 12) : undefined;
  const groups: string[] = [];
  for (let group = 0; group < (tail === undefined ? 8 : 6); group++) {
    groups.push(((bytes[offset + 2 * group]! << 8) | bytes[offset + 2 * group + 1]!).toString(16));
  }
  if (tail !== undefined) groups.push(tail);
  if (run.length === 0) return groups.join(':');
  return `${groups.slice(0, run.start).join(':')}::${groups.slice(run.start + run.length).join(':')}`;
}

/** Groups of zeros that `::` stands for; length 0 when nothing is left out. */
export interface ZeroRun {
  readonly start: number;
  readonly length: number;
}

const NO_RUN: ZeroRun = { start: 8, length: 0 };

/** The longest run of at least two zero groups, the first of equals. */
export function zeroRun(bytes: Uint8Array, offset: number): ZeroRun {
  let best = NO_RUN;
  for (let start = 0; start < 8; start++) {
    let end = start;
    while (end < 8 && bytes[offset + 2 * end] === 0 && bytes[offset + 2 * end + 1] === 0) end++;
    if (end - start >= 2 && end - start > best.length) best = { start, length: end - start };
    if (end > start) start = end;
  }
  return best;
}

/** Whether inet_ntop(3) writes the last four bytes as a dotted quad: `::a.b.c.d` and `::ffff:a.b.c.d`. */
export function hasQuadTail(bytes: Uint8Array, offset: number, run: ZeroRun): boolean {
  if (run.start !== 0) return false;
  return run.length === 6 || isMappedInet4(bytes, offset);
}

/** Whether an IPv6 address is ::ffff:a.b.c.d. */
export function isMappedInet4(bytes: Uint8Array, offset: number): boolean {
  for (let i = 0; i < 10; i++) if (bytes[offset + i] !== 0) return false;
  return bytes[offset + 10] === 0xff && bytes[offset + 11] === 0xff;
}

/** Whether an address is the unspecified one of its family, `0.0.0.0` or `::`. */
export function isUnspecified(bytes: Uint8Array, offset: number, family: number): boolean {
  for (let i = family === Family.inet ? 12 : 0; i < ADDRESS_BYTES; i++) {
    if (bytes[offset + i] !== 0) return false;
  }
  return true;
}

/**
 * Reads a dotted quad, or the eight groups of hex digits that the kernel prints, or any IPv6 text with one `::`, into
 * the 16 bytes of a column (IPv4 as ::ffff:a.b.c.d). Gives the family; undefined for what is neither.
 */
export function parseAddress(text: string, into: Uint8Array, offset: number): number | undefined {
  into.fill(0, offset, offset + ADDRESS_BYTES);
  if (!text.includes(':')) {
    if (!parseQuad(text, into, offset + 12)) return undefined;
    into.fill(0xff, offset + 10, offset + 12);
    return Family.inet;
  }
  return parseInet6(text, into, offset) ? Family.inet6 : undefined;
}

function parseQuad(text: string, into: Uint8Array, at: number): boolean {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (match === null) return false;
  for (let i = 0; i < 4; i++) {
    const octet = Number(match[i + 1]);
    if (octet > 255) return false;
    into[at + i] = octet;
  }
  return true;
}

function parseInet6(text: string, into: Uint8Array, offset: number): boolean {
  const halves = text.split('::');
  if (halves.length > 2) return false;
  const head = groupsOf(halves[0]!, halves.length === 1);
  const tail = groupsOf(halves[1] ?? '', true);
  if (head === undefined || tail === undefined) return false;
  const left = 16 - head.length - tail.length;
  if (halves.length === 1 ? left !== 0 : left < 2) return false;
  into.set(head, offset);
  into.set(tail, offset + ADDRESS_BYTES - tail.length);
  return true;
}

/** The bytes of groups joined by colons; with `quad` the last one may be a dotted quad. */
function groupsOf(text: string, quad: boolean): number[] | undefined {
  if (text === '') return [];
  const bytes: number[] = [];
  const groups = text.split(':');
  for (const [index, group] of groups.entries()) {
    if (/^[0-9a-f]{1,4}$/i.test(group)) {
      const value = Number.parseInt(group, 16);
      bytes.push(value >> 8, value & 0xff);
    } else {
      const last = new Uint8Array(4);
      if (!quad || index !== groups.length - 1 || !parseQuad(group, last, 0)) return undefined;
      bytes.push(...last);
    }
  }
  return bytes;
}
