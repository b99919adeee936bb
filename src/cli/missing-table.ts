import { EACCES, ENOENT, errorWords } from './errno.ts';
import type { Listing } from './sections.ts';

export interface MissingTable {
  /** As netstat names the table: `AF INET (tcp)`. */
  readonly label: string;
  /** The kernel's file. */
  readonly path: string;
  /** Why it could not be opened; absent when the kernel has no such table. */
  readonly errno?: number | undefined;
}

/**
 * What netstat does about a table it cannot open: a line for stderr, if any, and the exit status, if that is the end.
 *
 * A departure: a table of sockets or groups that opens and cannot be read is judged as one that cannot be opened. No kernel has such a file in /proc/net.
 * Seen: netstat asks without end for tcp, udp, raw, unix, igmp and sctp/eps that are directories; of ax25, x25, nr and rose it
 * prints the heading, and ends with 0.
 */
export function judgeMissingTable(
  { label, path, errno = ENOENT }: MissingTable,
  listing: Pick<Listing, 'explicit' | 'missingIsFine'>,
  verbose: boolean,
): { readonly line?: string; readonly status?: number } {
  if (errno !== ENOENT && errno !== EACCES) {
    return { line: `${path}: ${errorWords(errno)}\n`, status: 255 };
  }
  if (listing.missingIsFine) return {};
  const line = `netstat: no support for \`${label}' on this system.\n`;
  if (listing.explicit) return { line, status: 1 };
  return verbose ? { line } : {};
}
