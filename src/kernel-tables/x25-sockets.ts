import { linePieces } from './line-pieces.ts';
import { LineScanner } from './line-scanner.ts';

/** A socket of /proc/net/x25. Texts are byte strings, one character a byte. */
export interface X25Socket {
  readonly destination: string;
  /** As netstat takes it: nine characters. */
  readonly source: string;
  readonly device: string;
  /** The logical channel; 0 for a socket without one. */
  readonly channel: number;
  /** X25_STATE_*: 0 listening, 1 awaiting an accept, 2 awaiting a clear, 3 connected, 4 resetting. */
  readonly state: number;
  /** V(R), V(S). */
  readonly received: number;
  readonly sent: number;
  /** Snd-Q, Rcv-Q: bytes. */
  readonly sendQ: number;
  readonly recvQ: number;
}

const LINE_BYTES = 256;
/** Where the columns of the kernel's line begin, and where netstat ends the source. */
const SOURCE = 11;
const SOURCE_END = 20;
const DEVICE = 22;
/** Numbers between V(R) and the queues: V(A), and five timers. */
const PASSED_OVER = 6;

/**
 * Rows in the file's order; undefined for a line that is too short to be one. As in netstat a field that cannot be read is
 * what the line before had there, and the rest with it: so are the channels that the kernel prints with hexadecimal
 * letters, since netstat reads decimal digits.
 */
export function* parseX25Sockets(bytes: Uint8Array): Generator<X25Socket | undefined, void, undefined> {
  let row: X25Socket | undefined;
  let heading = true;
  for (const line of linePieces(bytes, LINE_BYTES)) {
    if (heading) heading = false;
    else if (line.length <= DEVICE) yield undefined;
    else {
      row = rowOf(line, row ?? NOTHING);
      yield row;
    }
  }
}

const NOTHING: X25Socket = {
  destination: '',
  source: '',
  device: '',
  channel: 0,
  state: 0,
  received: 0,
  sent: 0,
  sendQ: 0,
  recvQ: 0,
};

function rowOf(line: string, before: X25Socket): X25Socket {
  const fields = new LineScanner(line, DEVICE);
  const device = fields.word() ?? before.device;
  const channel = fields.int() ?? before.channel;
  const state = fields.int() ?? before.state;
  const sent = fields.int() ?? before.sent;
  const received = fields.int() ?? before.received;
  for (let i = 0; i < PASSED_OVER; i++) fields.int();
  return {
    destination: line.slice(0, SOURCE - 1),
    source: line.slice(SOURCE, SOURCE_END),
    device,
    channel,
    state,
    received,
    sent,
    sendQ: fields.int() ?? before.sendQ,
    recvQ: fields.int() ?? before.recvQ,
  };
}
