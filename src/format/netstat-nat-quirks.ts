import type { MasqueradeFault } from '../kernel-tables/masquerade.ts';

/** Where netstat 2.10 is odd about `-M`, and where this program departs from it, with what was seen. */

// Oddities that are reproduced.

/** A port as a word: 0 is a star. Seen: `* -> 8 (61733)` for an ICMP entry from port 0, with `-n` as well. */
export function portWord(port: number): string {
  return port === 0 ? '*' : String(port);
}

/** The exit status behind such a complaint, and behind a file that cannot be opened. Seen: 255. */
export const MASQUERADE_FAULT_STATUS = 255;

// Departures.

/**
 * What netstat says of a table that it gives up, and then ends with 255; entries ahead of the fault are not shown.
 * Seen: the first for an empty file and for a directory, the second for a line `garbage`, the third for `tcp`.
 *
 * The departure: so it is of a first word of more than some 260 bytes, too, in an entry or behind a first line that is
 * too long. Seen: netstat writes past its room for it, and is aborted by the C library's check of the stack, status 134.
 */
export function masqueradeComplaint(fault: MasqueradeFault): string {
  return COMPLAINTS[fault];
}

const COMPLAINTS: Readonly<Record<MasqueradeFault, string>> = {
  empty: "masq_info: Internal Error `fgets() failed'.\n",
  format: "masq_info.c: Internal Error `ip_masquerade format error'.\n",
  protocol: "masq_info.c: Internal Error `ip_masquerade unknown type'.\n",
};

const ENOENT = 2;

/**
 * Whether the connections that the kernel translates today are shown in the columns of ip_masquerade, which is gone since
 * Linux 2.4: where opening it failed with `errno` because there is none.
 * Seen: "no support for `ip_masquerade' on this system.", status 1, whatever the kernel translates.
 */
export function showsPresentTable(errno: number): boolean {
  return errno === ENOENT;
}

/**
 * When an entry expires, as minutes, seconds and hundredths, for hundredths of a second. A connection that has no such
 * time, as one that is offloaded, shows zeros.
 */
export function expireCell(hundredths: bigint): string {
  const minutes = hundredths / 6000n;
  const seconds = (hundredths / 100n) % 60n;
  return `${String(minutes).padStart(3)}:${twoDigits(seconds)}.${twoDigits(hundredths % 100n)}`;
}

function twoDigits(number: bigint): string {
  return String(number).padStart(2, '0');
}
