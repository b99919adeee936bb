import { ADDRESS_BYTES, addressText, isUnspecified } from '../socket/address.ts';
import { Family } from '../socket/family.ts';
import type { RouteFamily } from './route-family.ts';
import { type RouteFlag, RouteFlags, routeFlagNames } from './route-flags.ts';
import type { InetRouteLine } from './route-inet.ts';
import type { Inet6RouteLine } from './route-inet6.ts';
import type { Route } from './routes.ts';

/** The kernel's word for no interface. */
const NO_INTERFACE = '*';
const MAX_PREFIX_LENGTH = 128;

/** Makes routes of lines. Most have what the one before had: such values are kept, and shared by the rows. */
export class RouteMaker {
  readonly #family: RouteFamily;
  #flags = -1;
  #flagNames: readonly RouteFlag[] = [];
  #nameBytes = new Uint8Array(0);
  #name: string | undefined;
  #gatewayAddress = 0;
  #gatewayBytes = new Uint8Array(ADDRESS_BYTES);
  #gateway: string | undefined;

  constructor(family: RouteFamily) {
    this.#family = family;
  }

  /** The route of a line; undefined where the line is not as the kernel prints it. */
  inet(line: InetRouteLine): Route | undefined {
    const prefixLength = prefixLengthOf(line.mask);
    if (line.fields < 11 || !line.hasAddresses || prefixLength === undefined) return undefined;
    if (line.gateway !== this.#gatewayAddress) {
      this.#gatewayAddress = line.gateway;
      this.#gateway = line.gateway === 0 ? undefined : quadText(line.gateway);
    }
    return {
      family: 'inet',
      destination: quadText(line.destination),
      prefixLength,
      source: undefined,
      gateway: this.#gateway,
      metric: line.metric >>> 0,
      flags: line.flags >>> 0,
      flagNames: this.#namesOf(line.flags),
      isReject: (line.flags & RouteFlags.reject) !== 0,
      references: line.references >>> 0,
      use: line.use >>> 0,
      interfaceName: this.#interfaceName(line.bytes.subarray(line.nameStart, line.nameEnd)),
      mtu: line.mtu || undefined,
      window: line.window || undefined,
      irtt: line.irtt || undefined,
    };
  }

  /** The route of a line; undefined where the line is not as the kernel prints it. */
  inet6(line: Inet6RouteLine): Route | undefined {
    const { prefixLength, sourcePrefixLength } = line;
    if (!line.hasFields || !line.settle()) return undefined;
    if (!isPrefixLength(prefixLength) || !isPrefixLength(sourcePrefixLength)) return undefined;
    return {
      family: 'inet6',
      destination: inet6Text(line.destination.bytes),
      prefixLength,
      source:
        sourcePrefixLength === 0
          ? undefined
          : { address: inet6Text(line.source.bytes), prefixLength: sourcePrefixLength },
      gateway: this.#inet6Gateway(line.nextHop.bytes),
      metric: line.metric >>> 0,
      flags: line.flags >>> 0,
      flagNames: this.#namesOf(line.flags),
      isReject: (line.flags & RouteFlags.reject) !== 0,
      references: line.references >>> 0,
      use: line.use >>> 0,
      interfaceName: this.#interfaceName(line.name.subarray(0, line.nameLength)),
      mtu: undefined,
      window: undefined,
      irtt: undefined,
    };
  }

  #namesOf(flags: number): readonly RouteFlag[] {
    if (flags !== this.#flags) {
      this.#flags = flags;
      this.#flagNames = Object.freeze(routeFlagNames(flags, this.#family));
    }
    return this.#flagNames;
  }

  #interfaceName(bytes: Uint8Array): string | undefined {
    if (!isSame(bytes, this.#nameBytes)) {
      this.#nameBytes = bytes.slice();
      const name = Buffer.from(this.#nameBytes).toString();
      this.#name = name === NO_INTERFACE ? undefined : name;
    }
    return this.#name;
  }

  #inet6Gateway(bytes: Uint8Array): string | undefined {
    if (!isSame(bytes, this.#gatewayBytes)) {
      this.#gatewayBytes = bytes.slice();
      this.#gateway = isUnspecified(bytes, 0, Family.inet6) ? undefined : inet6Text(bytes);
    }
    return this.#gateway;
  }
}

function isSame(bytes: Uint8Array, others: Uint8Array): boolean {
  if (bytes.length !== others.length) return false;
  for (let at = 0; at < bytes.length; at++) if (bytes[at] !== others[at]) return false;
  return true;
}

function inet6Text(bytes: Uint8Array): string {
  return addressText(bytes, 0, Family.inet6);
}

/** Undefined for a mask whose bits are not the first ones. */
function prefixLengthOf(mask: number): number | undefined {
  const length = Math.clz32(~mask);
  return (mask << length) >>> 0 === 0 || length === 32 ? length : undefined;
}

function isPrefixLength(length: number): boolean {
  return length >= 0 && length <= MAX_PREFIX_LENGTH;
}

/** An IPv4 address in host order as the 16 bytes of a column, ::ffff:a.b.c.d. */
export function putInetAddress(into: Uint8Array, address: number): void {
  into.fill(0, 0, 10).fill(0xff, 10, 12);
  new DataView(into.buffer, into.byteOffset, ADDRESS_BYTES).setUint32(12, address);
}

/** An IPv4 address in host order as text. */
export function quadText(address: number): string {
  return `${address >>> 24}.${(address >>> 16) & 0xff}.${(address >>> 8) & 0xff}.${address & 0xff}`;
}
