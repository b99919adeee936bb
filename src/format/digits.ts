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

/** Tables are filled without strings, of which a start of the program would feel each thousand. */
const ZERO = 0x30;
const BLANK = 0x20;
const DOT = 0x2e;
const BLANKS = 0x20202020;

/** 0 .. 999 as they are read, and with zeros in front up to three digits. */
const PLAIN = new Uint32Array(1000);
const ZEROS = new Uint32Array(1000);
for (let hundreds = 0, n = 0; hundreds < 10; hundreds++) {
  for (let tens = 0; tens < 10; tens++) {
    for (let ones = 0; ones < 10; ones++, n++) {
      const word = (BLANK << 24) | ((ZERO + ones) << 16) | ((ZERO + tens) << 8) | (ZERO + hundreds);
      ZEROS[n] = word;
      PLAIN[n] =
        n > 99 ? word : n > 9 ? (BLANK << 24) | (word >> 8) : (BLANK << 24) | (BLANK << 16) | (word >> 16);
    }
  }
}

/** 0 .. 255, each with a dot behind. */
const OCTET = new Uint32Array(256);
for (let n = 0; n < 256; n++) {
  const dotAt = n > 99 ? 24 : n > 9 ? 16 : 8;
  OCTET[n] = PLAIN[n]! ^ ((BLANK ^ DOT) << dotAt);
}

/** 0 .. 255 as two digits of hex, each byte in the first half of the word, the text's difference from blanks. */
const HEX = new Uint32Array(256);
for (let n = 0; n < 256; n++) {
  HEX[n] = ((hexDigit(n & 15) ^ BLANK) << 8) | (hexDigit(n >> 4) ^ BLANK);
}

function hexDigit(n: number): number {
  return n < 10 ? ZERO + n : 0x61 - 10 + n;
}

/** Digits of an integer 0 .. 2^53 - 1. */
export function decimalLength(n: number): number {
  if (n < 10) return 1;
  if (n < 100) return 2;
  if (n < 1000) return 3;
  return 3 + decimalLength(Math.floor(n / 1000));
}

/** As `decimalLength`, 0 .. 65535; the fast one. */
export function portLength(n: number): number {
  if (n < 1000) return n < 10 ? 1 : n < 100 ? 2 : 3;
  return n < 10_000 ? 4 : 5;
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
  return at + plainLength(n);
}

/** Digits of 0 .. 999, by signs: of octets, no branch can be foretold. */
function plainLength(n: number): number {
  return 1 + ((9 - n) >>> 31) + ((99 - n) >>> 31);
}

/** Two digits, 0 .. 99. */
export function putPair(view: DataView, at: number, n: number): number {
  view.setUint8(at, 48 + ((n / 10) | 0));
  view.setUint8(at + 1, 48 + (n % 10));
  return at + 2;
}

/** A number as a dotted quad, its highest byte first. */
export function putQuad(view: DataView, start: number, address: number): number {
  let at = putOctet(view, start, address >>> 24);
  at = putOctet(view, at, (address >>> 16) & 0xff);
  at = putOctet(view, at, (address >>> 8) & 0xff);
  return putPlain(view, at, address & 0xff);
}

function putOctet(view: DataView, at: number, n: number): number {
  view.setUint32(at, OCTET[n]!, true);
  return at + plainLength(n) + 1;
}

/** 0 .. 65535 as lower-case hex without zeros in front. */
export function putHexGroup(view: DataView, at: number, n: number): number {
  // Shifted out of the word, zeros in front leave zeros behind the text, and these are blanks by the exclusive or.
  const digits = (35 - Math.clz32(n | 1)) >> 2;
  const text = (HEX[n >> 8]! | (HEX[n & 0xff]! << 16)) >>> (32 - 8 * digits);
  view.setUint32(at, text ^ BLANKS, true);
  return at + digits;
}
