import type { ProtocolName } from '../socket/protocol.ts';

/**
 * Where netstat 2.10 is odd, and where this program departs from it, with what was seen. Each is one function, so that
 * the list of departures in the README has one place to point to.
 */

// Oddities that are reproduced.

/**
 * Address bytes that stay in a 23-byte cell beside a port of `portLength` bytes, and no mark tells that some are gone.
 * Seen: `2001:db8:1234:5678::443` for 2001:db8:1234:5678:9abc:def0:1234:5678, `1.2.:averyveryverylongs` for 1.2.3.4.
 */
export function keptOfAddress(portLength: number): number {
  return 22 - keptOfPort(portLength);
}

/** Port bytes that stay in a 23-byte cell that would overflow: a service's name is kept up to 18. */
export function keptOfPort(portLength: number): number {
  return Math.min(portLength, 18);
}

/**
 * What is shown of the name of a mapped IPv4 address: netstat takes it for `::ffff:1.2.3.4` and leaves out what stands
 * before the first dot, up to a colon. Seen: `b.c:d` for `a:b.c:d`; all of `a:b`, and of `a.b:c`.
 */
export function mappedHostName(name: string): string {
  const dot = name.indexOf('.');
  return dot < 0 ? name : name.slice(name.slice(0, dot).lastIndexOf(':') + 1);
}

/** Bytes of a host's name in the tables of SCTP. Seen: 63 of a name of 127, IPv4 and IPv6, where TCP shows them all. */
export const SCTP_HOST_BYTES = 63;

/** User ids are printed as a signed int. Seen: `-1` for 4294967295. */
export function uidNumber(uid: number): string {
  return String(uid | 0);
}

/** UDP and raw timers have words of their own. Seen: `on1 (5.00/0/3)`, `on2`, `unkn-3`. */
export function datagramTimerWord(timer: number): string {
  if (timer === 0) return 'off';
  return timer <= 2 ? `on${timer}` : `unkn-${timer}`;
}

/** UDP never shows its retransmissions, raw sockets do. Seen: `on1 (5.00/0/3)` and `on1 (5.00/7/3)` of the same line. */
export function shownRetransmissions(protocol: ProtocolName, retrans: number): number {
  return protocol === 'udp' || protocol === 'udplite' ? 0 : retrans;
}

/**
 * A listener's Send-Q is 0: /proc/net/tcp, netstat's source, has no backlog limit, netlink has it.
 * Seen: `0` for listen(fd, 7), where ss shows 7.
 */
export const LISTEN_SEND_QUEUE = 0;

// Departures. Every word is English: netstat translates some of its own.
// Seen: `Aktive Internetverbindungen (ohne Server)` with LANGUAGE=de and a locale that is not C.

/**
 * The bytes of a word of the command line, one character a byte, as messages show them. What is no UTF-8 is U+FFFD, for
 * which Node.js has exchanged it. Seen: netstat prints the byte, as in ``Unknown address family `f\xff'.``
 */
export function argumentBytes(word: string): string {
  return Buffer.from(word).toString('latin1');
}

/**
 * A TCP state that netstat does not know. netstat reads past its table and prints other strings of the program.
 * Seen: `LISTENING`, `CONN SENT` for states 0C and 0D.
 */
export function unknownTcpState(): string {
  return 'UNKNOWN';
}

const BACKSLASH = 0x5c;
const HEX = '0123456789abcdef';

/**
 * A unix path is written whole, blanks included, and its control bytes as `\x1b`, so that a name cannot move the
 * cursor or fake a row; NUL reads `@`, as in /proc/net/unix, and bytes from 0x80 on pass.
 * Seen: netstat ends `/tmp/a b.sock` at the blank, prints ESC as it is, and warns of a bogus line after a newline.
 */
export function putPath(into: Uint8Array, at: number, heap: Uint8Array, start: number, end: number): number {
  let position = at;
  for (let i = start; i < end; i++) position = putEscaped(into, position, heap[i]!);
  return position;
}

/** Bytes that a byte of a path takes at the most. */
export const PATH_GROWTH = 4;

const LABEL_BYTES = 19;
const SLASH = 0x2f;

/**
 * A process as `-p` names it: `PID/name`, control bytes as `\x1b`, cut to 19 bytes wherever that falls; bytes from 0x80
 * on pass. Seen: `300/very-long-progr` for very-long-program-name-here, half a character of two bytes at the end; but ESC
 * and newline as they are, so that any user can move the cursor of whoever looks, and fake a row.
 */
export function programLabel(pid: number, program: Uint8Array): Uint8Array {
  const label = new Uint8Array(LABEL_BYTES + PATH_GROWTH);
  let end = 0;
  for (const digit of String(pid)) label[end++] = digit.charCodeAt(0);
  label[end++] = SLASH;
  for (let i = 0; i < program.length && end < LABEL_BYTES; i++) end = putEscaped(label, end, program[i]!);
  return label.slice(0, Math.min(end, LABEL_BYTES));
}

function putEscaped(into: Uint8Array, at: number, byte: number): number {
  if (byte >= 0x20 && byte !== 0x7f) {
    into[at] = byte;
    return at + 1;
  }
  if (byte === 0) {
    into[at] = 0x40;
    return at + 1;
  }
  into[at] = BACKSLASH;
  into[at + 1] = 0x78;
  into[at + 2] = HEX.charCodeAt(byte >> 4);
  into[at + 3] = HEX.charCodeAt(byte & 15);
  return at + 4;
}
