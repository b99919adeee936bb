import type { SockscopeError } from '../errors.ts';
import type { ProtocolName } from '../socket/protocol.ts';
import type { DumpReport } from '../table/report.ts';
import { errnoOfOpening } from './errno.ts';
import type { MissingTable } from './missing-table.ts';

/** A table of sockets that could not be read, by netstat's name. Throws where Node.js refuses to look at its file. */
export function unreadTable(
  protocol: ProtocolName,
  netDirectory: string,
  error: SockscopeError,
): MissingTable {
  const label = protocol === 'unix' ? 'AF UNIX' : `AF INET (${protocol})`;
  const path = `${netDirectory}/${protocol}`;
  // Where it was not the kernel that refused, Node.js may have: the look throws what it said.
  return { label, path, errno: error.errno ?? errnoOfOpening(path) };
}

/** For stderr, of what made no sense in a dump: netstat's line for each line of text, ours for netlink's messages. */
export function malformedLines(
  protocol: ProtocolName,
  { source, malformed }: Pick<DumpReport, 'source' | 'malformed'>,
  program: string,
): string {
  if (source !== 'procfs')
    return `${program}: ${malformed} malformed messages from the kernel were left out\n`;
  const word = protocol === 'udplite' ? 'udp' : protocol;
  return `warning, got bogus ${word} line.\n`.repeat(malformed);
}
