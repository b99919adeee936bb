/** Bytes that separate what /proc/net prints. */
export const NEWLINE = 0x0a;
export const BLANK = 0x20;
export const COLON = 0x3a;
export const MINUS = 0x2d;
export const ZERO = 0x30;

const DIGITS = Uint8Array.from('0123456789ABCDEFabcdef', (digit) => digit.charCodeAt(0));
/** Value of a hexadecimal digit, by byte; negative for any other byte. */
const NIBBLE = new Int8Array(256).fill(-1);
for (const digit of DIGITS) NIBBLE[digit] = Number.parseInt(String.fromCharCode(digit), 16);

export function isHexDigit(byte: number | undefined): boolean {
  return byte !== undefined && NIBBLE[byte]! >= 0;
}

/** Value of two hexadecimal digits, by their bytes as a little-endian number; -1 where one of them is none. */
const PAIR = new Int16Array(65536).fill(-1);
for (const high of DIGITS) {
  for (const low of DIGITS) PAIR[low * 256 + high] = NIBBLE[high]! * 16 + NIBBLE[low]!;
}

/** Two hexadecimal digits at `at`; negative when one of them is none. */
export function hex2(text: DataView, at: number): number {
  return PAIR[text.getUint16(at, true)]!;
}

/** Four hexadecimal digits at `at`; negative when one of them is none. */
export function hex4(text: DataView, at: number): number {
  return (PAIR[text.getUint16(at, true)]! << 8) | PAIR[text.getUint16(at + 2, true)]!;
}

/**
 * Reads fields of any width from a line that a newline ends. The first field that is not there makes `ok` false for
 * good; numbers saturate at 2^32 - 1.
 */
export class FieldCursor {
  readonly bytes: Uint8Array;
  at: number;
  ok = true;

  constructor(bytes: Uint8Array, at: number) {
    this.bytes = bytes;
    this.at = at;
  }

  skipBlanks(): void {
    while (this.bytes[this.at] === BLANK) this.at++;
  }

  expect(byte: number): void {
    if (this.ok && this.bytes[this.at] === byte) this.at++;
    else this.ok = false;
  }

  /** Whether only blanks are left in the line. */
  atEnd(): boolean {
    this.skipBlanks();
    return this.bytes[this.at] === NEWLINE;
  }

  /** Blanks, if any, and a hexadecimal number. */
  hex(): number {
    this.skipBlanks();
    const start = this.at;
    let value = 0;
    for (let digit = this.#digit(16); digit >= 0; digit = this.#digit(16)) {
      value = Math.min(value * 16 + digit, 0xffffffff);
    }
    if (this.at === start) this.ok = false;
    return value;
  }

  /** Blanks, if any, and a decimal number; a negative one wraps as a 32-bit number does. */
  decimal(): number {
    this.skipBlanks();
    const negative = this.bytes[this.at] === MINUS;
    if (negative) this.at++;
    const start = this.at;
    let value = 0;
    for (let digit = this.#digit(10); digit >= 0; digit = this.#digit(10)) {
      value = Math.min(value * 10 + digit, 0xffffffff);
    }
    if (this.at === start) this.ok = false;
    return negative ? -value >>> 0 : value;
  }

  #digit(base: 10 | 16): number {
    const digit = this.ok ? NIBBLE[this.bytes[this.at] ?? 0]! : -1;
    if (digit < 0 || digit >= base) return -1;
    this.at++;
    return digit;
  }
}
