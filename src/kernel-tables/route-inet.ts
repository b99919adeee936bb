import { type RouteColumn, type RouteHeader, routeHeader } from './route-header.ts';
import { hexDigit, RouteScanner } from './route-scanner.ts';

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
  #column = 0;
  #destinationStart = 0;
  #gatewayStart = 0;
  #maskStart = 0;

  /** `skips`: how the columns lie. */
  constructor(skips: readonly number[]) {
    this.#skips = skips;
  }

  /** Takes the next line. Gives whether netstat would show it: enough fields, and flags that say `up`. */
  take(bytes: Uint8Array, start: number, end: number): boolean {
    const scan = this.#scan;
    scan.open(bytes, start, end);
    this.bytes = bytes;
    this.#column = 0;
    this.fields = this.#scanFields();
    this.hasAddresses = false;
    if (this.fields < 10) return false;
    if ((this.flags & RTF_UP) === 0) return false;
    this.#takeAddresses();
    return true;
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
  let value = 0;
  for (let byte = 6; byte >= 0; byte -= 2) {
    const high = hexDigit(bytes[at + byte] ?? 0);
    const low = hexDigit(bytes[at + byte + 1] ?? 0);
    if (high < 0 || low < 0) return -1;
    value = value * 256 + high * 16 + low;
  }
  return value;
}
