import { CacheKind, type RouteCacheLine } from '../kernel-tables/route-cache.ts';
import type { NeighbourLine } from '../kernel-tables/route-neighbours.ts';
import type { ByteWriter } from './byte-writer.ts';
import type { AddressSink } from './host-cells.ts';
import {
  cacheRouteFlags,
  LONG_LAYOUT_NAME_BYTES,
  type RouteLayout,
  routeNumber,
} from './netstat-route-quirks.ts';
import type { RouteCells } from './route-cells.ts';

const LONG_COLUMNS =
  'Source          Destination     Gateway         Flags Metric Ref    Use Iface    MSS   Window irtt';
const COLUMNS: Readonly<Record<RouteLayout, string>> = {
  mss: 'Source          Destination     Gateway         Flags   MSS Window  irtt Iface\n',
  metric: 'Source          Destination     Gateway         Flags Metric Ref    Use Iface\n',
  long: `${LONG_COLUMNS}  TOS HHRef HHUptod     SpecDst\n`,
  none: '',
};

/** The table of cached IPv4 routes. */
export class RouteCacheTable {
  readonly #out: ByteWriter;
  readonly #layout: RouteLayout;
  readonly #cells: RouteCells;

  constructor(out: ByteWriter, layout: RouteLayout, cells: RouteCells) {
    this.#out = out;
    this.#layout = layout;
    this.#cells = cells;
  }

  title(): void {
    this.#out.ascii('Kernel IP routing cache\n');
  }

  /** The columns of a kind of cache; of one that netstat does not know, the short layouts' alone. */
  columns(kind: number): void {
    const isOld = kind === CacheKind.old;
    if (this.#layout !== 'long') this.#out.ascii(COLUMNS[this.#layout]);
    else if (isOld) this.#out.ascii(`${LONG_COLUMNS}  HH  Arp\n`);
    else if (kind === CacheKind.recent || kind === CacheKind.older) this.#out.ascii(COLUMNS.long);
  }

  row(line: RouteCacheLine): void {
    if (this.#layout === 'none') return;
    const { Source, Destination, Gateway } = line.addresses;
    const cells = [Source, Destination, Gateway].map((address) =>
      this.#cells.inetAddress(address).padEnd(15),
    );
    cells.push(cacheRouteFlags(line.numbers.Flags!).padEnd(5), this.#tail(line));
    this.#out.ascii(`${cells.join(' ')}\n`);
  }

  /** Adds the hosts that the row will show by name. */
  addHosts(line: RouteCacheLine, into: AddressSink): void {
    const { Source, Destination, Gateway, SpecDst } = line.addresses;
    const shown = this.#layout === 'long' ? [SpecDst] : [];
    for (const address of [Source, Destination, Gateway, ...shown]) this.#cells.addInetAddress(address, into);
  }

  #tail({ numbers, interfaceName, addresses }: RouteCacheLine): string {
    const number = (column: string): string => routeNumber(numbers[column]!);
    if (this.#layout === 'mss') {
      return `${number('MTU').padStart(5)} ${number('Window').padEnd(5)} ${number('IRTT').padStart(6)} ${interfaceName}`;
    }
    const metric = number('Metric').padEnd(6);
    if (this.#layout === 'metric') {
      return `${metric} ${number('RefCnt').padEnd(2)} ${number('Use').padStart(7)} ${interfaceName}`;
    }
    const name = interfaceName.slice(0, LONG_LAYOUT_NAME_BYTES).padEnd(LONG_LAYOUT_NAME_BYTES);
    const first = `${metric} ${number('RefCnt').padEnd(3)} ${number('Use').padStart(6)} ${name}`;
    const second = `${number('MTU').padEnd(5)} ${number('Window').padEnd(6)} ${number('IRTT').padEnd(5)}`;
    const third = `${number('TOS').padEnd(3)} ${number('HHRef').padEnd(3)}   ${number('HHUptod').padEnd(3)}`;
    return `${first}   ${second} ${third} ${this.#cells.inetAddress(addresses.SpecDst).padStart(15)}`;
  }
}

const STATES: Readonly<Record<number, string>> = {
  0: 'NONE',
  1: 'INCOMPLETE',
  2: 'REACHABLE',
  4: 'STALE',
  8: 'DELAY',
  16: 'PROBE',
  32: 'FAILED',
  64: 'NOARP',
  128: 'PERM',
};
const REACHABLE = 2;

const NEIGHBOUR_FLAGS = [
  [0x80, 'R'],
  [0x4, 'x'],
  [0x2, 'h'],
  [0x8, 'P'],
] as const;

/** The table of IPv6 neighbours. */
export class NeighboursTable {
  readonly #out: ByteWriter;
  readonly #extend: boolean;
  readonly #cells: RouteCells;

  constructor(out: ByteWriter, extend: boolean, cells: RouteCells) {
    this.#out = out;
    this.#extend = extend;
    this.#cells = cells;
  }

  heading(): void {
    const times = this.#extend ? '            Stale(sec) Delete(sec)' : '';
    this.#out.ascii(
      `Kernel IPv6 Neighbour Cache\nNeighbour                                   HW Address        Iface    Flags Ref State${times}\n`,
    );
  }

  row(line: NeighbourLine): void {
    const state = STATES[line.state] ?? `UNKNOWN(${hex2(line.state)})`;
    const flags = NEIGHBOUR_FLAGS.filter(([bit]) => (line.flags & bit) !== 0).map(([, letter]) => letter);
    const cells = [
      this.#cells.inet6Prefix(line.address.bytes, line.prefixLength).padEnd(43),
      line.hardware.join(':').padEnd(17),
      line.interfaceName.padEnd(8),
      flags.join('').padEnd(5),
      routeNumber(line.references).padEnd(3),
      state.padEnd(16),
    ];
    if (this.#extend) cells.push(...times(line));
    this.#out.ascii(`${cells.join(' ')}\n`);
  }

  /** Adds the hosts that the row will show by name. */
  addHosts(line: NeighbourLine, into: AddressSink): void {
    this.#cells.addInet6Address(line.address.bytes, into);
  }
}

/** Seconds until a neighbour is stale, and until it is forgotten: what is held is not. */
function times({ state, idle, stale, expires, references }: NeighbourLine): string[] {
  const staleIn = state === REACHABLE ? secondsBetween(idle, stale) : '0';
  const left = references === 0 ? `${secondsBetween(idle, expires).padEnd(7)} ` : '* ';
  return [staleIn.padEnd(10), left];
}

/** Of hundredths; none where the time is over. */
function secondsBetween(from: number, to: number): string {
  return String(Math.max(0, Math.trunc((to - from) / 100)));
}

function hex2(value: number): string {
  return (value >>> 0).toString(16).padStart(2, '0');
}
