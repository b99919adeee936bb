import { linePieces } from './line-pieces.ts';
import { LineScanner, leadingHex } from './line-scanner.ts';

/** A socket of /proc/net/ipx/socket. */
export interface IpxSocket {
  /** Address and port as netstat writes them; `-` for a remote end that is not connected. */
  readonly local: string;
  readonly remote: string;
  /** Tx_Queue and Rx_Queue, bytes. */
  readonly sendQ: bigint;
  readonly recvQ: bigint;
  /** A TCP_* number. */
  readonly state: number;
  /** Unsigned, of 32 bits. */
  readonly uid: number;
}

/** netstat gives up at an address without a port: which one that is. */
export type IpxEnd = 'source' | 'destination';

const LINE_BYTES = 255;
const NOT_CONNECTED = 'Not_Connected';

/**
 * Rows in the file's order, up to the first address without a port. As in netstat a field that a line lacks is what the
 * line before it had there, in the form in which it was printed; nothing before the first line.
 */
export function* parseIpxSockets(bytes: Uint8Array): Generator<IpxSocket | IpxEnd, void, undefined> {
  let row: IpxSocket = { local: '', remote: '', sendQ: 0n, recvQ: 0n, state: 0, uid: 0 };
  let heading = true;
  const localPort = { number: 0 };
  const remotePort = { number: 0 };
  for (const line of linePieces(bytes, LINE_BYTES)) {
    if (heading) {
      heading = false;
      continue;
    }
    const fields = new LineScanner(line);
    const local = endpointText(fields.word() ?? row.local, localPort);
    const named = fields.word() ?? row.remote;
    const remote = named === NOT_CONNECTED ? '-' : endpointText(named, remotePort);
    if (local === undefined || remote === undefined) {
      yield local === undefined ? 'source' : 'destination';
      return;
    }
    const { sendQ, recvQ, state, uid } = row;
    row = {
      local,
      remote,
      sendQ: signedLong(fields.hex()) ?? sendQ,
      recvQ: signedLong(fields.hex()) ?? recvQ,
      state: fields.int() ?? state,
      uid: (fields.int() ?? uid) >>> 0,
    };
    yield row;
  }
}

function signedLong(value: bigint | undefined): bigint | undefined {
  return value === undefined ? undefined : BigInt.asIntN(64, value);
}

/** `address:port`, the port with its two bytes swapped. A port that is none is the one printed before. */
function endpointText(text: string, port: { number: number }): string | undefined {
  const colon = text.lastIndexOf(':');
  if (colon < 0) return undefined;
  const digits = new LineScanner(text, colon + 1).hex();
  const value = digits === undefined ? port.number : Number(BigInt.asUintN(16, digits));
  port.number = ((value & 0xff) << 8) | (value >> 8);
  return `${addressText(text.slice(0, colon))}:${upperHex(port.number, 4)}`;
}

const NO_NETWORK = 0xffff_ffffn;
const NODE = /^:([0-9a-fA-F]{0,12})/;
const NO_NODE = '000000000000';

/** `network:node`, as far as they are not 0: eight and twelve hexadecimal digits. */
function addressText(text: string): string {
  const { value, end } = leadingHex(text);
  if (value === 0n || value === NO_NETWORK) return '';
  const node = (NODE.exec(text.slice(end))?.[1] ?? '').padEnd(12, '0').toUpperCase();
  const network = Number(BigInt.asUintN(32, value));
  const parts = network === 0 ? [] : [upperHex(network, 8)];
  if (node !== NO_NODE) parts.push(node);
  return parts.join(':');
}

function upperHex(value: number, digits: number): string {
  return value.toString(16).toUpperCase().padStart(digits, '0');
}
