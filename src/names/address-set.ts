import { ADDRESS_BYTES } from '../socket/address.ts';

/** An address as one string: its family and its bytes, a character each. */
export type AddressKey = string;

/** The key of the address at `offset` of a column; IPv4 as ::ffff:a.b.c.d, told apart by its family. */
export function addressKey(addresses: Uint8Array, offset: number, family: number): AddressKey {
  return String.fromCharCode(family, ...addresses.subarray(offset, offset + ADDRESS_BYTES));
}

/** Addresses whose names are wanted, each once. */
export class AddressSet implements Iterable<AddressKey> {
  readonly #keys = new Set<AddressKey>();

  get size(): number {
    return this.#keys.size;
  }

  /** Adds the address at `offset` of a column. */
  add(addresses: Uint8Array, offset: number, family: number): void {
    this.#keys.add(addressKey(addresses, offset, family));
  }

  [Symbol.iterator](): IterableIterator<AddressKey> {
    return this.#keys.values();
  }
}

export function familyOfKey(key: AddressKey): number {
  return key.charCodeAt(0);
}

/** The 16 bytes of a column. */
export function bytesOfKey(key: AddressKey): Uint8Array {
  return Uint8Array.from({ length: ADDRESS_BYTES }, (_, index) => key.charCodeAt(index + 1));
}
