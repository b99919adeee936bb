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

const IP: CounterLine = {
  label: 'packets',
  counters: [
    { group: 'Ip', name: 'InReceives', text: 'received', always: true },
    { group: 'Ip', name: 'OutRequests', text: 'sent', always: true },
    { group: 'Ip', name: 'InDiscards', text: 'discarded' },
    { group: 'Ip', name: 'InAddrErrors', text: 'with a wrong address' },
    { group: 'Ip', name: 'OutNoRoutes', text: 'without a route' },
    { group: 'Ip', name: 'ReasmFails', text: 'not reassembled' },
  ],
};
const IP6: CounterLine = {
  label: 'packets',
  counters: [
    { group: 'Ip6', name: 'Ip6InReceives', text: 'received', always: true },
    { group: 'Ip6', name: 'Ip6OutRequests', text: 'sent', always: true },
    { group: 'Ip6', name: 'Ip6InDiscards', text: 'discarded' },
    { group: 'Ip6', name: 'Ip6InAddrErrors', text: 'with a wrong address' },
    { group: 'Ip6', name: 'Ip6OutNoRoutes', text: 'without a route' },
    { group: 'Ip6', name: 'Ip6ReasmFails', text: 'not reassembled' },
  ],
};
const ICMP: CounterLine = {
  label: 'ICMP',
  counters: [
    { group: 'Icmp', name: 'InMsgs', text: 'received', always: true },
    { group: 'Icmp', name: 'OutMsgs', text: 'sent', always: true },
    { group: 'Icmp', name: 'InErrors', text: 'wrong' },
    { group: 'Icmp', name: 'InDestUnreachs', text: 'of an unreachable destination' },
    { group: 'Icmp', name: 'InTimeExcds', text: 'of a time exceeded' },
  ],
};
const ICMP6: CounterLine = {
  label: 'ICMPv6',
  counters: [
    { group: 'Icmp6', name: 'Icmp6InMsgs', text: 'received', always: true },
    { group: 'Icmp6', name: 'Icmp6OutMsgs', text: 'sent', always: true },
    { group: 'Icmp6', name: 'Icmp6InErrors', text: 'wrong' },
    { group: 'Icmp6', name: 'Icmp6InDestUnreachs', text: 'of an unreachable destination' },
    { group: 'Icmp6', name: 'Icmp6InTimeExcds', text: 'of a time exceeded' },
  ],
};
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
export const HIGHLIGHTS = { inet: [IP, ICMP], inet6: [IP6, ICMP6] } as const;

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
