import { ROUTE_LINE_BYTES } from './route-inet.ts';
import { GatheredAddress } from './route-inet6.ts';
import { RouteLines, RouteScanner } from './route-scanner.ts';

const INTERFACE_BYTES = 8;
const HARDWARE_BYTES = 6;

/**
 * A line of /proc/net/ndisc, the neighbours of IPv6 that Linux 2.2 had; one object takes line after line. What a line lacks
 * keeps the value of the line before, for so netstat shows it.
 */
export class NeighbourLine {
  readonly address = new GatheredAddress();
  prefixLength = 0;
  /** NUD_*. */
  state = 0;
  /** Hundredths of a second: how long it has not been heard of, and after how long it is stale, and forgotten. */
  idle = 0;
  stale = 0;
  expires = 0;
  references = 0;
  /** NTF_*. */
  flags = 0;
  /** Byte strings. */
  interfaceName = '';
  readonly hardware: string[] = new Array<string>(HARDWARE_BYTES).fill('');
  readonly #scan = new RouteScanner();

  take(bytes: Uint8Array, start: number, end: number): void {
    this.#scan.open(bytes, start, end);
    this.#scanFields();
    this.address.settle();
  }

  #scanFields(): boolean {
    const scan = this.#scan;
    if (!this.address.scan(scan)) return false;
    if (!scan.hex(2) || !scan.hex(2)) return false;
    this.prefixLength = scan.number;
    if (!scan.hex(2) || !scan.hex(2)) return false;
    this.state = scan.number;
    if (!scan.hex(8) || !scan.hex(8)) return false;
    this.idle = this.#long();
    if (!scan.hex(8)) return false;
    this.stale = this.#long();
    if (!scan.hex(4)) return false;
    this.expires = scan.number;
    if (!scan.hex(4)) return false;
    this.references = scan.number;
    if (!scan.hex(4)) return false;
    this.flags = scan.number;
    if (!scan.word(INTERFACE_BYTES)) return false;
    this.interfaceName = this.#word();
    for (let at = 0; at < HARDWARE_BYTES && scan.word(2); at++) this.hardware[at] = this.#word();
    return true;
  }

  /** The last number, which has a sign only where one is written. */
  #long(): number {
    const { number, isNegative } = this.#scan;
    return isNegative ? number : number >>> 0;
  }

  #word(): string {
    const { bytes, wordStart, wordEnd } = this.#scan;
    return Buffer.from(bytes.subarray(wordStart, wordEnd)).toString('latin1');
  }
}

/** The lines of /proc/net/ndisc. */
export function neighbourLines(take: (line: NeighbourLine) => void): RouteLines {
  const line = new NeighbourLine();
  return new RouteLines((bytes, start, end) => {
    line.take(bytes, start, end);
    take(line);
  }, ROUTE_LINE_BYTES);
}
