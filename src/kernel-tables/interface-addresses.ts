import { addressText, parseAddress } from '../socket/address.ts';
import { Family } from '../socket/family.ts';

/** An IPv6 address of an interface: /proc/net/if_inet6. */
export interface Inet6Line {
  /** The interface: a byte string. */
  readonly name: string;
  /** As inet_ntop(3) writes it. */
  readonly address: string;
  readonly prefixLength: number;
  /** IPV6_ADDR_* bits: 0 global, 0x10 host, 0x20 link, 0x40 site, 0x80 IPv4-compatible. */
  readonly scope: number;
}

/** Lines in the file's order, and how many could not be understood. */
export interface Inet6Lines {
  readonly rows: Inet6Line[];
  readonly malformed: number;
}

/**
 * Parses /proc/net/if_inet6: eight groups of four digits, index, prefix length, scope, flags, name. Fields are read one
 * after the other, wherever lines end, as netstat reads them; reading ends where a field is none. A departure. Seen: then
 * netstat shows the row before once more, for it is still in its memory.
 */
export function parseInet6Addresses(bytes: Uint8Array): Inet6Lines {
  const fields = new Fields(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1'));
  const rows: Inet6Line[] = [];
  let malformed = 0;
  while (fields.more()) {
    const groups = Array.from({ length: 8 }, () => fields.word(4));
    fields.hex(8);
    const [prefixLength, scope] = [fields.hex(2), fields.hex(2)];
    fields.hex(2);
    const name = fields.word(20);
    const address = fields.failed ? undefined : inet6Text(groups.join(':'));
    if (address === undefined) malformed++;
    else rows.push({ name: name.split('\0', 1)[0]!, address, prefixLength, scope });
  }
  return { rows, malformed };
}

function inet6Text(text: string): string | undefined {
  const bytes = new Uint8Array(16);
  if (parseAddress(text, bytes, 0) !== Family.inet6) return undefined;
  return addressText(bytes, 0, Family.inet6);
}

/** Takes fields off the front of a text, as scanf(3) does. After one that is not there all are empty. */
class Fields {
  failed = false;
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Whether there is anything but blanks, where all went well so far. */
  more(): boolean {
    return !this.failed && this.#skipBlanks() < this.#text.length;
  }

  /** Up to `most` bytes that are no blanks. */
  word(most: number): string {
    return this.#take(most, /^[^ \t\n\v\f\r]+/);
  }

  /** A number of up to `most` digits, a sign and a prefix among them; 32 bits, signed. */
  hex(most: number): number {
    const text = this.#take(most, /^[+-]?(0[xX]|[0-9a-fA-F])[0-9a-fA-F]*/);
    const digits = Number.parseInt(text.replace(/^[+-]/, ''), 16) || 0;
    return (text.startsWith('-') ? -digits : digits) | 0;
  }

  #take(most: number, field: RegExp): string {
    if (this.failed) return '';
    const at = this.#skipBlanks();
    const text = field.exec(this.#text.slice(at, at + most))?.[0];
    this.failed = text === undefined;
    this.#at += text?.length ?? 0;
    return text ?? '';
  }

  #skipBlanks(): number {
    const blanks = /[ \t\n\v\f\r]*/y;
    blanks.lastIndex = this.#at;
    blanks.exec(this.#text);
    this.#at = blanks.lastIndex;
    return this.#at;
  }
}
