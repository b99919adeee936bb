import { GroupLines } from '../kernel-tables/groups.ts';

/**
 * Where netstat 2.10 is odd in the tables of multicast groups and of the families that Linux has given up, and where this
 * program departs from it, with what was seen.
 */

// Oddities that are reproduced stand with the parsers: IPX prints its queues the wrong way round and its ports with their
// bytes swapped, X.25 leaves out the source's tenth character, and both take missing fields from the line before.

// Departures. One more stands with the parser of groups, src/kernel-tables/groups.ts: `hasFourWords`.

/**
 * Each round of -c tells anew what form the files of groups have. netstat remembers from the first round that it has seen
 * igmp6, and takes igmp for igmp6 from the second round on.
 * Seen: in round 1 `lo              1      224.0.0.1`, in round 2 `E0              0      0:1::100:0` for the same line,
 * and `warning, got bogus igmp6 line 1.`
 */
export function groupLinesOfRound(): GroupLines {
  return new GroupLines();
}

/**
 * A state that netstat has no word for. netstat reads past its table, prints what it finds there, or crashes.
 * Seen: `(null)` for the AX.25 state 5, a segmentation fault for 6; `Ip6`, another string of the program's, for the ROSE
 * state 4, which is the kernel's for a channel that is being reset.
 */
export function unknownLegacyState(): string {
  return 'UNKNOWN';
}

/**
 * What is said, on stdout, of a line that cannot be read; `word`: "problem" or "Problem". netstat says it of most such
 * lines of AX.25, NET/ROM and ROSE; where a line is too short to have all columns it goes on in what its buffer still
 * holds of the line before.
 * Seen: an empty line of /proc/net/nr printed as `g          g          g       CONN SENT`, of /proc/net/x25 likewise;
 * a segmentation fault where /proc/net/ax25 begins with one.
 */
export function unreadableLegacyLine(word: string, path: string): string {
  return `${word} reading data from ${path}\n`;
}

/**
 * An address, a callsign or a device, whole, with blanks behind it. netstat has no room for the end of some of them:
 * in ROSE nine bytes for callsigns, ten for addresses, six for devices; sixteen for devices in X.25 and NET/ROM. What is
 * longer runs into the text that stands behind it in memory.
 * Seen: an empty `dest_addr` beside a ROSE source address of ten digits, which is what such addresses have; an empty
 * `dest_call` beside the source call AB1CDE-15; `M` for the address of an X.25 socket of the device wxyzABCDEFGHIJKLM.
 */
export function wholeCell(text: string, width: number): string {
  return text.padEnd(width);
}
