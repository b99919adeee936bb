import type { Ax25Socket } from '../kernel-tables/ax25-sockets.ts';
import { queueCells, sequenceCells, stateCell } from './legacy-cells.ts';

export const AX25_HEADING =
  'Active AX.25 sockets\nDest       Source     Device  State        Vr/Vs    Send-Q  Recv-Q\n';

const STATES = ['LISTENING', 'SABM SENT', 'DISC SENT', 'ESTABLISHED', 'RECOVERY'];

/** A row: a byte string. */
export function ax25Line(row: Ax25Socket): string {
  const ends = `${row.destination.padEnd(9)}  ${row.source.padEnd(9)}  ${row.device.padEnd(6)}`;
  const sequences = sequenceCells(row.received, row.sent, 3);
  return `${ends}  ${stateCell(STATES, row.state)}  ${sequences}  ${queueCells(row.sendQ, row.recvQ)}\n`;
}
