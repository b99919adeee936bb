/**
 * Numbers as text by table look-up. Every `put` function stores at `at`, may leave blanks for some bytes past what it
 * wrote, and returns the position after the text.
 */

/** Four bytes of text as the number that a little-endian store of 32 bits wants; shorter text is followed by blanks. */
export function packed(text: string, start = 0): number {
  let word = 0;
  for (let i = 3; i >= 0; i--) {
    const code = start + i < text.length ? text.charCodeAt(start + i) : 0x20;
    word = (word << 8) | code;
  }
  return word >>> 0;
}

function table(size: number, text: (n: number) => string): Uint32Array {
  return Uint32Array.from({ length: size }, (_, n) => packed(text(n)));
}

/** 0 .. 999 as they are read, and with zeros in front up to three digits. */
const PLAIN: Uint32Array = table(1000, String);
const ZEROS: Uint32Array = table(1000, (n) => String(n).padStart(3, '0'));
/** 0 .. 255, each with a dot behind. */
const OCTET: Uint32Array = table(256, (n) => `${n}.`);
const HEX: Uint32Array = table(256, (n) => n.toString(16));
const HEX_ZEROS: Uint32Array = table(256, (n) => n.toString(16).padStart(2, '0'));

/** Digits of an integer 0 .. 2^53 - 1. */
export function decimalLength(n: number): number {
  if (n < 10) return 1;
  if (n < 100) return 2;
  if (n < 1000) return 3;
  return 3 + decimalLength(Math.floor(n / 1000));
}

/** An integer 0 .. 2^53 - 1. */
export function putDecimal(view: DataView, at: number, n: number): number {
  if (n < 1000) return putPlain(view, at, n);
  const thousands = Math.floor(n / 1000);
  const end = putDecimal(view, at, thousands);
  view.setUint32(end, ZEROS[n - thousands * 1000]!, true);
  return end + 3;
}

/** 0 .. 65535; the fast one. */
export function putPort(view: DataView, at: number, n: number): number {
  if (n < 1000) return putPlain(view, at, n);
  const thousands = (n / 1000) | 0;
  const end = putPlain(view, at, thousands);
  view.setUint32(end, ZEROS[n - thousands * 1000]!, true);
  return end + 3;
}

function putPlain(view: DataView, at: number, n: number): number {
  view.setUint32(at, PLAIN[n]!, true);
  return at + (n < 10 ? 1 : n < 100 ? 2 : 3);
}

/** Two digits, 0 .. 99. */
export function putPair(view: DataView, at: number, n: number): number {
  view.setUint8(at, 48 + ((n / 10) | 0));
  view.setUint8(at + 1, 48 + (n % 10));
  return at + 2;
}

/** The four bytes at `offset` as a dotted quad. */
export function putDottedQuad(view: DataView, start: number, bytes: Uint8Array, offset: number): number {
  let at = putOctet(view, start, bytes[offset]!);
  at = putOctet(view, at, bytes[offset + 1]!);
  at = putOctet(view, at, bytes[offset + 2]!);
  return putPlain(view, at, bytes[offset + 3]!);
}

function putOctet(view: DataView, at: number, n: number): number {
  view.setUint32(at, OCTET[n]!, true);
  return at + (n < 10 ? 2 : n < 100 ? 3 : 4);
}

/** Two bytes as lower-case hex without zeros in front. */
export function putHexGroup(view: DataView, at: number, high: number, low: number): number {
  if (high === 0) {
    view.setUint32(at, HEX[low]!, true);
    return at + (low < 16 ? 1 : 2);
  }
  view.setUint32(at, HEX[high]!, true);
  const middle = at + (high < 16 ? 1 : 2);
  view.setUint32(middle, HEX_ZEROS[low]!, true);
  return middle + 2;
}
