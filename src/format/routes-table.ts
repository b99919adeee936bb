import type { InetRouteLine } from '../kernel-tables/route-inet.ts';
import type { Inet6RouteLine } from '../kernel-tables/route-inet6.ts';
import { quadText } from '../kernel-tables/route-rows.ts';
import type { ByteWriter } from './byte-writer.ts';
import type { AddressSink } from './host-cells.ts';
import {
  inet6RouteFlags,
  inetRouteFlags,
  isReject,
  LONG_LAYOUT_NAME_BYTES,
  type RouteLayout,
  routeNumber,
} from './netstat-route-quirks.ts';
import type { RouteCells } from './route-cells.ts';

const ADDRESS_WIDTH = 15;
const NO_GATEWAY = '-'.padEnd(ADDRESS_WIDTH);
const CACHED = 0x100_0000;

const INET_COLUMNS: Readonly<Record<RouteLayout, string>> = {
  mss: 'Destination     Gateway         Genmask         Flags   MSS Window  irtt Iface\n',
  metric: 'Destination     Gateway         Genmask         Flags Metric Ref    Use Iface\n',
  long: 'Destination     Gateway         Genmask         Flags Metric Ref    Use Iface    MSS   Window irtt\n',
  none: '',
};

/** The table of IPv4 routes. */
export class InetRoutesTable {
  readonly #out: ByteWriter;
  readonly #layout: RouteLayout;
  readonly #cells: RouteCells;
  /** Of the row before: most rows have the same. */
  #gateway = -1;
  #gatewayCell = '';
  #mask = -1;
  #maskCell = '';

  constructor(out: ByteWriter, layout: RouteLayout, cells: RouteCells) {
    this.#out = out;
    this.#layout = layout;
    this.#cells = cells;
  }

  heading(): void {
    this.#out.ascii(`Kernel IP routing table\n${INET_COLUMNS[this.#layout]}`);
  }

  row(line: InetRouteLine): void {
    if (this.#layout === 'none') return;
    const { gateway, mask, flags } = line;
    if (gateway !== this.#gateway) {
      this.#gateway = gateway;
      this.#gatewayCell = cut(this.#cells.inetHost(gateway));
    }
    if (mask !== this.#mask) {
      this.#mask = mask;
      this.#maskCell = cut(quadText(mask));
    }
    const destination = cut(this.#cells.destination(line));
    const reject = isReject(flags);
    const via = `${reject ? NO_GATEWAY : this.#gatewayCell} ${this.#maskCell}`;
    const tail = reject ? this.#rejectTail(line) : this.#tail(line);
    this.#out.ascii(`${destination} ${via} ${inetRouteFlags(flags).padEnd(5)} ${tail}\n`);
  }

  /** Adds the hosts that the row will show by name. */
  addHosts(line: InetRouteLine, into: AddressSink): void {
    if (this.#layout === 'none') return;
    this.#cells.addDestination(line, into);
    if (!isReject(line.flags)) this.#cells.addInetHost(line.gateway, into);
  }

  #tail(line: InetRouteLine): string {
    const { bytes, nameStart, nameEnd } = line;
    const name = latin1(bytes, nameStart, nameEnd);
    const [mtu, window, irtt] = [line.mtu, line.window, line.irtt].map(routeNumber) as [
      string,
      string,
      string,
    ];
    if (this.#layout === 'mss') return `${mtu.padStart(5)} ${window.padEnd(5)} ${irtt.padStart(6)} ${name}`;
    const [metric, references, use] = metricCells(line);
    if (this.#layout === 'metric') {
      return `${metric} ${references.padEnd(2)} ${use.padStart(7)} ${name}`;
    }
    const short = name.slice(0, LONG_LAYOUT_NAME_BYTES).padEnd(LONG_LAYOUT_NAME_BYTES);
    return `${metric} ${references.padEnd(3)} ${use.padStart(6)} ${short}   ${mtu.padEnd(5)} ${window.padEnd(6)} ${irtt}`;
  }

  #rejectTail(line: InetRouteLine): string {
    if (this.#layout === 'mss') return '    - -          - -';
    const [metric, , use] = metricCells(line);
    const tail = `${metric} -  ${use.padStart(7)} -`;
    return this.#layout === 'metric' ? tail : `${tail}        -     -      -`;
  }
}

function metricCells(line: InetRouteLine): [metric: string, references: string, use: string] {
  return [routeNumber(line.metric).padEnd(6), routeNumber(line.references), routeNumber(line.use)];
}

function cut(text: string): string {
  return text.slice(0, ADDRESS_WIDTH).padEnd(ADDRESS_WIDTH);
}

/** The columns of IPv6 routes. */
const INET6_COLUMNS = 'Destination                    Next Hop                   Flag Met Ref  Use If\n';

/** The table of IPv6 routes; the same for cached ones, which are rows of the same kernel table. */
export class Inet6RoutesTable {
  readonly #out: ByteWriter;
  readonly #cached: boolean;
  readonly #cells: RouteCells;

  constructor(out: ByteWriter, cached: boolean, cells: RouteCells) {
    this.#out = out;
    this.#cached = cached;
    this.#cells = cells;
  }

  heading(): void {
    this.#out.ascii(`Kernel IPv6 routing ${this.#cached ? 'cache' : 'table'}\n${INET6_COLUMNS}`);
  }

  row(line: Inet6RouteLine): void {
    if (!this.#shows(line)) return;
    line.settle();
    const destination = this.#cells.inet6Prefix(line.destination.bytes, line.prefixLength).padEnd(30);
    const nextHop = this.#cells.inet6Address(line.nextHop.bytes).padEnd(26);
    const flags = `${inet6RouteFlags(line.flags).padEnd(4)} ${routeNumber(line.metric).padEnd(3)}`;
    const use = `${routeNumber(line.references)} ${routeNumber(line.use).padStart(6)}`;
    this.#out.ascii(`${destination} ${nextHop} ${flags} ${use} ${latin1(line.name, 0, line.nameLength)}\n`);
  }

  /** Adds the hosts that the row will show by name. */
  addHosts(line: Inet6RouteLine, into: AddressSink): void {
    if (!this.#shows(line)) return;
    line.settle();
    this.#cells.addInet6Address(line.destination.bytes, into);
    this.#cells.addInet6Address(line.nextHop.bytes, into);
  }

  #shows({ flags }: Inet6RouteLine): boolean {
    return ((flags & CACHED) !== 0) === this.#cached;
  }
}

function latin1(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
}
