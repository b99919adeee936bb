import { isMappedInet4 } from '../socket/address.ts';
import { Family } from '../socket/family.ts';
import { type AddressKey, bytesOfKey, familyOfKey } from './address-set.ts';

/** The name by which name servers know an address; that of the IPv4 address for a mapped one, as in glibc. */
export function reverseName(key: AddressKey): string {
  const bytes = bytesOfKey(key);
  if (familyOfKey(key) === Family.inet || isMappedInet4(bytes, 0)) {
    return `${bytes.subarray(12).toReversed().join('.')}.in-addr.arpa`;
  }
  const digits = [...Buffer.from(bytes).toString('hex')].reverse();
  return `${digits.join('.')}.ip6.arpa`;
}

/** What a name of DNS may have as text. */
const NAME_BYTES = 253;

/** What glibc makes of a name that a name server gives to an address: nothing, where it is not fit for a host. */
export function hostNameOf(name: string | undefined): string | undefined {
  // The root, which node:dns writes without its dot.
  if (name === '') return '.';
  if (name === undefined || name.length > NAME_BYTES) return undefined;
  return /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(name) ? name : undefined;
}
