import { ADDRESS_BYTES, addressText, isMappedInet4, isUnspecified } from '../socket/address.ts';
import { Family } from '../socket/family.ts';
import type { Names } from './listing.ts';
import { mappedHostName } from './netstat-quirks.ts';

/** What gathers addresses to be looked up. */
export interface AddressSink {
  add(addresses: Uint8Array, offset: number, family: number): void;
}

/** netstat's room for a name. Of an IPv4 host it cuts a longer one; an IPv6 host with a longer one it shows by number. */
const NAME_BYTES = 127;
const QUAD = 12;

/**
 * The names of hosts, as bytes. netstat never looks up 0.0.0.0 or ::, and takes an IPv4 address whose first octet is 0 for
 * a network's number.
 */
export class HostCells {
  readonly #names: Pick<Names, 'host' | 'network'>;

  constructor(names: Pick<Names, 'host' | 'network'>) {
    this.#names = names;
  }

  /** Whether the address is looked up among the hosts. */
  static isHost(addresses: Uint8Array, offset: number, family: number): boolean {
    if (isUnspecified(addresses, offset, family)) return false;
    return family === Family.inet6 || addresses[offset + QUAD] !== 0;
  }

  /** The name of the address at `offset` of a column; undefined where it is shown by number. */
  of(addresses: Uint8Array, offset: number, family: number): Uint8Array | undefined {
    if (isUnspecified(addresses, offset, family)) return undefined;
    if (HostCells.isHost(addresses, offset, family)) {
      const name = this.#names.host?.(addresses, offset, family);
      if (name === undefined || (family === Family.inet6 && name.length > NAME_BYTES)) return undefined;
      const isMapped = family === Family.inet6 && isMappedInet4(addresses, offset);
      return bytesOf(isMapped ? mappedHostName(name) : name);
    }
    const view = new DataView(addresses.buffer, addresses.byteOffset + offset, ADDRESS_BYTES);
    const network = this.#names.network?.(view.getUint32(QUAD));
    return network === undefined ? undefined : bytesOf(network);
  }
}

function bytesOf(name: string): Uint8Array {
  return Buffer.from(name, 'latin1').subarray(0, NAME_BYTES);
}

/**
 * An address as netstat writes it where nothing is cut: its name, or its number (an IPv4 address mapped into IPv6 as
 * IPv4; :: as `[::]` where names are shown). A byte string. `hosts`: undefined where hosts are shown by number.
 */
export function hostText(
  hosts: HostCells | undefined,
  addresses: Uint8Array,
  offset: number,
  family: number,
): string {
  const name = hosts?.of(addresses, offset, family);
  if (name !== undefined) return Buffer.from(name).toString('latin1');
  if (family === Family.inet6) {
    if (hosts !== undefined && isUnspecified(addresses, offset, family)) return '[::]';
    if (isMappedInet4(addresses, offset)) return addressText(addresses, offset, Family.inet);
  }
  return addressText(addresses, offset, family);
}
