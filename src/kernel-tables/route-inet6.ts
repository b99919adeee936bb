import { parseAddress } from '../socket/address.ts';
import { Family } from '../socket/family.ts';
import { ROUTE_INTERFACE_BYTES } from './route-inet.ts';
import { hexDigit, RouteScanner } from './route-scanner.ts';

const GROUPS = 8;
const GROUP_BYTES = 4;
const TEXT_BYTES = GROUPS * GROUP_BYTES;

/**
 * An IPv6 address as netstat gathers it from a line: eight groups of at most four bytes, each where the last line that had
 * it left it. `bytes` keeps the last address that the groups made.
 */
export class GatheredAddress {
  /** The address; zeros before the first. */
  readonly bytes = new Uint8Array(16);
  readonly #text = new Uint8Array(TEXT_BYTES);
  readonly #lengths = new Uint8Array(GROUPS);
  readonly #parsed = new Uint8Array(16);

  /** Reads the groups; false where the line ends before the last. */
  scan(scanner: RouteScanner): boolean {
    const start = scanner.solid(TEXT_BYTES);
    if (start >= 0) {
      for (let at = 0; at < TEXT_BYTES; at++) this.#text[at] = scanner.bytes[start + at]!;
      this.#lengths.fill(GROUP_BYTES);
      return true;
    }
    for (let group = 0; group < GROUPS; group++) {
      if (!scanner.word(GROUP_BYTES)) return false;
      const { bytes, wordStart, wordEnd } = scanner;
      for (let at = wordStart; at < wordEnd; at++)
        this.#text[group * GROUP_BYTES + at - wordStart] = bytes[at]!;
      this.#lengths[group] = wordEnd - wordStart;
    }
    return true;
  }

  /** Makes the address anew; false where the groups are none, and `bytes` stays. */
  settle(): boolean {
    if (this.#settleWhole()) return true;
    const groups = Array.from(this.#lengths, (length, group) => {
      const start = group * GROUP_BYTES;
      return Buffer.from(this.#text.subarray(start, start + length)).toString('latin1');
    });
    if (parseAddress(groups.join(':'), this.#parsed, 0) !== Family.inet6) return false;
    this.bytes.set(this.#parsed);
    return true;
  }

  /** As the kernel prints it: 32 digits. */
  #settleWhole(): boolean {
    for (let group = 0; group < GROUPS; group++) if (this.#lengths[group] !== GROUP_BYTES) return false;
    for (let at = 0; at < 16; at++) {
      const high = hexDigit(this.#text[2 * at]!);
      const low = hexDigit(this.#text[2 * at + 1]!);
      if (high < 0 || low < 0) return false;
      this.#parsed[at] = high * 16 + low;
    }
    this.bytes.set(this.#parsed);
    return true;
  }
}

/**
 * A line of /proc/net/ipv6_route; one object takes line after line. What a line lacks keeps the value of the line before,
 * for so netstat shows it. Integers have 32 bits and a sign.
 */
export class Inet6RouteLine {
  /** The last line had every field. */
  hasFields = false;
  readonly destination = new GatheredAddress();
  readonly source = new GatheredAddress();
  readonly nextHop = new GatheredAddress();
  prefixLength = 0;
  sourcePrefixLength = 0;
  metric = 0;
  references = 0;
  use = 0;
  flags = 0;
  /** The interface's name. */
  readonly name = new Uint8Array(ROUTE_INTERFACE_BYTES);
  nameLength = 0;
  readonly #scan = new RouteScanner();

  /** Takes the next line; its addresses wait for `settle`. */
  take(bytes: Uint8Array, start: number, end: number): void {
    this.#scan.open(bytes, start, end);
    this.hasFields = this.#scanFields();
  }

  /** Makes the addresses; netstat does so for the lines that it shows. Gives whether all three are addresses. */
  settle(): boolean {
    const hasDestination = this.destination.settle();
    const hasSource = this.source.settle();
    const hasNextHop = this.nextHop.settle();
    return hasDestination && hasSource && hasNextHop;
  }

  #scanFields(): boolean {
    const scan = this.#scan;
    if (!this.destination.scan(scan)) return false;
    if (!scan.hex(2)) return false;
    this.prefixLength = scan.number;
    if (!this.source.scan(scan)) return false;
    if (!scan.hex(2)) return false;
    this.sourcePrefixLength = scan.number;
    if (!this.nextHop.scan(scan)) return false;
    if (!scan.hex(8)) return false;
    this.metric = scan.number;
    if (!scan.hex(8)) return false;
    this.references = scan.number;
    if (!scan.hex(8)) return false;
    this.use = scan.number;
    if (!scan.hex(8)) return false;
    this.flags = scan.number;
    if (!scan.word(ROUTE_INTERFACE_BYTES)) return false;
    this.nameLength = scan.wordEnd - scan.wordStart;
    this.name.set(scan.bytes.subarray(scan.wordStart, scan.wordEnd));
    return true;
  }
}
