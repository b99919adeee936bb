import { type InetRouteLine, ROUTE_INTERFACE_BYTES } from '../kernel-tables/route-inet.ts';
import type { Inet6RouteLine } from '../kernel-tables/route-inet6.ts';
import type { ByteWriter } from './byte-writer.ts';
import { putQuad } from './digits.ts';
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
  readonly #ends: RouteEnds;

  constructor(out: ByteWriter, layout: RouteLayout, cells: RouteCells) {
    this.#out = out;
    this.#layout = layout;
    this.#cells = cells;
    this.#ends = new RouteEnds(layout);
  }

  heading(): void {
    this.#out.ascii(`Kernel IP routing table\n${INET_COLUMNS[this.#layout]}`);
  }

  row(line: InetRouteLine): void {
    if (this.#layout === 'none') return;
    const out = this.#out;
    this.#address(line.destination, this.#cells.destinationName(line));
    if (isReject(line.flags)) out.left('-', ADDRESS_WIDTH + 1);
    else this.#address(line.gateway, this.#cells.hostName(line.gateway));
    this.#address(line.mask, undefined);
    out.bytes(this.#ends.of(line));
  }

  /** Adds the hosts that the row will show by name. */
  addHosts(line: InetRouteLine, into: AddressSink): void {
    if (this.#layout === 'none') return;
    this.#cells.addDestination(line, into);
    if (!isReject(line.flags)) this.#cells.addInetHost(line.gateway, into);
  }

  /** By name, which is cut, or by number; and the blank behind the cell. */
  #address(address: number, name: string | undefined): void {
    const out = this.#out;
    if (name !== undefined) {
      out.left(name.slice(0, ADDRESS_WIDTH), ADDRESS_WIDTH + 1);
      return;
    }
    out.reserve(ADDRESS_WIDTH + 1);
    putQuad(out.view, out.length, address);
    out.length += ADDRESS_WIDTH + 1;
  }
}

/** What stands behind the addresses of a route. Most have the same as the one before: its bytes are kept. */
class RouteEnds {
  readonly #layout: RouteLayout;
  #bytes: Uint8Array = new Uint8Array(0);
  readonly #name = new Uint8Array(ROUTE_INTERFACE_BYTES);
  #nameLength = -1;
  #flags = 0;
  #references = 0;
  #use = 0;
  #metric = 0;
  #mtu = 0;
  #window = 0;
  #irtt = 0;

  constructor(layout: RouteLayout) {
    this.#layout = layout;
  }

  of(line: InetRouteLine): Uint8Array {
    if (!this.#isSame(line)) this.#keep(line);
    return this.#bytes;
  }

  #isSame(line: InetRouteLine): boolean {
    const { bytes, nameStart, nameEnd } = line;
    if (
      line.flags !== this.#flags ||
      line.metric !== this.#metric ||
      line.mtu !== this.#mtu ||
      line.window !== this.#window ||
      line.irtt !== this.#irtt ||
      line.references !== this.#references ||
      line.use !== this.#use ||
      nameEnd - nameStart !== this.#nameLength
    ) {
      return false;
    }
    for (let at = 0; at < this.#nameLength; at++) {
      if (bytes[nameStart + at] !== this.#name[at]) return false;
    }
    return true;
  }

  #keep(line: InetRouteLine): void {
    const { bytes, nameStart, nameEnd } = line;
    this.#name.set(bytes.subarray(nameStart, nameEnd));
    this.#nameLength = nameEnd - nameStart;
    this.#flags = line.flags;
    this.#references = line.references;
    this.#use = line.use;
    this.#metric = line.metric;
    this.#mtu = line.mtu;
    this.#window = line.window;
    this.#irtt = line.irtt;
    const text = `${inetRouteFlags(line.flags).padEnd(5)} ${this.#textOf(line)}\n`;
    this.#bytes = Buffer.from(text, 'latin1');
  }

  #textOf(line: InetRouteLine): string {
    const layout = this.#layout;
    const metric = `${routeNumber(line.metric).padEnd(6)} `;
    const use = routeNumber(line.use);
    if (isReject(line.flags)) {
      if (layout === 'mss') return '    - -          - -';
      const tail = `${metric}-  ${use.padStart(7)} -`;
      return layout === 'metric' ? tail : `${tail}        -     -      -`;
    }
    const name = latin1(line.bytes, line.nameStart, line.nameEnd);
    const mtu = routeNumber(line.mtu);
    const window = routeNumber(line.window);
    const irtt = routeNumber(line.irtt);
    if (layout === 'mss') return `${mtu.padStart(5)} ${window.padEnd(5)} ${irtt.padStart(6)} ${name}`;
    const references = routeNumber(line.references);
    if (layout === 'metric') return `${metric}${references.padEnd(2)} ${use.padStart(7)} ${name}`;
    const short = name.slice(0, LONG_LAYOUT_NAME_BYTES).padEnd(LONG_LAYOUT_NAME_BYTES);
    return `${metric}${references.padEnd(3)} ${use.padStart(6)} ${short}   ${mtu.padEnd(5)} ${window.padEnd(6)} ${irtt}`;
  }
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
