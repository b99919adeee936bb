import { putInetAddress } from '../kernel-tables/route-rows.ts';
import { ADDRESS_BYTES } from '../socket/address.ts';
import { Family } from '../socket/family.ts';
import { type AddressSink, HostCells, hostText } from './host-cells.ts';
import type { Names } from './listing.ts';

const HOST = 0x4;
/** netstat's room for an IPv6 prefix. */
const PREFIX_BYTES = 127;

/** A destination as a table of IPv4 routes has it: what says whether it is a host, a network or everything. */
export interface InetDestination {
  readonly destination: number;
  readonly mask: number;
  /** RTF_*. */
  readonly flags: number;
}

/** The addresses of routes as byte strings: by name, or by number where `names` is undefined. */
export class RouteCells {
  readonly #names: Pick<Names, 'host' | 'network'> | undefined;
  readonly #hosts: HostCells | undefined;
  readonly #column = new Uint8Array(ADDRESS_BYTES);

  constructor(names: Pick<Names, 'host' | 'network'> | undefined) {
    this.#names = names;
    this.#hosts = names && new HostCells(names);
  }

  /** `default`, a network's name, or a host's, where the mask or the flags say that it is one; undefined: by number. */
  destinationName(route: InetDestination): string | undefined {
    const { destination, mask } = route;
    if (this.#names === undefined) return undefined;
    if (destination === 0) return mask === 0 ? 'default' : undefined;
    return isHostRoute(route) ? this.hostName(destination) : this.#names.network?.(destination);
  }

  /** The name of an IPv4 address that is a host whatever it looks like; 0.0.0.0 has none. */
  hostName(address: number): string | undefined {
    if (address === 0 || this.#names === undefined) return undefined;
    putInetAddress(this.#column, address);
    return this.#names.host?.(this.#column, 0, Family.inet);
  }

  /** An IPv4 address of which its first octet tells whether it is a host. */
  inetAddress(address: number): string {
    putInetAddress(this.#column, address);
    return hostText(this.#hosts, this.#column, 0, Family.inet);
  }

  inet6Address(bytes: Uint8Array): string {
    return hostText(this.#hosts, bytes, 0, Family.inet6);
  }

  /** An IPv6 address with the length of its prefix; a long name is cut, and the length with it. */
  inet6Prefix(bytes: Uint8Array, prefixLength: number): string {
    return `${this.inet6Address(bytes)}/${prefixLength}`.slice(0, PREFIX_BYTES);
  }

  /** Adds what `destinationName` looks up among the hosts. */
  addDestination(route: InetDestination, into: AddressSink): void {
    if (route.destination !== 0 && isHostRoute(route)) this.addInetHost(route.destination, into);
  }

  /** Adds what `hostName` looks up. */
  addInetHost(address: number, into: AddressSink): void {
    if (address === 0) return;
    putInetAddress(this.#column, address);
    into.add(this.#column, 0, Family.inet);
  }

  /** Adds what `inetAddress` looks up among the hosts. */
  addInetAddress(address: number, into: AddressSink): void {
    putInetAddress(this.#column, address);
    if (HostCells.isHost(this.#column, 0, Family.inet)) into.add(this.#column, 0, Family.inet);
  }

  /** Adds what `inet6Address` looks up. */
  addInet6Address(bytes: Uint8Array, into: AddressSink): void {
    if (HostCells.isHost(bytes, 0, Family.inet6)) into.add(bytes, 0, Family.inet6);
  }
}

function isHostRoute({ destination, mask, flags }: InetDestination): boolean {
  return (flags & HOST) !== 0 || (destination & ~mask) !== 0;
}
