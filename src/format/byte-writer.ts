import { decimalLength, putDecimal } from './digits.ts';

const BLANK = 0x20;
/** Four-byte stores of the `put` functions may reach this far past the text they write. */
const SLACK = 8;
/** Fits a level of cache that each core has for itself. */
const USUAL_BYTES = 65_536;
/** From here on a system call costs less than a copy. */
const MANY = 16_384;

/**
 * Gathers output in one array that is used again and again. `flush` gets what has gathered and has to be done with it
 * when it returns: the bytes are overwritten afterwards.
 *
 * All bytes from `length` on are blanks, always. So padding is adding to `length`, and code that stores into `buffer`
 * may leave blanks, and nothing else, past the `length` that it sets.
 */
export class ByteWriter {
  readonly buffer: Uint8Array<ArrayBuffer>;
  /** The same bytes as `buffer`: four-byte stores through it are one instruction each. */
  readonly view: DataView<ArrayBuffer>;
  /** Bytes that have gathered since the last flush. */
  length = 0;
  readonly #flush: (bytes: Uint8Array) => void;
  readonly #limit: number;

  constructor(flush: (bytes: Uint8Array) => void, capacity = USUAL_BYTES) {
    this.buffer = new Uint8Array(capacity + SLACK).fill(BLANK);
    this.view = new DataView(this.buffer.buffer);
    this.#flush = flush;
    this.#limit = capacity;
  }

  /** Makes room for `bytes` more, at most `capacity`; may flush, so `length` is to be read afterwards. */
  reserve(bytes: number): void {
    if (this.length + bytes <= this.#limit) return;
    if (bytes > this.#limit) throw new RangeError(`${bytes} bytes do not fit into ${this.#limit}`);
    this.flush();
  }

  /** Hands over what has gathered, if anything. */
  flush(): void {
    if (this.length === 0) return;
    const end = this.length;
    this.length = 0;
    try {
      this.#flush(this.buffer.subarray(0, end));
    } finally {
      this.buffer.fill(BLANK, 0, end);
    }
  }

  /** Text of characters below 256, one byte each. */
  ascii(text: string): void {
    this.reserve(text.length);
    for (let i = 0; i < text.length; i++) this.buffer[this.length + i] = text.charCodeAt(i);
    this.length += text.length;
  }

  /** Bytes of any number; many of them go to `flush` as they are. */
  bytes(bytes: Uint8Array, start = 0, end: number = bytes.length): void {
    const count = end - start;
    if (count >= MANY || count > this.#limit) {
      this.flush();
      this.#flush(bytes.subarray(start, end));
      return;
    }
    this.reserve(count);
    const { buffer, length } = this;
    for (let i = 0; i < count; i++) buffer[length + i] = bytes[start + i]!;
    this.length = length + count;
  }

  byte(value: number): void {
    this.reserve(1);
    this.buffer[this.length++] = value;
  }

  blanks(count: number): void {
    this.reserve(count);
    this.length += count;
  }

  /** An integer 0 .. 2^53 - 1. */
  decimal(value: number): void {
    this.reserve(16);
    this.length = putDecimal(this.view, this.length, value);
  }

  /** As `decimal`, blanks in front up to `width`. */
  decimalRight(value: number, width: number): void {
    this.blanks(Math.max(0, width - decimalLength(value)));
    this.decimal(value);
  }

  /** As `decimal`, blanks behind up to `width`. */
  decimalLeft(value: number, width: number): void {
    this.decimal(value);
    this.blanks(Math.max(0, width - decimalLength(value)));
  }

  /** As `ascii`, blanks behind up to `width`; longer text stays whole. */
  left(text: string, width: number): void {
    this.ascii(text);
    this.blanks(Math.max(0, width - text.length));
  }

  /** As `bytes`, blanks behind up to `width`; more bytes stay whole. */
  bytesLeft(bytes: Uint8Array, width: number): void {
    this.bytes(bytes);
    this.blanks(Math.max(0, width - bytes.length));
  }
}
