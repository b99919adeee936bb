import type { ByteWriter } from './byte-writer.ts';
import { portLength, putPort, putQuad } from './digits.ts';
import { keptOfAddress, keptOfPort } from './netstat-quirks.ts';

const COLON = 0x3a;
const STAR = 0x2a;
const BLANK = 0x20;
const BLANKS = 0x20202020;
/** Bytes of the cell that `-W` does not ask for. */
const CELL = 23;
/** Bytes of an address beside which every port has room. */
const SHORT = CELL - ':65535'.length;

/** An IPv4 address column's text at `at`; gives the position after it. */
export function putInet4(view: DataView, at: number, addresses: DataView, offset: number): number {
  return putQuad(view, at, addresses.getInt32(offset + 12));
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
  if (end - start <= SHORT) {
    putPortText(view, end, port);
    return start + CELL;
  }
  const over = Math.max(0, end + 1 + portLength(port) - start - CELL);
  if (over > 0 && wide) return cutWide(out, start, putPortText(view, end, port));
  // Bytes of the address go, from its end on, and no mark tells.
  putPortText(view, end - over, port);
  for (let at = start + CELL; at < end; at += 4) view.setUint32(at, BLANKS, true);
  return start + CELL;
}

/** `:port` at `at`; gives the position after it. */
function putPortText(view: DataView, at: number, port: number): number {
  view.setUint8(at, COLON);
  if (port !== 0) return putPort(view, at + 1, port);
  view.setUint8(at + 1, STAR);
  return at + 2;
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
