import { type AddressKey, AddressSet, addressKey } from '../../../src/names/address-set.ts';
import { parseAddress } from '../../../src/socket/address.ts';

export function keyOf(text: string): AddressKey {
  const bytes = new Uint8Array(16);
  const family = parseAddress(text, bytes, 0);
  if (family === undefined) throw new Error(`not an address: ${text}`);
  return addressKey(bytes, 0, family);
}

export function setOf(...texts: string[]): AddressSet {
  const set = new AddressSet();
  const bytes = new Uint8Array(16);
  for (const text of texts) set.add(bytes, 0, parseAddress(text, bytes, 0)!);
  return set;
}
