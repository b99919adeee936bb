import type { CounterEntry, NamedEntry, TitledEntries } from '../kernel-tables/counter-text.ts';
import type { Counter } from '../kernel-tables/statistics.ts';
import type { StatisticsProtocol } from './statistics-sections.ts';
import type { Histogram, Sentence, Sentences } from './statistics-sentence.ts';

/** Where the statistics of netstat 2.10 are odd, and where this program departs from them, with what was seen. */

// Oddities that are reproduced.

/**
 * Counters that netstat has a sentence for and does not find. They are shown as those that it does not know.
 * Seen: `TCPTimeouts: 7`, where `7 other TCP timeouts` was meant; `Forwarding: 1`, which was to be hidden as DefaultTTL is.
 */
export function sentenceFound(known: Sentences, name: string): Sentence | undefined {
  return NOT_FOUND.has(name) ? undefined : known.get(name);
}

const NOT_FOUND: ReadonlySet<string> = new Set([
  // Ip
  'Forwarding',
  // TcpExt
  'TCPDirectCopyFromPrequeue',
  'TCPDSACKOfoRecv',
  'TCPDSACKOfoSent',
  'TCPDSACKOldSent',
  'TCPDSACKRecv',
  'TCPDSackUndo',
  'TCPDSACKUndo',
  'TCPLoss',
  'TCPPrequeueDropped',
  'TCPRenoRecoveryFail',
  'TCPRenoRecoveryFailed',
  'TCPSackFailures',
  'TCPSackRecovery',
  'TCPSackRecoveryFail',
  'TCPSACKReneging',
  'TCPTimeouts',
  'TWKilled',
  // Icmp6
  'Icmp6OutRouterAdvertisements',
]);

/**
 * How far a line stands in: what was met last decides, a line of a histogram or another one that netstat knows. A counter that
 * it does not know goes along, and so does the title of a group that it does not know.
 * Seen: `        OutType3: 1` below `IcmpMsg:` in `-s`, `    OutType3: 1` in `-st`.
 */
export function indentation(last: Histogram | undefined): string {
  return last === undefined ? '    ' : '        ';
}

/**
 * The heading of a histogram stands in as the lines before it do, and needs no line of its own below it.
 * Seen: `        ICMP output histogram:` in `-s6`, where the kernel names what is sent before what is received.
 */
export function histogramHeading(histogram: Histogram, before: Histogram | undefined): string {
  return `${indentation(before)}ICMP ${histogram} histogram:\n`;
}

/**
 * A group that netstat does not know (`protocol` is undefined) is shown whatever was asked for.
 * Seen: `UdpLite:`, `IpExt:` and its counters in `-st`, and nothing else in `-sU`.
 */
export function groupIsShown(
  protocol: StatisticsProtocol | undefined,
  asked: ReadonlySet<StatisticsProtocol>,
): boolean {
  return protocol === undefined || asked.has(protocol);
}

/** In every other file what is no number is 0. Seen: `0 packet receive errors` for names that have no values. */
export function zeroWhereMissing({ name, value = 0n }: NamedEntry): Counter {
  return { name, value };
}

/**
 * Groups of /proc/net/snmp that `-s6` shows, too. Seen: `Tcp:` without `TcpExt:`, which is in a file that it does not read;
 * a `TcpExt:` that stands in /proc/net/snmp. It does not say there that a line had no colon.
 */
export function isBesideInet6({ title }: Pick<TitledEntries, 'title'>): boolean {
  return title.startsWith('Tcp');
}

// Departures, in what netstat's buffers hold of former lines. The kernel writes no such lines.

/**
 * In /proc/net/snmp6 a line takes what it lacks from the line before: its value, or both.
 * Seen: `5 total packets received` twice for `Ip6InReceives 5` and an empty line, and `Ip6Bar: 5` after it for `Ip6Bar`.
 *
 * The departure: a name is carried over whole. netstat's own, if it has more than 63 bytes, is overwritten by the empty line
 * below it, be that the newline that its buffer of 1023 bytes has cut off.
 * Seen: 64 bytes of the name, a newline and `: 5`.
 */
export function carriedOver(entries: readonly CounterEntry[]): Counter[] {
  let last: Counter = { name: '', value: 0n };
  return entries.map(({ name = last.name, value = last.value }) => {
    last = { name, value };
    return last;
  });
}

/**
 * The counters of /proc/net/sctp/snmp; a line without a value is not among them. netstat leaves it out, too, but for the last
 * line where it lacks the newline as well: that one gets the value of the line before.
 * Seen: `0 Number of Graceful Terminations` for `SctpShutdowns` after `SctpAborteds abc`.
 */
export function sctpCounters(entries: readonly NamedEntry[]): Counter[] {
  return entries.map(zeroWhereMissing);
}
