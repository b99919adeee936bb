import { hasQuadTail, isMappedInet4, zeroRun } from '../socket/address.ts';
import type { ByteWriter } from './byte-writer.ts';
import { putDottedQuad, putHexGroup, putPort } from './digits.ts';
import { keptOfAddress, keptOfPort } from './netstat-quirks.ts';

const COLON = 0x3a;
const STAR = 0x2a;
const BLANK = 0x20;
/** Bytes of the cell that `-W` does not ask for. */
const CELL = 23;

/** An IPv4 address column's text at `at`; gives the position after it. */
export function putInet4(view: DataView, at: number, addresses: Uint8Array, offset: number): number {
  return putDottedQuad(view, at, addresses, offset + 12);
}

/** An IPv6 address as netstat shows it: a mapped IPv4 address as that, everything else as inet_ntop(3). */
export function putInet6(
  view: DataView,
  start: number,
  addresses: Uint8Array,
  offset: number,
  numericHosts: boolean,
): number {
  if (isMappedInet4(addresses, offset)) return putDottedQuad(view, start, addresses, offset + 12);
  const run = zeroRun(addresses, offset);
  if (run.length === 8 && !numericHosts) return putUnspecifiedName(view, start);
  const quad = hasQuadTail(addresses, offset, run);
  let at = start;
  for (let group = 0; group < (quad ? 6 : 8); group++) {
    if (group === run.start) {
      view.setUint8(at++, COLON);
      if (group === 0) view.setUint8(at++, COLON);
      group += run.length - 1;
      continue;
    }
    at = putHexGroup(view, at, addresses[offset + 2 * group]!, addresses[offset + 2 * group + 1]!);
    if (group < 7) view.setUint8(at++, COLON);
  }
  return quad ? putDottedQuad(view, at, addresses, offset + 12) : at;
}

function putUnspecifiedName(view: DataView, at: number): number {
  view.setUint32(at, 0x5d3a3a5b, true); // `[::]`
  return at + 4;
}

/**
 * `address:port`, whose address stands already in `out` from `out.length` to `end`. `name` stands for the port where it
 * has one; 0 reads `*`. Gives the position after the cell, which is 23 bytes wide, or more with `wide`.
 */
export function putAddressCell(
  out: ByteWriter,
  start: number,
  end: number,
  port: number,
  name: Uint8Array | undefined,
  wide: boolean,
): number {
  const { view } = out;
  if (name !== undefined) return putNamedCell(out, start, end, name, wide);
  view.setUint8(end, COLON);
  let at = end + 2;
  if (port === 0) view.setUint8(end + 1, STAR);
  else at = putPort(view, end + 1, port);
  const over = at - start - CELL;
  if (over <= 0) return start + CELL;
  if (wide) return cutWide(out, start, at);
  out.buffer.copyWithin(end - over, end, at);
  out.buffer.fill(BLANK, start + CELL, at);
  return start + CELL;
}

function putNamedCell(out: ByteWriter, start: number, end: number, name: Uint8Array, wide: boolean): number {
  const { buffer } = out;
  let colon = end;
  let letters = name.length;
  if (!wide && end - start + letters >= CELL) {
    colon = Math.min(end, start + keptOfAddress(letters));
    letters = keptOfPort(letters);
    buffer.fill(BLANK, colon, end);
  }
  buffer[colon] = COLON;
  for (let i = 0; i < letters; i++) buffer[colon + 1 + i] = name[i]!;
  return cutWide(out, start, Math.max(start + CELL, colon + 1 + letters));
}

/** Bytes of a cell that has all the room it wants. Seen: a host's name of 127 bytes loses its port. */
const MOST = 127;

function cutWide(out: ByteWriter, start: number, end: number): number {
  if (end - start <= MOST) return end;
  out.buffer.fill(BLANK, start + MOST, end);
  return start + MOST;
}
