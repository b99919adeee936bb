import type { GroupChange } from '../kernel-tables/counter-changes.ts';

/** A number that follows from several counters. */
export interface Figure {
  /** As in JSON. */
  readonly name: string;
  /** A share is from 0 to 1 (where answers to former questions come in, it is more). */
  readonly kind: 'share' | 'ratio';
  readonly value: number;
  readonly words: string;
}

interface Rule extends Omit<Figure, 'value'> {
  /** Counters whose sum is divided by the sum of those of `whole`. */
  readonly part: readonly string[];
  readonly whole: readonly string[];
}

const FRAGMENTS: readonly Rule[] = [
  {
    name: 'fragmentsPerDatagram',
    kind: 'ratio',
    part: ['FragCreates'],
    whole: ['FragOKs'],
    words: 'fragments of each datagram that was fragmented',
  },
  {
    name: 'fragmentsPerReassembly',
    kind: 'ratio',
    part: ['ReasmReqds'],
    whole: ['ReasmOKs'],
    words: 'fragments for each datagram that was reassembled',
  },
];

const LOST: readonly Rule[] = [
  {
    name: 'lostShare',
    kind: 'share',
    part: ['InErrors', 'NoPorts'],
    whole: ['InDatagrams', 'InErrors', 'NoPorts'],
    words: 'of the packets that came were not delivered',
  },
];

function answered(name: string, part: string, whole: string, way: string): Rule {
  const words = `of the echo requests ${way} were answered`;
  return { name, kind: 'share', part: [part], whole: [whole], words };
}

const ICMP: readonly Rule[] = [
  answered('answersReceivedShare', 'InEchoReps', 'OutEchos', 'sent'),
  answered('answersSentShare', 'OutEchoReps', 'InEchos', 'received'),
];
const ICMP6: readonly Rule[] = [
  answered('answersReceivedShare', 'InEchoReplies', 'OutEchos', 'sent'),
  answered('answersSentShare', 'OutEchoReplies', 'InEchos', 'received'),
];

const RETRANSMITTED: Rule = {
  name: 'retransmittedShare',
  kind: 'share',
  part: ['RetransSegs'],
  whole: ['OutSegs'],
  words: 'of the segments sent out were retransmissions',
};

const RULES: ReadonlyMap<string, readonly Rule[]> = new Map([
  ['Ip', FRAGMENTS],
  ['Ip6', prefixed('Ip6', FRAGMENTS)],
  ['Icmp', ICMP],
  ['Icmp6', prefixed('Icmp6', ICMP6)],
  ['Tcp', [RETRANSMITTED]],
  ['Udp', LOST],
  ['UdpLite', LOST],
  ['Udp6', prefixed('Udp6', LOST)],
  ['UdpLite6', prefixed('UdpLite6', LOST)],
]);

/** Counters of /proc/net/snmp6 have their group's name in front. */
function prefixed(group: string, rules: readonly Rule[]): Rule[] {
  const full = (name: string): string => `${group}${name}`;
  return rules.map((rule) => ({ ...rule, part: rule.part.map(full), whole: rule.whole.map(full) }));
}

const DEVICE_RULES: readonly Rule[] = [
  {
    name: 'bytesPerPacketReceived',
    kind: 'ratio',
    part: ['rxBytes'],
    whole: ['rxPackets'],
    words: 'bytes in each packet received',
  },
  {
    name: 'bytesPerPacketSent',
    kind: 'ratio',
    part: ['txBytes'],
    whole: ['txPackets'],
    words: 'bytes in each packet sent',
  },
];

export function protocolFigures(change: GroupChange): Figure[] {
  return figures(RULES.get(change.name) ?? [], change);
}

export function deviceFigures(change: GroupChange): Figure[] {
  return figures(DEVICE_RULES, change);
}

/** Those whose whole has moved, and none of whose counters has begun anew. */
function figures(rules: readonly Rule[], { changes }: GroupChange): Figure[] {
  const byName = new Map(changes.map((change) => [change.name, change]));
  const sum = (names: readonly string[]): number =>
    names
      .map((name) => byName.get(name) ?? UNMOVED)
      .map((change) => (change.kind === 'counted' ? Number(change.difference) : Number.NaN))
      .reduce((total, difference) => total + difference);
  return rules
    .map(({ part, whole, ...rest }) => ({ ...rest, value: sum(part) / sum(whole) }))
    .filter(({ value }) => Number.isFinite(value));
}

const UNMOVED = { kind: 'counted', difference: 0n } as const;
