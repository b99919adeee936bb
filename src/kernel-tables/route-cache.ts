import { type RouteColumn, type RouteHeader, routeHeader } from './route-header.ts';
import { inetAddressAt, ROUTE_ADDRESS_BYTES, ROUTE_INTERFACE_BYTES, ROUTE_LINE_BYTES } from './route-inet.ts';
import { RouteLines, RouteScanner } from './route-scanner.ts';

/** The columns of /proc/net/rt_cache, in their order. */
const COLUMNS: readonly RouteColumn[] = [
  { name: 'Iface', kind: 'interface' },
  { name: 'Destination', kind: 'address' },
  { name: 'Gateway', kind: 'address' },
  { name: 'Flags', kind: 'hex' },
  { name: 'RefCnt', kind: 'decimal' },
  { name: 'Use', kind: 'decimal' },
  { name: 'Metric', kind: 'decimal' },
  { name: 'Source', kind: 'address' },
  { name: 'MTU', kind: 'decimal' },
  { name: 'Window', kind: 'decimal' },
  { name: 'IRTT', kind: 'decimal' },
  { name: 'TOS', kind: 'decimal' },
  { name: 'HHRef', kind: 'decimal' },
  { name: 'HHUptod', kind: 'decimal' },
  { name: 'SpecDst', kind: 'address' },
];
/** The columns of kernels before Linux 2.2, whose lines netstat does not read any more. */
const OLD_COLUMNS: readonly RouteColumn[] = [...COLUMNS.slice(0, 11), { name: 'HH', kind: 'decimal' }];

/** How netstat tells kernels apart: a bit for each of these that is somewhere in the heading line. */
const MARKS = ['IRTT', 'TOS', 'HHRef', 'HHUptod', 'SpecDst', 'HH'] as const;
export const CacheKind = { recent: 63, old: 1, older: 2 } as const;

/** Which kernel's cache has such a heading, as netstat counts: one of `CacheKind`, or a number that it has no columns for. */
export function cacheKind(header: string): number {
  return MARKS.reduce((sum, mark, bit) => (header.includes(mark) ? sum + 2 ** bit : sum), 0);
}

export function cacheHeader(header: string, kind: number): RouteHeader {
  return routeHeader(header, kind === CacheKind.old ? OLD_COLUMNS : COLUMNS);
}

/** The lines of /proc/net/rt_cache that netstat shows, behind its heading, of which `skips` tells how the columns lie. */
export function routeCacheLines(skips: readonly number[], take: (line: RouteCacheLine) => void): RouteLines {
  const line = new RouteCacheLine(skips);
  return new RouteLines((bytes, start, end) => {
    if (line.take(bytes, start, end)) take(line);
  }, ROUTE_LINE_BYTES);
}

/** The address columns, in the order in which netstat makes addresses of them. */
const ADDRESSES = ['Destination', 'Gateway', 'Source', 'SpecDst'] as const;
const FIELDS_NEEDED = 12;

/**
 * A line of /proc/net/rt_cache, the cache of IPv4 routes that Linux 3.6 took out; one object takes line after line. What a
 * line lacks keeps the value of the line before, for so netstat shows it. Integers have 32 bits and a sign.
 */
export class RouteCacheLine {
  /** Numbers in host order, without a sign. */
  readonly addresses: Record<(typeof ADDRESSES)[number], number> = {
    Destination: 0,
    Gateway: 0,
    Source: 0,
    SpecDst: 0,
  };
  /** The numbers, by the names of their columns. */
  readonly numbers: Record<string, number> = Object.fromEntries(
    COLUMNS.filter(({ kind }) => kind === 'hex' || kind === 'decimal').map(({ name }) => [name, 0]),
  );
  /** A byte string. */
  interfaceName = '';
  readonly #skips: readonly number[];
  readonly #scan = new RouteScanner();
  /** netstat has one variable for all addresses: what is no address is the one before. */
  #last = 0;

  constructor(skips: readonly number[]) {
    this.#skips = skips;
  }

  /** Takes the next line. Gives whether netstat would show it: enough fields. */
  take(bytes: Uint8Array, start: number, end: number): boolean {
    const scan = this.#scan;
    scan.open(bytes, start, end);
    const found: Record<string, number> = {};
    let fields = 0;
    for (const column of COLUMNS) {
      if (!this.#skip(this.#skips[fields]!) || !this.#scanField(column, found)) break;
      fields++;
    }
    if (fields < FIELDS_NEEDED) return false;
    for (const name of ADDRESSES) {
      const address = found[name] ?? -1;
      if (address >= 0) this.#last = address;
      this.addresses[name] = this.#last;
    }
    return true;
  }

  #scanField({ name, kind }: RouteColumn, found: Record<string, number>): boolean {
    const scan = this.#scan;
    if (kind === 'hex' || kind === 'decimal') {
      if (!(kind === 'hex' ? scan.hex() : scan.decimal())) return false;
      this.numbers[name] = scan.number;
      return true;
    }
    if (!scan.word(kind === 'interface' ? ROUTE_INTERFACE_BYTES : ROUTE_ADDRESS_BYTES)) return false;
    const word = scan.bytes.subarray(scan.wordStart, scan.wordEnd);
    if (kind === 'interface') this.interfaceName = Buffer.from(word).toString('latin1');
    else found[name] = inetAddressAt(word, 0);
    return true;
  }

  #skip(count: number): boolean {
    for (let left = count; left > 0; left--) {
      if (!this.#scan.word(Number.POSITIVE_INFINITY)) return false;
    }
    return true;
  }
}
