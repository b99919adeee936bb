/** The limits of C's long and unsigned long, at which its conversions stop. */
const LONG_MAX = 2n ** 63n - 1n;
const LONG_MIN = -(2n ** 63n);
const ULONG_MAX = 2n ** 64n - 1n;

const BLANKS = /[ \t\n\v\f\r]*/y;
const DECIMAL = /[+-]?[0-9]+/y;
const HEX = /([+-]?)(?:0[xX])?([0-9a-fA-F]+)/y;

/**
 * Takes the fields of a line one after the other, as C's sscanf(3) does: blanks before a field are passed over, a number
 * ends where its digits end, and one that is too large stops at the limit of its type. A field that is not there is
 * undefined, and so is every field after it.
 */
export class LineScanner {
  readonly #line: string;
  #at: number;
  #failed = false;

  constructor(line: string, start = 0) {
    this.#line = line;
    this.#at = start;
  }

  /** A word of at most `most` bytes. */
  word(most?: number): string | undefined {
    return this.#take(/[^ \t\n\v\f\r]+/y, most);
  }

  /** Up to `most` hexadecimal digits, as text. */
  hexDigits(most: number): string | undefined {
    return this.#take(/[0-9a-fA-F]+/y, most);
  }

  /** A decimal number, cut to 32 bits as an int is. */
  int(): number | undefined {
    const digits = this.#take(DECIMAL);
    if (digits === undefined) return undefined;
    const value = BigInt(digits.replace('+', ''));
    const long = value > LONG_MAX ? LONG_MAX : value < LONG_MIN ? LONG_MIN : value;
    return Number(BigInt.asIntN(32, long));
  }

  /** A hexadecimal number, as an unsigned long holds it. */
  hex(): bigint | undefined {
    const text = this.#take(HEX);
    return text === undefined ? undefined : unsignedLong(text);
  }

  /** A character that has to stand right here. */
  mark(character: string): boolean {
    if (this.#line[this.#at] !== character) this.#failed = true;
    else this.#at++;
    return !this.#failed;
  }

  /** What is left behind the blanks, at most `most` bytes of it. */
  rest(most: number): string | undefined {
    return this.#take(/[\s\S]+/y, most);
  }

  /** Of a longer field only `most` bytes: the next one begins within it. */
  #take(field: RegExp, most = this.#line.length): string | undefined {
    if (this.#failed) return undefined;
    BLANKS.lastIndex = this.#at;
    BLANKS.exec(this.#line);
    const begin = BLANKS.lastIndex;
    field.lastIndex = begin;
    const match = field.exec(this.#line);
    if (match === null) {
      this.#failed = true;
      return undefined;
    }
    this.#at = Math.min(field.lastIndex, begin + most);
    return this.#line.slice(begin, this.#at);
  }
}

/** The number that a text begins with in hexadecimal, as C's strtoul(3) reads it, and where it ends; 0 at 0 for none. */
export function leadingHex(text: string): { readonly value: bigint; readonly end: number } {
  HEX.lastIndex = 0;
  const match = HEX.exec(text);
  return match === null ? { value: 0n, end: 0 } : { value: unsignedLong(match[0]), end: HEX.lastIndex };
}

/** `text`: what HEX matches. */
function unsignedLong(text: string): bigint {
  HEX.lastIndex = 0;
  const [, sign, digits] = HEX.exec(text)!;
  const value = BigInt(`0x${digits}`);
  if (value > ULONG_MAX) return ULONG_MAX;
  return sign === '-' ? BigInt.asUintN(64, -value) : value;
}
