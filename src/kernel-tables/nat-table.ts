import { addressText } from '../socket/address.ts';
import { Family } from '../socket/family.ts';
import type { PassedOver } from '../table/report.ts';
import { LITTLE, NatField, type NatRecord, type NatRecords, Told } from './nat-record.ts';

/** How far a TCP connection under NAT is, as the kernel's connection tracking sees it: enum tcp_conntrack. */
export type NatState =
  | 'none'
  | 'syn-sent'
  | 'syn-recv'
  | 'established'
  | 'fin-wait'
  | 'close-wait'
  | 'last-ack'
  | 'time-wait'
  | 'close'
  | 'syn-sent2';

/** By their number. */
export const NAT_STATES: readonly NatState[] = [
  'none',
  'syn-sent',
  'syn-recv',
  'established',
  'fin-wait',
  'close-wait',
  'last-ack',
  'time-wait',
  'close',
  'syn-sent2',
];

/** One direction of a connection, as its packets are before the kernel translates them. */
export interface NatTuple {
  /** Where its packets come from, as text: CTA_IP_V4_SRC, CTA_IP_V6_SRC. */
  readonly source: string;
  /** CTA_PROTO_SRC_PORT; of GRE the key. Undefined for protocols that have none. */
  readonly sourcePort: number | undefined;
  /** Where its packets are sent to, as text: CTA_IP_V4_DST, CTA_IP_V6_DST. */
  readonly destination: string;
  /** CTA_PROTO_DST_PORT; of GRE the key. Undefined for protocols that have none. */
  readonly destinationPort: number | undefined;
  /** Of an ICMP query, of IPv4 or IPv6: what its packets carry. Undefined for other protocols. */
  readonly icmp: { readonly id: number; readonly type: number; readonly code: number } | undefined;
  /** Packets seen so far: CTA_COUNTERS_PACKETS. Undefined where the kernel does not count (nf_conntrack_acct is 0). */
  readonly packets: bigint | undefined;
  /** Their bytes, headers of the network layer included: CTA_COUNTERS_BYTES. Undefined as `packets`. */
  readonly bytes: bigint | undefined;
}

/** A connection that the kernel translates addresses of. */
export interface NatEntry {
  /** The family of its addresses: CTA_IP_V4_*, CTA_IP_V6_*. */
  readonly family: 'inet' | 'inet6';
  /** Its name, such as `tcp`; the number as text for one that has none here. */
  readonly protocol: string;
  /** IPPROTO_*: CTA_PROTO_NUM. */
  readonly protocolNumber: number;
  /** How far the connection is, for `tcp`: CTA_PROTOINFO_TCP_STATE. Undefined for other protocols. */
  readonly state: NatState | `unknown-${number}` | undefined;
  /** When the kernel forgets it if no packet comes: CTA_TIMEOUT. Undefined where it is offloaded and has no end. */
  readonly expiresSeconds: number | undefined;
  /** What is translated: the source (masquerading is that, too), the destination, or both. IPS_SRC_NAT, IPS_DST_NAT. */
  readonly kind: 'source' | 'destination' | 'both';
  /** As the packet that began it was sent: CTA_TUPLE_ORIG. */
  readonly original: NatTuple;
  /** As the replies come in: CTA_TUPLE_REPLY. Their source is who really answers, their destination who seems to ask. */
  readonly reply: NatTuple;
  /**
   * The port that replies are sent to: where the source is masqueraded, the port it is known by outside; for an ICMP query
   * the identifier. Undefined for protocols without ports.
   */
  readonly masqueradePort: number | undefined;
  /** CTA_MARK; 0 where none is set, or where the kernel has no marks. */
  readonly mark: number;
  /** The zone that keeps equal addresses apart, or that of one direction: CTA_ZONE. 0 is the usual one. */
  readonly zone: number;
  /**
   * How TCP's sequence numbers are moved, where a helper has changed the length of what is sent: CTA_SEQ_ADJ_ORIG.
   * Undefined where they are not, and from /proc/net/nf_conntrack, which does not tell.
   */
  readonly sequence: NatSequence | undefined;
}

/** How TCP's sequence numbers are moved, in one direction. */
export interface NatSequence {
  /** From this sequence number on `offsetAfter` is added: CTA_SEQADJ_CORRECTION_POS. */
  readonly position: number;
  /** Added up to there, in bytes: CTA_SEQADJ_OFFSET_BEFORE. */
  readonly offsetBefore: number;
  /** CTA_SEQADJ_OFFSET_AFTER. */
  readonly offsetAfter: number;
}

/** `ctnetlink`: the kernel's connections by netlink; `nf_conntrack`: the text in /proc/net. */
export type NatSource = 'ctnetlink' | 'nf_conntrack';

export interface NatReading {
  readonly records: NatRecords;
  /** Messages or lines that made no sense and were left out: each may be an entry that is missing. */
  readonly malformed: number;
  /** Entries that the kernel gave twice and that were left out. */
  readonly duplicates: number;
  /** The kernel said that its table changed under the reading. */
  readonly interrupted: boolean;
}

/** The connections under NAT, in the kernel's order. Rows are made when they are asked for. */
export class NatTable implements Iterable<NatEntry> {
  /** What it was read by. */
  readonly source: NatSource;
  /** What would have been better than `source`, and why it was not used. */
  readonly better: readonly PassedOver[];
  /** Messages or lines that made no sense and were left out: each may be an entry that is missing. */
  readonly malformed: number;
  /** Entries that the kernel gave twice and that were left out. */
  readonly duplicates: number;
  /** The kernel said that its table changed under the reading. */
  readonly interrupted: boolean;
  /**
   * The entries as bytes: see nat-record.ts.
   * @internal
   */
  readonly records: NatRecords;

  /** @internal */
  constructor(source: NatSource, better: readonly PassedOver[], reading: NatReading) {
    this.source = source;
    this.better = better;
    this.malformed = reading.malformed;
    this.duplicates = reading.duplicates;
    this.interrupted = reading.interrupted;
    this.records = reading.records;
  }

  /** Number of connections. */
  get length(): number {
    return this.records.length;
  }

  /** True where nothing is known to be missing. */
  get complete(): boolean {
    return this.malformed === 0 && !this.interrupted;
  }

  /** The entry at an index; throws a RangeError where there is none. */
  row(index: number): NatEntry {
    return entryOf(this.records.at(index));
  }

  /** Walks the table; each entry is made when its turn comes. */
  *[Symbol.iterator](): Generator<NatEntry, void, undefined> {
    for (let index = 0; index < this.length; index++) yield this.row(index);
  }
}

function entryOf(record: NatRecord): NatEntry {
  const { view, at } = record;
  const told = view.getUint16(at + NatField.told, LITTLE);
  const has = (bit: number): boolean => (told & bit) !== 0;
  const u32 = (field: number): number => view.getUint32(at + field, LITTLE);
  const state = view.getUint8(at + NatField.tcpState);
  const hasPorts = has(Told.ports) || has(Told.icmp);
  return {
    family: view.getUint8(at + NatField.family) === Family.inet6 ? 'inet6' : 'inet',
    protocol: natProtocolName(view.getUint8(at + NatField.protocol)),
    protocolNumber: view.getUint8(at + NatField.protocol),
    state: has(Told.tcpState) ? (NAT_STATES[state] ?? `unknown-${state}`) : undefined,
    expiresSeconds: has(Told.expires) ? u32(NatField.expires) : undefined,
    kind: KINDS[view.getUint8(at + NatField.nat) - 1]!,
    original: tupleOf(record, ORIGINAL, told),
    reply: tupleOf(record, REPLY, told),
    masqueradePort: hasPorts ? view.getUint16(at + NatField.replyDestinationPort, LITTLE) : undefined,
    mark: u32(NatField.mark),
    zone: view.getUint16(at + NatField.zone, LITTLE),
    sequence: has(Told.sequence) ? sequenceOf(record) : undefined,
  };
}

/** By the bits of `nat`, less 1: a record has one of them at least. */
const KINDS = ['source', 'destination', 'both'] as const;

/** Where a direction's fields are; `asker` is the one of its ports in whose place an ICMP query has its identifier. */
interface Direction {
  readonly source: number;
  readonly destination: number;
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly asker: 'source' | 'destination';
  readonly packets: number;
  readonly bytes: number;
  readonly counted: number;
}

const ORIGINAL: Direction = {
  source: NatField.source,
  destination: NatField.destination,
  sourcePort: NatField.sourcePort,
  destinationPort: NatField.destinationPort,
  asker: 'source',
  packets: NatField.sentPackets,
  bytes: NatField.sentBytes,
  counted: Told.sentCounters,
};

const REPLY: Direction = {
  source: NatField.replySource,
  destination: NatField.replyDestination,
  sourcePort: NatField.replySourcePort,
  destinationPort: NatField.replyDestinationPort,
  asker: 'destination',
  packets: NatField.replyPackets,
  bytes: NatField.replyBytes,
  counted: Told.replyCounters,
};

function tupleOf({ bytes, view, at }: NatRecord, direction: Direction, told: number): NatTuple {
  const family = view.getUint8(at + NatField.family);
  const sourcePort = view.getUint16(at + direction.sourcePort, LITTLE);
  const destinationPort = view.getUint16(at + direction.destinationPort, LITTLE);
  const [id, query] =
    direction.asker === 'source' ? [sourcePort, destinationPort] : [destinationPort, sourcePort];
  const hasPorts = (told & Told.ports) !== 0;
  const isCounted = (told & direction.counted) !== 0;
  return {
    source: addressText(bytes, at + direction.source, family),
    sourcePort: hasPorts ? sourcePort : undefined,
    destination: addressText(bytes, at + direction.destination, family),
    destinationPort: hasPorts ? destinationPort : undefined,
    icmp: (told & Told.icmp) !== 0 ? { id, type: query >> 8, code: query & 0xff } : undefined,
    packets: isCounted ? view.getBigUint64(at + direction.packets, LITTLE) : undefined,
    bytes: isCounted ? view.getBigUint64(at + direction.bytes, LITTLE) : undefined,
  };
}

function sequenceOf({ view, at }: NatRecord): NatSequence {
  return {
    position: view.getUint32(at + NatField.sequencePosition, LITTLE),
    offsetBefore: view.getInt32(at + NatField.offsetBefore, LITTLE),
    offsetAfter: view.getInt32(at + NatField.offsetAfter, LITTLE),
  };
}

const PROTOCOL_NAMES: Readonly<Record<number, string>> = {
  1: 'icmp',
  4: 'ipip',
  6: 'tcp',
  17: 'udp',
  33: 'dccp',
  41: 'ipv6',
  47: 'gre',
  50: 'esp',
  51: 'ah',
  58: 'icmpv6',
  132: 'sctp',
  136: 'udplite',
};

/** The name of an IP protocol that may be under NAT; the number for one that has none here. */
export function natProtocolName(protocol: number): string {
  return PROTOCOL_NAMES[protocol] ?? String(protocol);
}
