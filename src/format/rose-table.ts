import type { RoseSocket } from '../kernel-tables/rose-sockets.ts';
import { CONNECTION_STATES } from './netrom-table.ts';
import { unknownLegacyState, wholeCell } from './netstat-legacy-quirks.ts';

export const ROSE_HEADING =
  'Active ROSE sockets\n' + 'dest_addr   dest_call  src_addr    src_call  dev   lci neigh   state\n';

/** A row: a byte string. */
export function roseLine(row: RoseSocket): string {
  const { channel, neighbour, state } = row;
  const destination = `${wholeCell(row.destination, 10)}  ${wholeCell(row.destinationCall, 9)}`;
  const source = `${wholeCell(row.source, 10)}  ${wholeCell(row.sourceCall, 9)} ${wholeCell(row.device, 5)}`;
  const numbers = `${String(channel).padStart(3)} ${String(neighbour).padStart(5)}`;
  return `${destination}  ${source} ${numbers}   ${CONNECTION_STATES[state] ?? unknownLegacyState()}\n`;
}
