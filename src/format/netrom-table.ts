import type { NetromSocket } from '../kernel-tables/netrom-sockets.ts';
import { queueCells, sequenceCells, stateCell } from './legacy-cells.ts';
import { wholeCell } from './netstat-legacy-quirks.ts';

export const NETROM_HEADING =
  'Active NET/ROM sockets\n' +
  'User       Dest       Source     Device  State        Vr/Vs    Send-Q  Recv-Q\n';

export const CONNECTION_STATES = ['LISTENING', 'CONN SENT', 'DISC SENT', 'ESTABLISHED'];

/** A row: a byte string. */
export function netromLine(row: NetromSocket): string {
  const ends = `${row.user.padEnd(9)}  ${row.destination.padEnd(9)}  ${row.source.padEnd(9)}`;
  const state = `${wholeCell(row.device, 6)}  ${stateCell(CONNECTION_STATES, row.state)}`;
  const sequences = sequenceCells(row.received, row.sent, 3);
  return `${ends}  ${state}  ${sequences}  ${queueCells(row.sendQ, row.recvQ)}\n`;
}
