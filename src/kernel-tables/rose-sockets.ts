import { linePieces } from './line-pieces.ts';
import { LineScanner } from './line-scanner.ts';

/** A socket of /proc/net/rose. Addresses and callsigns are byte strings, one character a byte. */
export interface RoseSocket {
  readonly destination: string;
  readonly destinationCall: string;
  readonly source: string;
  readonly sourceCall: string;
  readonly device: string;
  /** The logical channel, the number of the neighbour. */
  readonly channel: number;
  readonly neighbour: number;
  /** ROSE_STATE_*: 0 listening, 1 call sent, 2 clear sent, 3 connected, 4 resetting, 5 deferred. */
  readonly state: number;
}

const LINE_BYTES = 256;

/** Rows in the file's order; undefined for a line that is none. */
export function* parseRoseSockets(bytes: Uint8Array): Generator<RoseSocket | undefined, void, undefined> {
  let heading = true;
  for (const line of linePieces(bytes, LINE_BYTES)) {
    if (!heading) yield rowOf(line);
    heading = false;
  }
}

function rowOf(line: string): RoseSocket | undefined {
  const fields = new LineScanner(line);
  const [destination, destinationCall, source, sourceCall, device] = Array.from({ length: 5 }, () =>
    fields.word(),
  ) as [string, string, string, string, string];
  const channel = fields.int();
  const neighbour = fields.int();
  const state = fields.int();
  // A field that is missing makes all after it missing.
  if (state === undefined) return undefined;
  return {
    destination,
    destinationCall,
    source,
    sourceCall,
    device,
    channel: channel!,
    neighbour: neighbour!,
    state,
  };
}
