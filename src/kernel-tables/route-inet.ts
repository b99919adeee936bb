import { type RouteColumn, type RouteHeader, routeHeader } from './route-header.ts';
import { hexDigit, isBlank, RouteScanner } from './route-scanner.ts';

const TAB = 0x09;
const BLANK = 0x20;
const MINUS = 0x2d;
const ZERO = 0x30;

/** The columns of /proc/net/route, in their order. */
const COLUMNS: readonly RouteColumn[] = [
  { name: 'Iface', kind: 'interface' },
  { name: 'Destination', kind: 'address' },
  { name: 'Gateway', kind: 'address' },
  { name: 'Flags', kind: 'hex' },
  { name: 'RefCnt', kind: 'decimal' },
  { name: 'Use', kind: 'decimal' },
  { name: 'Metric', kind: 'decimal' },
  { name: 'Mask', kind: 'address' },
  { name: 'MTU', kind: 'decimal' },
  { name: 'Window', kind: 'decimal' },
  { name: 'IRTT', kind: 'decimal' },
];

export const ROUTE_INTERFACE_BYTES = 15;
export const ROUTE_ADDRESS_BYTES = 127;
/** Bytes of a line of a route table; a longer one is several. */
export const ROUTE_LINE_BYTES = 1022;

/** How the columns of /proc/net/route lie. */
export function inetRouteHeader(header: string): RouteHeader {
  return routeHeader(header, COLUMNS);
}

/**
 * A line of /proc/net/route; one object takes line after line. What a line lacks keeps the value of the line before,
 * for so netstat shows it; `fields` and `hasAddresses` tell. Integers have 32 bits and a sign.
 */
export class InetRouteLine {
  /** Fields understood, of 11; a usable line has at least 10. */
  fields = 0;
  /** Destination, Gateway and Mask are addresses, all three. */
  hasAddresses = false;
  /** Where the interface's name stands, valid as long as the bytes are. */
  bytes: Uint8Array = new Uint8Array(0);
  nameStart = 0;
  nameEnd = 0;
  /** Numbers in host order, without a sign. */
  destination = 0;
  gateway = 0;
  mask = 0;
  flags = 0;
  references = 0;
  use = 0;
  metric = 0;
  mtu = 0;
  window = 0;
  irtt = 0;
  readonly #scan = new RouteScanner();
  readonly #skips: readonly number[];
  readonly #hasKernelColumns: boolean;
  #column = 0;
  /** Where a line of the kernel's is being read. */
  #at = 0;
  #destinationStart = 0;
  #gatewayStart = 0;
  #maskStart = 0;

  /** `skips`: how the columns lie. */
  constructor(skips: readonly number[]) {
    this.#skips = skips;
    this.#hasKernelColumns = skips.every((count) => count === 0);
  }

  /** Takes the next line. Gives whether netstat would show it: enough fields, and flags that say `up`. */
  take(bytes: Uint8Array, start: number, end: number): boolean {
    this.bytes = bytes;
    this.hasAddresses = false;
    if (this.#hasKernelColumns && this.#takeKernelLine(start, end)) return (this.flags & RTF_UP) !== 0;
    this.#scan.open(bytes, start, end);
    this.#column = 0;
    this.fields = this.#scanFields();
    if (this.fields < 10) return false;
    if ((this.flags & RTF_UP) === 0) return false;
    this.#takeAddresses();
    return true;
  }

  /**
   * The short way for a line as kernels print it: a tab behind each column, eight digits an address, blanks at the end. Of
   * any other nothing is taken, and false given; what it takes is what the scanner would.
   */
  #takeKernelLine(start: number, end: number): boolean {
    const { bytes } = this;
    let at = start;
    while (bytes[at]! > BLANK) at++;
    const nameEnd = at;
    const length = nameEnd - start;
    if (length === 0 || length > ROUTE_INTERFACE_BYTES || bytes[at] !== TAB || bytes[at + 9] !== TAB)
      return false;
    const destination = inetAddressAt(bytes, at + 1);
    const gateway = inetAddressAt(bytes, at + 10);
    if (destination < 0 || gateway < 0 || bytes[at + 18] !== TAB) return false;
    this.#at = at + 19;
    const flags = this.#hexColumn();
    const references = this.#decimalColumn();
    const use = this.#decimalColumn();
    const metric = this.#decimalColumn();
    const mask = inetAddressAt(bytes, this.#at);
    if (mask < 0 || bytes[this.#at + 8] !== TAB) return false;
    this.#at += 9;
    const mtu = this.#decimalColumn();
    const window = this.#decimalColumn();
    const irtt = this.#decimalColumn();
    // The last column ends in a blank, or in the newline.
    if (Number.isNaN(flags + references + use + metric + mtu + window + irtt) || this.#at > end) return false;
    this.fields = 11;
    this.nameStart = start;
    this.nameEnd = nameEnd;
    this.flags = flags | 0;
    this.references = references | 0;
    this.use = use | 0;
    this.metric = metric | 0;
    this.mtu = mtu | 0;
    this.window = window | 0;
    this.irtt = irtt | 0;
    if ((flags & RTF_UP) === 0) return true;
    this.destination = destination;
    this.gateway = gateway;
    this.mask = mask;
    this.hasAddresses = true;
    return true;
  }

  /** Up to eight digits and what ends them; NaN where they are anything else. */
  #hexColumn(): number {
    const { bytes } = this;
    const start = this.#at;
    let at = start;
    let value = 0;
    for (let digit = hexDigit(bytes[at]!); digit >= 0; digit = hexDigit(bytes[++at]!))
      value = value * 16 + digit;
    this.#at = at + 1;
    return at > start && at - start <= 8 && isBlank(bytes[at]!) ? value : Number.NaN;
  }

  /** As `#hexColumn`, up to ten decimal digits, and a minus in front. */
  #decimalColumn(): number {
    const { bytes } = this;
    const isNegative = bytes[this.#at] === MINUS;
    const start = isNegative ? this.#at + 1 : this.#at;
    let at = start;
    let value = 0;
    for (let digit = bytes[at]! - ZERO; digit >= 0 && digit < 10; digit = bytes[++at]! - ZERO) {
      value = value * 10 + digit;
    }
    this.#at = at + 1;
    if (at === start || at - start > 10 || !isBlank(bytes[at]!)) return Number.NaN;
    return isNegative ? -value : value;
  }

  #scanFields(): number {
    const scan = this.#scan;
    if (!this.#skip() || !scan.word(ROUTE_INTERFACE_BYTES)) return 0;
    this.nameStart = scan.wordStart;
    this.nameEnd = scan.wordEnd;
    if (!this.#skip() || !scan.word(ROUTE_ADDRESS_BYTES)) return 1;
    this.#destinationStart = scan.wordStart;
    if (!this.#skip() || !scan.word(ROUTE_ADDRESS_BYTES)) return 2;
    this.#gatewayStart = scan.wordStart;
    if (!this.#skip() || !scan.hex()) return 3;
    this.flags = scan.number;
    if (!this.#decimal()) return 4;
    this.references = scan.number;
    if (!this.#decimal()) return 5;
    this.use = scan.number;
    if (!this.#decimal()) return 6;
    this.metric = scan.number;
    if (!this.#skip() || !scan.word(ROUTE_ADDRESS_BYTES)) return 7;
    this.#maskStart = scan.wordStart;
    if (!this.#decimal()) return 8;
    this.mtu = scan.number;
    if (!this.#decimal()) return 9;
    this.window = scan.number;
    if (!this.#decimal()) return 10;
    this.irtt = scan.number;
    return 11;
  }

  #decimal(): boolean {
    return this.#skip() && this.#scan.decimal();
  }

  /** Passes over the unknown columns in front of the next one. */
  #skip(): boolean {
    for (let left = this.#skips[this.#column++]!; left > 0; left--) {
      if (!this.#scan.word(Number.POSITIVE_INFINITY)) return false;
    }
    return true;
  }

  #takeAddresses(): void {
    const destination = inetAddressAt(this.bytes, this.#destinationStart);
    const gateway = inetAddressAt(this.bytes, this.#gatewayStart);
    const mask = inetAddressAt(this.bytes, this.#maskStart);
    if (destination >= 0) this.destination = destination;
    if (gateway >= 0) this.gateway = gateway;
    if (mask >= 0) this.mask = mask;
    this.hasAddresses = destination >= 0 && gateway >= 0 && mask >= 0;
  }
}

const RTF_UP = 0x1;

/**
 * An IPv4 address that the kernel has printed as the number in its memory, eight digits, which are the last byte's first
 * where the first byte is the least: as a number in host order. -1 for what is none.
 */
export function inetAddressAt(bytes: Uint8Array, at: number): number {
  if (at + 8 > bytes.length) return -1;
  let bad = 0;
  let value = 0;
  for (let byte = 6; byte >= 0; byte -= 2) {
    const octet = (hexDigit(bytes[at + byte]!) << 4) | hexDigit(bytes[at + byte + 1]!);
    bad |= octet;
    value = (value << 8) | octet;
  }
  return bad < 0 ? -1 : value >>> 0;
}
