/**
 * The columns of a batch, in the order in which they lie in its buffer. native/core/columns.h holds the same list; the
 * loader compares the two and refuses an addon whose layout differs.
 *
 * `element` is the array type, `lanes` how many elements make a row. The heap column `path` has n + 1 offsets into the
 * bytes that follow the last column: row i's path is heap[offset[i] .. offset[i + 1]).
 */
export const SCHEMA = [
  /** Own enumeration: `Protocol`. Kernel: sdiag_protocol. */
  { name: 'protocol', element: 'u8', lanes: 1 },
  /** AF_* number: `Family`. Kernel: idiag_family, udiag_family. */
  { name: 'family', element: 'u8', lanes: 1 },
  /** TCP_* number: `State`; 0 when the source gave none. Kernel: idiag_state, udiag_state. */
  { name: 'state', element: 'u8', lanes: 1 },
  /** Which timer runs: `Timer`; 0 when none does. Kernel: idiag_timer. */
  { name: 'timer', element: 'u8', lanes: 1 },
  /** Retransmissions without an answer. Kernel: idiag_retrans, or tcpi_retransmits where `probes` is asked as well. */
  { name: 'retrans', element: 'u8', lanes: 1 },
  /** Keepalive or zero-window probes without an answer; 255 when not known. Kernel: tcpi_probes. */
  { name: 'probes', element: 'u8', lanes: 1 },
  /** Milliseconds left on the timer; 0 when none runs. Kernel: idiag_expires. */
  { name: 'expiresMs', element: 'u32', lanes: 1 },
  /** Network order; IPv4 as ::ffff:a.b.c.d, the family tells which it was; zeros for other families. Kernel: idiag_src. */
  { name: 'localAddress', element: 'u8', lanes: 16 },
  /** As localAddress, of the other end; the unspecified address when there is none. Kernel: idiag_dst. */
  { name: 'remoteAddress', element: 'u8', lanes: 16 },
  /** Host order; for raw sockets the IP protocol number; 0 when there is none. Kernel: idiag_sport. */
  { name: 'localPort', element: 'u16', lanes: 1 },
  /** Host order; 0 when there is none. Kernel: idiag_dport. */
  { name: 'remotePort', element: 'u16', lanes: 1 },
  /** Device the socket is bound to; 0 for none, or not told (/proc). Kernel: idiag_if. */
  { name: 'ifindex', element: 'u32', lanes: 1 },
  /** Bytes waiting for the reader; on a listener, connections waiting for accept(2). Kernel: idiag_rqueue, udiag_rqueue. */
  { name: 'recvQ', element: 'u32', lanes: 1 },
  /**
   * Bytes the other side has not acknowledged; on a listener, the backlog limit. 0xFFFFFFFF when not known (the limit,
   * from /proc; both queues of unix sockets, from /proc). Kernel: idiag_wqueue, udiag_wqueue.
   */
  { name: 'sendQ', element: 'u32', lanes: 1 },
  /** User the socket belongs to. 0xFFFFFFFF when not known (unix sockets, from /proc). Kernel: idiag_uid. */
  { name: 'uid', element: 'u32', lanes: 1 },
  /** Number in sockfs; 0 for a socket no process holds (TIME_WAIT, not accepted, orphan). Kernel: idiag_inode. */
  { name: 'inode', element: 'u32', lanes: 1 },
  /** Low and high half of the kernel's id of a socket; 0 from /proc. Kernel: idiag_cookie. */
  { name: 'cookie', element: 'u32', lanes: 2 },
  /** Offsets of a unix socket's name in the heap: raw bytes, an abstract name starts with NUL. Kernel: UNIX_DIAG_NAME. */
  { name: 'path', element: 'heap', lanes: 1 },
  /** SOCK_* number of a unix socket: 1 stream, 2 dgram, 5 seqpacket; 0 for other families. Kernel: udiag_type. */
  { name: 'unixType', element: 'u8', lanes: 1 },
  /** Inode of a unix socket's peer; 0 when there is none, or not told (/proc). Kernel: UNIX_DIAG_PEER. */
  { name: 'unixPeer', element: 'u32', lanes: 1 },
  /** References the kernel holds on a unix socket; 0 when not known (netlink). Kernel: RefCount of /proc/net/unix. */
  { name: 'unixRefs', element: 'u32', lanes: 1 },
  /** Flags word of a unix socket: 0x10000 listening, as /proc/net/unix has it. Kernel: Flags of /proc/net/unix. */
  { name: 'unixFlags', element: 'u32', lanes: 1 },
] as const satisfies readonly ColumnSpec[];

export interface ColumnSpec {
  readonly name: string;
  readonly element: 'u8' | 'u16' | 'u32' | 'heap';
  readonly lanes: number;
}

export type ColumnName = (typeof SCHEMA)[number]['name'];

/** Version of the layout; goes up with every change to SCHEMA. native/core/columns.h: kLayoutVersion. */
export const LAYOUT_VERSION = 1;

/** Rows a batch holds at the most. */
export const BATCH_ROWS = 8192;

/** 32-bit columns hold this where the source does not know the number. */
export const ABSENT = 0xffffffff;
/** The `probes` column holds this where the source does not know the number. */
export const ABSENT_PROBES = 255;

/** A set of columns: bit i stands for SCHEMA[i]. */
export type ColumnSet = number;

/** Position of a column in SCHEMA. */
export const columnIndex = Object.fromEntries(SCHEMA.map((spec, index) => [spec.name, index])) as Readonly<
  Record<ColumnName, number>
>;

export function columnSet(names: Iterable<ColumnName>): ColumnSet {
  let set = 0;
  for (const name of names) set |= 1 << columnIndex[name];
  return set;
}

export function hasColumn(set: ColumnSet, name: ColumnName): boolean {
  return (set & (1 << columnIndex[name])) !== 0;
}

/** Bytes an element takes. */
export function elementBytes(element: ColumnSpec['element']): number {
  return element === 'u8' ? 1 : element === 'u16' ? 2 : 4;
}
