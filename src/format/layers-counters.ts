/** Counters that stand on one line. */
export interface CounterLine {
  readonly label: string;
  readonly counters: readonly {
    readonly group: string;
    readonly name: string;
    readonly text: string;
    /** Shown also when it is 0. */
    readonly always?: boolean;
  }[];
}

/** The line that says how many segments were sent again, besides. */
export const SEGMENTS = 'segments';

/** Makes counters of one group; IPv6's have the group's name before their own. */
function countersOf(group: string, prefix: string) {
  return (name: string, text: string, always = false): CounterLine['counters'][number] => ({
    group,
    name: `${prefix}${name}`,
    text,
    always,
  });
}

function packets(group: 'Ip' | 'Ip6'): CounterLine {
  const counter = countersOf(group, group === 'Ip' ? '' : group);
  return {
    label: 'packets',
    counters: [
      counter('InReceives', 'received', true),
      counter('OutRequests', 'sent', true),
      counter('InDiscards', 'discarded'),
      counter('InAddrErrors', 'with a wrong address'),
      counter('OutNoRoutes', 'without a route'),
      counter('ReasmFails', 'not reassembled'),
    ],
  };
}

function icmp(group: 'Icmp' | 'Icmp6'): CounterLine {
  const counter = countersOf(group, group === 'Icmp' ? '' : group);
  return {
    label: group === 'Icmp' ? 'ICMP' : 'ICMPv6',
    counters: [
      counter('InMsgs', 'received', true),
      counter('OutMsgs', 'sent', true),
      counter('InErrors', 'wrong'),
      counter('InDestUnreachs', 'of an unreachable destination'),
      counter('InTimeExcds', 'of a time exceeded'),
    ],
  };
}

const TCP_OPENING: CounterLine = {
  label: 'opened',
  counters: [
    { group: 'Tcp', name: 'ActiveOpens', text: 'from here', always: true },
    { group: 'Tcp', name: 'PassiveOpens', text: 'from there', always: true },
    { group: 'Tcp', name: 'AttemptFails', text: 'failed' },
    { group: 'Tcp', name: 'EstabResets', text: 'reset' },
    { group: 'TcpExt', name: 'ListenOverflows', text: 'lost to full accept queues' },
  ],
};
const TCP_SEGMENTS: CounterLine = {
  label: SEGMENTS,
  counters: [
    { group: 'Tcp', name: 'InSegs', text: 'received', always: true },
    { group: 'Tcp', name: 'OutSegs', text: 'sent', always: true },
    { group: 'Tcp', name: 'InErrs', text: 'bad' },
  ],
};
const UDP: CounterLine = {
  label: 'datagrams',
  counters: [
    { group: 'Udp', name: 'InDatagrams', text: 'received', always: true },
    { group: 'Udp', name: 'OutDatagrams', text: 'sent', always: true },
    { group: 'Udp', name: 'NoPorts', text: 'to no port' },
    { group: 'Udp', name: 'InErrors', text: 'not received' },
    { group: 'Udp', name: 'RcvbufErrors', text: 'for lack of room' },
  ],
};

/** What of IP and ICMP one screen has room for. */
export const HIGHLIGHTS = {
  inet: [packets('Ip'), icmp('Icmp')],
  inet6: [packets('Ip6'), icmp('Icmp6')],
} as const;

/** By protocol: what it is called, netstat's letter for it, and counters of it. */
export const PROTOCOLS: Readonly<
  Record<
    string,
    { readonly label: string; readonly letter: string; readonly counters?: readonly CounterLine[] }
  >
> = {
  tcp: { label: 'TCP', letter: 't', counters: [TCP_OPENING, TCP_SEGMENTS] },
  udp: { label: 'UDP', letter: 'u', counters: [UDP] },
  udplite: { label: 'UDP-Lite', letter: 'U' },
  raw: { label: 'raw', letter: 'w' },
  unix: { label: 'unix', letter: 'x' },
};
