import {
  attribute,
  be16,
  datagram,
  done,
  type Field,
  message,
  raw,
  SOCK_DIAG_BY_FAMILY,
  TCPDIAG_GETSOCK,
  u8,
  u32,
  zeros,
} from '../unit/source/netlink-datagrams.ts';
import type { InetProtocol, InetSocket, UnixSocket } from './sockets.ts';

const INET_DIAG_INFO = 2;
const INET_DIAG_PROTOCOL = 10;
const UNIX_DIAG_NAME = 0;

/** What the kernel answers: one walk over both families, for raw sockets one each. */
export function inetDatagrams(protocol: InetProtocol, sockets: readonly InetSocket[]): Uint8Array[] {
  if (protocol !== 'raw') return dump(TCPDIAG_GETSOCK, sockets, (s, i) => inetFields(protocol, s, i), 1);
  const families = [2, 10].map((family) => sockets.filter((socket) => socket.family === family));
  return families.flatMap((members, index) =>
    dump(SOCK_DIAG_BY_FAMILY, members, (s, i) => inetFields(protocol, s, 1000 * index + i), index + 1),
  );
}

export function unixDatagrams(sockets: readonly UnixSocket[]): Uint8Array[] {
  return dump(SOCK_DIAG_BY_FAMILY, sockets, unixFields, 1);
}

function dump<S>(
  type: number,
  sockets: readonly S[],
  fields: (socket: S, index: number) => readonly Field[],
  sequence: number,
): Uint8Array[] {
  const rows = sockets.map((socket, index) => datagram(message(type, fields(socket, index), { sequence })));
  return [...rows, datagram(done(0, { sequence }))];
}

function inetFields(protocol: InetProtocol, socket: InetSocket, index: number): readonly Field[] {
  const spare = zeros(16 - socket.local.length, 'unused by IPv4');
  const fields = [
    u8(socket.family, 'idiag_family'),
    u8(socket.state, 'idiag_state'),
    u8(socket.timer, 'idiag_timer'),
    u8(socket.retrans, 'idiag_retrans'),
    be16(protocol === 'raw' ? 0 : socket.localPort, 'idiag_sport'),
    be16(socket.remotePort, 'idiag_dport'),
    raw(socket.local, 'idiag_src'),
    spare,
    raw(socket.remote, 'idiag_dst'),
    spare,
    u32(0, 'idiag_if'),
    u32(index + 1, 'idiag_cookie low'),
    u32(0, 'idiag_cookie high'),
    u32(socket.ticks * 10, 'idiag_expires'),
    u32(socket.recvQ, 'idiag_rqueue'),
    u32(socket.sendQ, 'idiag_wqueue'),
    u32(socket.uid, 'idiag_uid'),
    u32(socket.inode, 'idiag_inode'),
  ];
  if (protocol === 'tcp') fields.push(attribute(INET_DIAG_INFO, [0, 0, socket.retrans, socket.probes]));
  if (protocol === 'raw') fields.push(attribute(INET_DIAG_PROTOCOL, [socket.localPort & 255]));
  return fields;
}

/** The kernel sends a path with the NUL that ends it, an abstract name as it is. */
function unixFields({ type, state, inode, name }: UnixSocket, index: number): readonly Field[] {
  const fixed = [
    u8(1, 'udiag_family'),
    u8(type, 'udiag_type'),
    u8(state, 'udiag_state'),
    u8(0, 'pad'),
    u32(inode, 'udiag_ino'),
    u32(index + 1, 'udiag_cookie low'),
    u32(0, 'udiag_cookie high'),
  ];
  if (name.length === 0) return fixed;
  return [...fixed, attribute(UNIX_DIAG_NAME, name[0] === 0 ? name : [...name, 0])];
}
