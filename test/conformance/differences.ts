import type { ExpectedSocket } from '../kernel/scene.ts';
import type { Row, Scan } from './capture.ts';

/** What a row must show: every field that the scene knows. `undefined`: the source must not claim to know it. */
export type Expectation = { readonly [Field in Exclude<keyof Row, 'path'>]?: Row[Field] | undefined };

/** A way in which a source cannot give what an ideal one would. */
export interface Difference {
  readonly because: string;
  /** Not every kernel has it. */
  readonly someKernels?: true;
  applies(socket: ExpectedSocket, scan: Scan): boolean;
  /** Fields that read otherwise, or that nobody can foretell; `absent`: there is no row. */
  becomes(socket: ExpectedSocket): Expectation | { readonly unknown: keyof Row } | 'absent';
}

const isUnix = (socket: ExpectedSocket): boolean => socket.protocol === 'unix';

const netlink: readonly Difference[] = [
  {
    because: 'this kernel has no diag handler for raw sockets',
    someKernels: true,
    applies: (socket, scan) => socket.protocol === 'raw' && scan.abilities.raw?.source !== 'netlink',
    becomes: () => 'absent',
  },
  {
    because:
      'a connection request that waits for data counts its timeouts in /proc, its retransmissions in netlink',
    applies: (socket) => socket.state === 'syn-recv',
    becomes: () => ({ unknown: 'retrans' }),
  },
  {
    because: 'a socket in the making has no tcp_info',
    applies: (socket) => socket.state === 'syn-recv' || socket.state === 'time-wait',
    becomes: () => ({ unknown: 'probes' }),
  },
  {
    because: 'an embryo is no unix_diag row: it comes from /proc with the references, as /proc has it',
    applies: (socket) => socket.embryo === true,
    becomes: () => ({ recvQ: undefined, sendQ: undefined, uid: undefined, cookie: undefined }),
  },
];

const procfs: readonly Difference[] = [
  {
    because: '/proc/net prints no cookie',
    applies: (socket) => socket.cookie !== undefined,
    becomes: () => ({ cookie: undefined }),
  },
  {
    because: '/proc/net prints no device',
    applies: (socket) => (socket.ifindex ?? 0) !== 0,
    becomes: () => ({ ifindex: 0 }),
  },
  {
    because: '/proc/net/tcp prints 0 for the backlog limit',
    applies: (socket) => socket.protocol === 'tcp' && socket.state === 'listen',
    becomes: () => ({ sendQ: undefined }),
  },
  {
    because: '/proc/net/unix prints neither queues nor users nor peers',
    applies: isUnix,
    becomes: () => ({ recvQ: undefined, sendQ: undefined, uid: undefined, unixPeer: 0 }),
  },
  {
    because: '/proc/net/unix prints NULs as @',
    applies: (socket) => /^(?:..)+00/.test(socket.path ?? ''),
    becomes: (socket) => ({
      pathBytes: `00${socket.path!.slice(2).replace(/../g, (byte) => (byte === '00' ? '40' : byte))}`,
    }),
  },
  {
    because: '/proc/net/unix prints an abstract name and a path that begins with @ alike',
    applies: (socket) => socket.path?.startsWith('40') === true,
    becomes: (socket) => ({ pathBytes: `00${socket.path!.slice(2)}` }),
  },
];

export const DIFFERENCES: Readonly<Record<'netlink' | 'procfs', readonly Difference[]>> = { netlink, procfs };

/** What an ideal source shows of a socket. */
export function idealRow(socket: ExpectedSocket): Expectation {
  const { name: _, path, backlog, embryo, ...same } = socket;
  const listening = backlog === undefined ? {} : { sendQ: backlog };
  if (!isUnix(socket)) return { ifindex: 0, ...same, ...listening };
  const named = path === '' || path === undefined ? undefined : path;
  const ideal = { ...same, pathBytes: named, unixFlags: socket.state === 'listen' ? 0x10000 : 0 };
  return embryo === true ? { ...ideal, state: 'syn-sent' } : ideal;
}

/** What that source shows of it, or undefined when it has no row. */
export function expectedRow(
  socket: ExpectedSocket,
  scan: Scan,
  differences: readonly Difference[],
): Expectation | undefined {
  let row: Record<string, unknown> = { ...idealRow(socket) };
  for (const difference of differences) {
    if (!difference.applies(socket, scan)) continue;
    const becomes = difference.becomes(socket);
    if (becomes === 'absent') return undefined;
    if ('unknown' in becomes) delete row[becomes.unknown];
    else row = { ...row, ...becomes };
  }
  return row;
}
