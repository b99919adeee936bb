import type { X25Socket } from '../kernel-tables/x25-sockets.ts';
import { queueCells, sequenceCells, stateCell } from './legacy-cells.ts';
import { wholeCell } from './netstat-legacy-quirks.ts';

export const X25_HEADING =
  'Active X.25 sockets\nDest         Source          Device  LCI  State        Vr/Vs  Send-Q  Recv-Q\n';

const STATES = ['LISTENING', 'SABM_SENT', 'DISC_SENT', 'ESTABLISHED', 'RECOVERY'];

/** A row: a byte string. */
export function x25Line(row: X25Socket): string {
  const ends = `${row.destination.padEnd(15)} ${row.source.padEnd(15)} ${wholeCell(row.device, 7)}`;
  const state = `${String(row.channel).padEnd(3)}  ${stateCell(STATES, row.state)}`;
  const sequences = sequenceCells(row.received, row.sent, 2);
  return `${ends} ${state}  ${sequences}  ${queueCells(row.sendQ, row.recvQ)}\n`;
}
