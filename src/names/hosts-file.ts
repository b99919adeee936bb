import { ADDRESS_BYTES, isMappedInet4, parseAddress } from '../socket/address.ts';
import { Family } from '../socket/family.ts';
import { type AddressKey, addressKey } from './address-set.ts';

/** An address and the canonical name, which may lack: then it is empty. */
const HOST = /^([^ \t\v\f\r]+)[ \t\v\f\r]*([^ \t\v\f\r]*)/;
const LOOPBACK = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127, 0, 0, 1);

/** The names of hosts(5) as glibc reads it; of several lines about an address the first one wins. */
export function parseHosts(lines: Iterable<string>): Map<AddressKey, string> {
  const names = new Map<AddressKey, string>();
  for (const line of lines) {
    const match = HOST.exec(line);
    if (match === null) continue;
    for (const key of keysOf(match[1]!)) if (!names.has(key)) names.set(key, match[2]!);
  }
  return names;
}

/** A line about ::1 is also one about 127.0.0.1, and one about ::ffff:a.b.c.d one about a.b.c.d; not the other way round. */
function* keysOf(text: string): Generator<AddressKey, void, undefined> {
  // inet_pton(3) takes no zero in front of an octet.
  if (/(^|[.:])0\d+\./.test(text) || /\.0\d/.test(text)) return;
  const bytes = new Uint8Array(ADDRESS_BYTES);
  const family = parseAddress(text, bytes, 0);
  if (family === undefined) return;
  yield addressKey(bytes, 0, family);
  if (family === Family.inet) return;
  if (isMappedInet4(bytes, 0)) yield addressKey(bytes, 0, Family.inet);
  else if (isLoopback(bytes)) yield addressKey(LOOPBACK, 0, Family.inet);
}

function isLoopback(bytes: Uint8Array): boolean {
  return bytes.every((byte, index) => byte === (index === ADDRESS_BYTES - 1 ? 1 : 0));
}
