/** What the columns mean, and the array each is read through: `lanes` elements a row. */
export interface Columns {
  /** Own enumeration: `Protocol`. Kernel: sdiag_protocol. */
  readonly protocol: Uint8Array;
  /** AF_* number: `Family`. Kernel: idiag_family, udiag_family. */
  readonly family: Uint8Array;
  /** TCP_* number: `State`; 0 when the source gave none. Kernel: idiag_state, udiag_state. */
  readonly state: Uint8Array;
  /** Which timer runs: `Timer`; 0 when none does. Kernel: idiag_timer. */
  readonly timer: Uint8Array;
  /** Retransmissions without an answer. Kernel: idiag_retrans, or tcpi_retransmits where `probes` is asked as well. */
  readonly retrans: Uint8Array;
  /** Keepalive or zero-window probes without an answer; 255 when not known. Kernel: tcpi_probes. */
  readonly probes: Uint8Array;
  /** Milliseconds left on the timer; 0 when none runs. Kernel: idiag_expires. */
  readonly expiresMs: Uint32Array;
  /** Network order; IPv4 as ::ffff:a.b.c.d, the family tells which it was; zeros for other families. Kernel: idiag_src. */
  readonly localAddress: Uint8Array;
  /** As localAddress, of the other end; the unspecified address when there is none. Kernel: idiag_dst. */
  readonly remoteAddress: Uint8Array;
  /** Host order; for raw sockets the IP protocol number; 0 when there is none. Kernel: idiag_sport. */
  readonly localPort: Uint16Array;
  /** Host order; 0 when there is none. Kernel: idiag_dport. */
  readonly remotePort: Uint16Array;
  /** Device the socket is bound to; 0 for none, or not told (/proc). Kernel: idiag_if. */
  readonly ifindex: Uint32Array;
  /**
   * Bytes waiting for the reader; on a listener, connections waiting for accept(2). 0xFFFFFFFF when not known (unix
   * sockets, from /proc). Kernel: idiag_rqueue, udiag_rqueue.
   */
  readonly recvQ: Uint32Array;
  /**
   * Bytes the other side has not acknowledged; on a listener, the backlog limit. 0xFFFFFFFF when not known (the limit,
   * from /proc; both queues of unix sockets, from /proc). Kernel: idiag_wqueue, udiag_wqueue.
   */
  readonly sendQ: Uint32Array;
  /** User the socket belongs to. 0xFFFFFFFF when not known (unix sockets, from /proc). Kernel: idiag_uid. */
  readonly uid: Uint32Array;
  /** Number in sockfs; 0 for a socket no process holds (TIME_WAIT, not accepted, orphan). Kernel: idiag_inode. */
  readonly inode: Uint32Array;
  /** Low and high half of the kernel's id of a socket; 0 from /proc. Kernel: idiag_cookie. */
  readonly cookie: Uint32Array;
  /** Offsets of a unix socket's name in the heap: raw bytes, an abstract name starts with NUL. Kernel: UNIX_DIAG_NAME. */
  readonly path: Uint32Array;
  /** SOCK_* number of a unix socket: 1 stream, 2 dgram, 5 seqpacket; 0 for other families. Kernel: udiag_type. */
  readonly unixType: Uint8Array;
  /** Inode of a unix socket's peer; 0 when there is none, or not told (/proc). Kernel: UNIX_DIAG_PEER. */
  readonly unixPeer: Uint32Array;
  /**
   * References the kernel holds on a unix socket; 0 when not known. With it no socket is given before netlink has told all
   * of its own. Kernel: RefCount of /proc/net/unix.
   */
  readonly unixRefs: Uint32Array;
  /** Flags word of a unix socket: 0x10000 listening, as /proc/net/unix has it. Kernel: Flags of /proc/net/unix. */
  readonly unixFlags: Uint32Array;
}

/** A column, by name. */
export type ColumnName = keyof Columns;
