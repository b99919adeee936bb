import { linePieces } from './line-pieces.ts';
import { LineScanner } from './line-scanner.ts';

/** A socket of /proc/net/ax25. Callsigns are byte strings, one character a byte. */
export interface Ax25Socket {
  readonly destination: string;
  readonly source: string;
  readonly device: string;
  /** AX25_STATE_*: 0 listening, 1 SABM sent, 2 DISC sent, 3 connected, 4 recovering. */
  readonly state: number;
  /** V(R), V(S). */
  readonly received: number;
  readonly sent: number;
  /** Snd-Q, Rcv-Q: bytes; 0 where the kernel prints stars. */
  readonly sendQ: number;
  readonly recvQ: number;
}

const LINE_BYTES = 256;
/** Numbers between V(R) and the queues: V(A), and of four timers and their like the present value and the set one. */
const PASSED_OVER = 14;

/** Rows in the file's order, which has no heading; undefined for a line that is none. */
export function* parseAx25Sockets(bytes: Uint8Array): Generator<Ax25Socket | undefined, void, undefined> {
  for (const line of linePieces(bytes, LINE_BYTES)) yield rowOf(line);
}

function rowOf(line: string): Ax25Socket | undefined {
  const words = line.split(' ', 4);
  const rest = line.slice(words.join(' ').length);
  // Where the fourth word is the last one netstat goes on in the line before.
  if (!rest.startsWith(' ')) return undefined;
  const [, device, source, path] = words as [string, string, string, string];
  const fields = new LineScanner(rest);
  const state = fields.int();
  const sent = fields.int();
  const received = fields.int();
  if (state === undefined || sent === undefined || received === undefined) return undefined;
  for (let i = 0; i < PASSED_OVER; i++) fields.int();
  const sendQ = fields.int();
  const recvQ = fields.int();
  if (sendQ !== undefined && recvQ === undefined) return undefined;
  const destination = path.split(',', 1)[0]!;
  return { destination, source, device, state, received, sent, sendQ: sendQ ?? 0, recvQ: recvQ ?? 0 };
}
