import { endianness } from 'node:os';
import type { InetSocket, UnixSocket } from './sockets.ts';

// The kernel's formats, as its files show them.

const INET_HEADING =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode';
const UNIX_HEADING = 'Num       RefCount Protocol Flags    Type St Inode Path';

/** The kernel pads the rows of the IPv4 tables with blanks. */
const IPV4_WIDTH = 149;

export function inetText(sockets: readonly InetSocket[]): Uint8Array {
  return Buffer.from([INET_HEADING.padEnd(IPV4_WIDTH), ...sockets.map(inetLine), ''].join('\n'), 'latin1');
}

export function inetLine(socket: InetSocket, index: number): string {
  const line = [
    `${String(index).padStart(4)}:`,
    `${addressText(socket.local)}:${hex(socket.localPort, 4)}`,
    `${addressText(socket.remote)}:${hex(socket.remotePort, 4)}`,
    hex(socket.state, 2),
    `${hex(socket.sendQ, 8)}:${hex(socket.recvQ, 8)}`,
    `${hex(socket.timer, 2)}:${hex(socket.ticks, 8)}`,
    hex(socket.retrans, 8),
    String(socket.uid).padStart(5),
    String(socket.probes).padStart(8),
    `${socket.inode} 2 000000004fdb194a 20 4 30 10 -1`,
  ].join(' ');
  return socket.family === 2 ? line.padEnd(IPV4_WIDTH) : line;
}

/** Each four bytes as one number of the machine. */
function addressText(address: readonly number[]): string {
  const view = new DataView(Uint8Array.from(address).buffer);
  let text = '';
  for (let at = 0; at < address.length; at += 4) text += hex(view.getUint32(at, endianness() === 'LE'), 8);
  return text;
}

export function unixText(sockets: readonly UnixSocket[]): Uint8Array {
  const lines = sockets.flatMap((socket) => [unixLine(socket), Buffer.from('\n')]);
  return Buffer.concat([Buffer.from(`${UNIX_HEADING}\n`), ...lines]);
}

export function unixLine({ type, state, inode, refs, name }: UnixSocket): Uint8Array {
  const flags = state === 10 ? 0x10000 : 0;
  const fixed = [
    '000000003e8d36d5:',
    hex(refs, 8),
    hex(0, 8),
    hex(flags, 8),
    hex(type, 4),
    hex(state === 1 ? 3 : 1, 2),
    String(inode).padStart(5),
  ].join(' ');
  const shown = name.map((byte) => (byte === 0 ? 0x40 : byte));
  return Buffer.concat([Buffer.from(fixed), Buffer.from(name.length > 0 ? [0x20, ...shown] : [])]);
}

function hex(value: number, width: number): string {
  return value.toString(16).toUpperCase().padStart(width, '0');
}
