const NEWLINE = 0x0a;
const BLANK = 0x20;
const PLUS = 0x2b;
const MINUS = 0x2d;
const ZERO = 0x30;
const LOWER_X = 0x78;
const MAX_LONG = 2n ** 63n - 1n;
const MAX_UNSIGNED_LONG = 2n ** 64n - 1n;
/** Digits that fit into a safe integer, decimal or hexadecimal. */
const SAFE_DIGITS = 13;

/**
 * Reads a line field by field, as scanf(3) does, for a kernel table is what its readers have long taken it for. Blanks in
 * front of a field do not count; a NUL ends the line. A field that is not there makes the method give false, and the
 * fields behind it are not there either.
 */
export class RouteScanner {
  bytes: Uint8Array = new Uint8Array(0);
  /** Where the last word begins and ends. */
  wordStart = 0;
  wordEnd = 0;
  /** The last number, and whether a minus stood in front of it. */
  number = 0;
  isNegative = false;
  #position = 0;
  #end = 0;

  /** Begins a line. */
  open(bytes: Uint8Array, start: number, end: number): void {
    this.bytes = bytes;
    this.#position = start;
    this.#end = end;
  }

  /** A word, at most `limit` bytes of it. */
  word(limit: number): boolean {
    const { bytes } = this;
    let at = this.#skipBlanks();
    this.wordStart = at;
    const end = Math.min(this.#end, at + limit);
    while (at < end && bytes[at] !== 0 && !isBlank(bytes[at]!)) at++;
    this.wordEnd = this.#position = at;
    return at > this.wordStart;
  }

  /** Where the next `length` bytes stand, all of them in one word; -1 where they do not, and nothing is read. */
  solid(length: number): number {
    const { bytes } = this;
    const start = this.#skipBlanks();
    const end = start + length;
    if (end > this.#end) return -1;
    for (let at = start; at < end; at++) if (bytes[at] === 0 || isBlank(bytes[at]!)) return -1;
    this.#position = end;
    return start;
  }

  /** A decimal number: what %d makes of it, 32 bits with a sign, whatever its length. */
  decimal(): boolean {
    const start = this.#skipBlanks();
    let at = this.#afterSign(start, this.#end);
    const digits = at;
    let value = 0;
    for (; at < this.#end && isDigit(this.bytes[at]!); at++) value = value * 10 + this.bytes[at]! - ZERO;
    this.#position = at;
    if (at === digits) return false;
    const negative = this.bytes[start] === MINUS;
    this.isNegative = negative;
    if (at - digits <= SAFE_DIGITS) this.number = (negative ? -value : value) | 0;
    else this.number = longAsInt(BigInt(this.#text(digits, at)), negative);
    return true;
  }

  /** A hexadecimal number of at most `limit` bytes, 32 bits with a sign, as %x has it; `0x` may stand in front. */
  hex(limit = Number.POSITIVE_INFINITY): boolean {
    const start = this.#skipBlanks();
    const end = Math.min(this.#end, start + limit);
    let at = this.#afterSign(start, end);
    let digits = at;
    let value = 0;
    if (at + 1 < end && this.bytes[at] === ZERO && (this.bytes[at + 1]! | 0x20) === LOWER_X) {
      digits = at + 1;
      at += 2;
    }
    for (; at < end; at++) {
      const digit = hexDigit(this.bytes[at]!);
      if (digit < 0) break;
      value = value * 16 + digit;
    }
    this.#position = at;
    if (at === digits) return false;
    const negative = this.bytes[start] === MINUS;
    this.isNegative = negative;
    if (at - digits <= SAFE_DIGITS) this.number = low32(value, negative);
    else this.number = this.#longHex(digits, at, negative);
    return true;
  }

  #longHex(start: number, end: number, negative: boolean): number {
    const text = this.#text(start, end).replace(/^[xX]/, '0');
    const value = BigInt(`0x${text}`);
    if (value > MAX_UNSIGNED_LONG) return -1;
    return Number(BigInt.asIntN(32, negative ? -value : value));
  }

  #afterSign(at: number, end: number): number {
    return at < end && (this.bytes[at] === MINUS || this.bytes[at] === PLUS) ? at + 1 : at;
  }

  #skipBlanks(): number {
    let at = this.#position;
    while (at < this.#end && isBlank(this.bytes[at]!)) at++;
    this.#position = at;
    return at;
  }

  #text(start: number, end: number): string {
    return Buffer.from(this.bytes.buffer, this.bytes.byteOffset + start, end - start).toString('latin1');
  }
}

/** The low 32 bits of a whole number below 2^53. */
function low32(value: number, negative: boolean): number {
  const bits = (value % 0x1_0000_0000) | 0;
  return negative ? -bits | 0 : bits;
}

/** What int holds of a long that strtol(3) has cut to its range. */
function longAsInt(value: bigint, negative: boolean): number {
  if (value > MAX_LONG) return negative ? 0 : -1;
  return Number(BigInt.asIntN(32, negative ? -value : value));
}

export function isBlank(byte: number): boolean {
  return byte === BLANK || (byte >= 0x09 && byte <= 0x0d);
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= 0x39;
}

const HEX_VALUES = new Int8Array(256).fill(-1);
for (const digit of '0123456789ABCDEFabcdef') {
  HEX_VALUES[digit.charCodeAt(0)] = Number.parseInt(digit, 16);
}

/** The value of a hexadecimal digit, -1 for what is none. */
export function hexDigit(byte: number): number {
  return HEX_VALUES[byte]!;
}

/** What atoi(3) makes of the bytes from `start` on. */
export function leadingInteger(bytes: Uint8Array, start: number, end = bytes.length): number {
  const scanner = new RouteScanner();
  scanner.open(bytes, start, end);
  return scanner.decimal() ? scanner.number : 0;
}

/** Gets a line: where it stands in `bytes`, its newline included, if it has one. */
export type TakeLine = (bytes: Uint8Array, start: number, end: number) => void;

/**
 * Cuts a text that comes in pieces into lines, as fgets(3) does: what is longer than `limit` bytes is several lines.
 */
export class RouteLines {
  readonly #take: TakeLine;
  readonly #held: Uint8Array;
  #length = 0;

  constructor(take: TakeLine, limit: number) {
    this.#take = take;
    this.#held = new Uint8Array(limit);
  }

  /** Takes a piece; its bytes are not held. */
  add(piece: Uint8Array): void {
    for (let at = 0; at < piece.length; ) {
      const room = this.#held.length - this.#length;
      const newline = piece.indexOf(NEWLINE, at);
      const isWhole = newline >= 0 && newline - at < room;
      const end = isWhole ? newline + 1 : Math.min(piece.length, at + room);
      if (this.#length === 0 && (isWhole || end - at === room)) this.#take(piece, at, end);
      else this.#hold(piece.subarray(at, end), isWhole);
      at = end;
    }
  }

  /** The text is over; what is left is a line. */
  end(): void {
    if (this.#length > 0) this.#take(this.#held, 0, this.#length);
    this.#length = 0;
  }

  #hold(bytes: Uint8Array, isWhole: boolean): void {
    this.#held.set(bytes, this.#length);
    this.#length += bytes.length;
    if (isWhole || this.#length === this.#held.length) this.end();
  }
}
