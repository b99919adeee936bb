import { parseAddress } from '../socket/address.ts';
import { Family } from '../socket/family.ts';
import { LITTLE, NAT_RECORD_BYTES, Nat, NatField, Told } from './nat-record.ts';
import { NAT_STATES } from './nat-table.ts';

const ZONE = [NatField.zone, NatField.zone] as const;

/** Where the numbers of a line go; of those that are told once for each direction the second is the reply's. */
const NUMBERS: Readonly<Record<string, readonly number[]>> = {
  sport: [NatField.sourcePort, NatField.replySourcePort],
  dport: [NatField.destinationPort, NatField.replyDestinationPort],
  srckey: [NatField.sourcePort, NatField.replySourcePort],
  dstkey: [NatField.destinationPort, NatField.replyDestinationPort],
  zone: ZONE,
  'zone-orig': ZONE,
  'zone-reply': ZONE,
};

const ADDRESSES = {
  src: [NatField.source, NatField.replySource],
  dst: [NatField.destination, NatField.replyDestination],
} as const;
const PACKETS = [NatField.sentPackets, NatField.replyPackets] as const;
const BYTES = [NatField.sentBytes, NatField.replyBytes] as const;
const COUNTERS = [Told.sentCounters, Told.replyCounters] as const;

const PORT_WORDS = new Set(['sport', 'dport', 'srckey', 'dstkey']);
const TCP = 6;
const U8 = 0xff;
const U16 = 0xffff;
const U32 = 0xffff_ffff;
const U64 = 0xffff_ffff_ffff_ffffn;

const STATES: ReadonlyMap<string, number> = new Map([
  ...NAT_STATES.map((state, number) => [state.replace('-', '_').toUpperCase(), number] as const),
  // Before Linux 2.6.31.
  ['LISTEN', 9],
]);

/** A line of /proc/net/nf_conntrack, as a record of nat-record.ts: what is not told is 0. Used again for each line. */
export class ConntrackLine {
  readonly bytes = new Uint8Array(NAT_RECORD_BYTES);
  readonly #view = new DataView(this.bytes.buffer);
  #direction = -1;
  #addresses = 0;
  #told = 0;
  /** Of an ICMP query, of the direction that is read. */
  #type = 0;
  #code = 0;

  /** Gives whether the line makes sense. */
  parse(text: string): boolean {
    this.bytes.fill(0);
    this.#direction = -1;
    this.#addresses = 0;
    this.#told = 0;
    const [, family, , protocol, ...words] = text.split(' ').filter((word) => word !== '');
    if (!(this.#putFamily(family) && this.#put8(NatField.protocol, protocol))) return false;
    for (const [index, word] of words.entries()) {
      if (!this.#takeWord(word, index)) return false;
    }
    if (this.#addresses !== 4) return false;
    this.#view.setUint16(NatField.told, this.#told, LITTLE);
    this.bytes[NatField.nat] = this.#translated();
    return true;
  }

  /** What is translated: Nat bits. */
  get nat(): number {
    return this.bytes[NatField.nat]!;
  }

  /** What tells the connection apart from others. */
  get key(): string {
    const { bytes } = this;
    const parts = [
      bytes.subarray(NatField.source, NatField.replySource),
      bytes.subarray(NatField.sourcePort, NatField.replySourcePort),
      bytes.subarray(NatField.zone, NatField.told),
      bytes.subarray(NatField.protocol, NatField.protocol + 1),
    ];
    return Buffer.concat(parts).toString('latin1');
  }

  #putFamily(word: string | undefined): boolean {
    if (word !== '2' && word !== '10') return false;
    this.bytes[NatField.family] = word === '2' ? Family.inet : Family.inet6;
    return true;
  }

  #takeWord(word: string, index: number): boolean {
    const equals = word.indexOf('=');
    if (equals > 0) return this.#takePair(word.slice(0, equals), word.slice(equals + 1).replace(/,$/, ''));
    if (index === 0 && /^\d/.test(word)) return this.#putExpires(word);
    const state = this.#direction < 0 && this.bytes[NatField.protocol] === TCP ? STATES.get(word) : undefined;
    if (state !== undefined) {
      this.bytes[NatField.tcpState] = state;
      this.#told |= Told.tcpState;
    }
    return true;
  }

  #putExpires(word: string): boolean {
    const seconds = numberOf(word, U32);
    if (seconds === undefined) return false;
    this.#view.setUint32(NatField.expires, seconds, LITTLE);
    this.#told |= Told.expires;
    return true;
  }

  #takePair(name: string, value: string): boolean {
    switch (name) {
      case 'src':
        this.#direction++;
        return this.#putAddress(name, value);
      case 'dst':
        return this.#putAddress(name, value);
      case 'packets':
        this.#told |= COUNTERS[this.#direction] ?? 0;
        return this.#putCounter(PACKETS, value);
      case 'bytes':
        return this.#putCounter(BYTES, value);
      case 'type':
      case 'code':
      case 'id':
        return this.#takeIcmp(name, numberOf(value, name === 'id' ? U16 : U8));
      case 'mark': {
        const mark = numberOf(value, U32);
        if (mark !== undefined) this.#view.setUint32(NatField.mark, mark, LITTLE);
        return mark !== undefined;
      }
      default:
        return this.#takeNumber(name, value);
    }
  }

  /** Of what has no place here, the number of users for example, nothing is taken. */
  #takeNumber(name: string, value: string): boolean {
    const places = NUMBERS[name];
    if (places === undefined) return true;
    const number = numberOf(value, U16);
    const field = places[Math.max(this.#direction, 0)];
    if (number === undefined || field === undefined) return false;
    this.#view.setUint16(field, number, LITTLE);
    if (PORT_WORDS.has(name)) this.#told |= Told.ports;
    return true;
  }

  #putAddress(name: 'src' | 'dst', text: string): boolean {
    const field = ADDRESSES[name][this.#direction];
    if (field === undefined) return false;
    this.#addresses++;
    return parseAddress(text, this.bytes, field) === this.bytes[NatField.family];
  }

  #putCounter(fields: typeof PACKETS | typeof BYTES, text: string): boolean {
    const field = fields[this.#direction];
    if (field === undefined || !/^\d{1,20}$/.test(text) || BigInt(text) > U64) return false;
    this.#view.setBigUint64(field, BigInt(text), LITTLE);
    return true;
  }

  /** A query's identifier and type have the places of ports: see native/core/conntrack/nat_record.h. */
  #takeIcmp(name: 'type' | 'code' | 'id', number: number | undefined): boolean {
    if (number === undefined || this.#direction < 0) return false;
    if (name === 'type') this.#type = number;
    if (name === 'code') this.#code = number;
    if (name !== 'id') return true;
    const isReply = this.#direction > 0;
    const query = (this.#type << 8) | this.#code;
    this.#view.setUint16(isReply ? NatField.replyDestinationPort : NatField.sourcePort, number, LITTLE);
    this.#view.setUint16(isReply ? NatField.replySourcePort : NatField.destinationPort, query, LITTLE);
    this.#told |= Told.icmp;
    return true;
  }

  #put8(field: number, word: string | undefined): boolean {
    const number = word === undefined ? undefined : numberOf(word, U8);
    if (number !== undefined) this.bytes[field] = number;
    return number !== undefined;
  }

  /** Translated is what the replies do not mirror. Of ICMP the types differ by nature. */
  #translated(): number {
    const source =
      !this.#sameAddress(NatField.replyDestination, NatField.source) ||
      !this.#samePort(NatField.replyDestinationPort, NatField.sourcePort);
    const destination =
      !this.#sameAddress(NatField.replySource, NatField.destination) ||
      ((this.#told & Told.icmp) === 0 && !this.#samePort(NatField.replySourcePort, NatField.destinationPort));
    return (source ? Nat.source : 0) | (destination ? Nat.destination : 0);
  }

  #sameAddress(one: number, other: number): boolean {
    for (let i = 0; i < 16; i++) if (this.bytes[one + i] !== this.bytes[other + i]) return false;
    return true;
  }

  #samePort(one: number, other: number): boolean {
    return this.#view.getUint16(one) === this.#view.getUint16(other);
  }
}

/** A number as the kernel prints it, keys of GRE in hexadecimal; undefined for what is none, or above `most`. */
function numberOf(text: string, most: number): number | undefined {
  if (!/^(\d{1,10}|0x[0-9a-f]{1,8})$/.test(text)) return undefined;
  const number = Number(text);
  return number <= most ? number : undefined;
}
