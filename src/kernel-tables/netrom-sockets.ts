import { linePieces } from './line-pieces.ts';
import { LineScanner } from './line-scanner.ts';

/** A socket of /proc/net/nr. Callsigns are byte strings, one character a byte. */
export interface NetromSocket {
  readonly user: string;
  readonly destination: string;
  readonly source: string;
  readonly device: string;
  /** NR_STATE_*: 0 listening, 1 connection sent, 2 disconnection sent, 3 connected. */
  readonly state: number;
  /** V(R), V(S). */
  readonly received: number;
  readonly sent: number;
  /** Snd-Q, Rcv-Q: bytes. */
  readonly sendQ: number;
  readonly recvQ: number;
}

const LINE_BYTES = 256;
/** Each callsign has nine characters, and a blank after them. */
const CALLSIGN = 9;
const DESTINATION = CALLSIGN + 1;
const SOURCE = 2 * DESTINATION;
const DEVICE = 3 * DESTINATION;

/** Rows in the file's order; undefined for a line that is none. */
export function* parseNetromSockets(bytes: Uint8Array): Generator<NetromSocket | undefined, void, undefined> {
  let heading = true;
  for (const line of linePieces(bytes, LINE_BYTES)) {
    if (!heading) yield rowOf(line);
    heading = false;
  }
}

function rowOf(line: string): NetromSocket | undefined {
  // In a shorter line netstat reads what is left of the line before.
  if (line.length <= DEVICE) return undefined;
  const fields = new LineScanner(line, DEVICE);
  const device = fields.word();
  passCircuits(fields);
  const state = fields.int();
  const sent = fields.int();
  const received = fields.int();
  passTimers(fields);
  const sendQ = fields.int();
  const recvQ = fields.int();
  // A field that is missing makes all after it missing.
  if (recvQ === undefined) return undefined;
  return {
    user: line.slice(0, CALLSIGN),
    destination: line.slice(DESTINATION, DESTINATION + CALLSIGN),
    source: line.slice(SOURCE, SOURCE + CALLSIGN),
    device: device!,
    state: state!,
    received: received!,
    sent: sent!,
    sendQ: sendQ!,
    recvQ,
  };
}

/** Two pairs of circuit numbers, hexadecimal. */
function passCircuits(fields: LineScanner): void {
  for (let pair = 0; pair < 2; pair++) {
    fields.hex();
    fields.mark('/');
    fields.hex();
  }
}

/** V(A), five pairs of timers and their like, the window. */
function passTimers(fields: LineScanner): void {
  fields.int();
  for (let pair = 0; pair < 5; pair++) {
    fields.int();
    fields.mark('/');
    fields.int();
  }
  fields.int();
}
