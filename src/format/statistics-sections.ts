import { SCTP, UDP, UDP6 } from './statistics-datagrams.ts';
import { ICMP, ICMP6 } from './statistics-icmp.ts';
import { IP, IP6 } from './statistics-ip.ts';
import type { Sentences } from './statistics-sentence.ts';
import { TCP, TCP_EXT } from './statistics-tcp.ts';

/** What parts of the statistics are asked for by. `raw` stands for IP and ICMP, `udplite` for nothing: no group is its own. */
export type StatisticsProtocol = 'tcp' | 'sctp' | 'udp' | 'udplite' | 'raw';

/** A group of counters that netstat knows. */
export interface Section {
  /** Shown where this one is asked for. */
  readonly protocol: StatisticsProtocol;
  readonly sentences: Sentences;
}

/** By the kernel's name of the group. */
export type Sections = ReadonlyMap<string, Section>;

/** What may stand in /proc/net/snmp and /proc/net/netstat; `Sctp` also in a file of its own. */
export const TITLED_SECTIONS: Sections = new Map<string, Section>([
  ['Ip', { protocol: 'raw', sentences: IP }],
  ['Icmp', { protocol: 'raw', sentences: ICMP }],
  ['Tcp', { protocol: 'tcp', sentences: TCP }],
  ['Udp', { protocol: 'udp', sentences: UDP }],
  ['TcpExt', { protocol: 'tcp', sentences: TCP_EXT }],
  ['Sctp', { protocol: 'sctp', sentences: SCTP }],
]);

/** What may stand in /proc/net/snmp6. */
export const SECTIONS6: Sections = new Map<string, Section>([
  ['Ip6', { protocol: 'raw', sentences: IP6 }],
  ['Icmp6', { protocol: 'raw', sentences: ICMP6 }],
  ['Udp6', { protocol: 'udp', sentences: UDP6 }],
]);
