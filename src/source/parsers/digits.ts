/** Bytes that separate what /proc/net prints. */
export const NEWLINE = 0x0a;
export const BLANK = 0x20;
export const COLON = 0x3a;
export const MINUS = 0x2d;
export const ZERO = 0x30;

/** Value of a hexadecimal digit, by byte; negative for any other byte, and so is every OR of shifted values it enters. */
const NIBBLE = new Int8Array(256).fill(-1);
for (let value = 0; value < 16; value++) {
  NIBBLE[value.toString(16).charCodeAt(0)] = value;
  NIBBLE[value.toString(16).toUpperCase().charCodeAt(0)] = value;
}

export function isHexDigit(byte: number | undefined): boolean {
  return byte !== undefined && NIBBLE[byte]! >= 0;
}

/** Two hexadecimal digits at `at`; negative when one of them is none. */
export function hex2(bytes: Uint8Array, at: number): number {
  return (NIBBLE[bytes[at]!]! << 4) | NIBBLE[bytes[at + 1]!]!;
}

/** Four hexadecimal digits at `at`; negative when one of them is none. */
export function hex4(bytes: Uint8Array, at: number): number {
  return (
    (NIBBLE[bytes[at]!]! << 12) |
    (NIBBLE[bytes[at + 1]!]! << 8) |
    (NIBBLE[bytes[at + 2]!]! << 4) |
    NIBBLE[bytes[at + 3]!]!
  );
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
