import { addressText } from '../socket/address.ts';
import { Family, type FamilyName, familyName } from '../socket/family.ts';
import { type ProtocolName, protocolName } from '../socket/protocol.ts';
import { type StateName, stateName } from '../socket/state.ts';
import { type TimerName, timerName } from '../socket/timer.ts';
import type { Batch } from './batch.ts';
import { NO_OWNER, type NoOwnerReason } from './owners.ts';
import type { Process } from './process.ts';
import { ABSENT, ABSENT_PROBES, type ColumnName } from './schema.ts';

/** One end of an internet socket. */
export interface Endpoint {
  /** Text form; IPv6 without brackets or scope. */
  readonly address: string;
  /** Host order; 0 when there is none. For raw sockets, locally, the IP protocol number. */
  readonly port: number;
}

/** A process that holds a socket, and by which descriptor. */
export interface SocketOwner extends Process {
  /** The descriptor of that process. */
  readonly fd: number;
}

const decoder = new TextDecoder();

/**
 * One socket of a table, as a view: nothing is copied until a field is read. A field whose column was not asked for, or
 * that this kind of socket does not have, or that the source does not know, reads undefined.
 */
export class SocketRow {
  #batch: Batch;
  #index: number;

  /** @internal */
  constructor(batch: Batch, index: number) {
    this.#batch = batch;
    this.#index = index;
  }

  /**
   * Points the view at another socket: how a table's iterator walks without making objects.
   * @internal
   */
  moveTo(batch: Batch, index: number): this {
    this.#batch = batch;
    this.#index = index;
    return this;
  }

  /** Own enumeration: `tcp`, `udp`, `udplite`, `raw`, `unix`. Kernel: sdiag_protocol. */
  get protocol(): ProtocolName | `unknown-${number}` {
    return protocolName(this.#batch.require('protocol')[this.#index]!);
  }

  /** `inet`, `inet6`, `unix`. Kernel: idiag_family, udiag_family. */
  get family(): FamilyName | `unknown-${number}` {
    return familyName(this.#batch.require('family')[this.#index]!);
  }

  /**
   * TCP's state names, which UDP, raw and unix sockets borrow: unconnected is `close`. `none` when the source gave none.
   * Kernel: idiag_state, udiag_state.
   */
  get state(): StateName | 'none' | `unknown-${number}` {
    return stateName(this.#batch.require('state')[this.#index]!);
  }

  /** Undefined for unix sockets. Kernel: idiag_src, idiag_sport. */
  get local(): Endpoint | undefined {
    return this.#endpoint('localAddress', 'localPort');
  }

  /** Undefined for unix sockets; port 0 when there is no other end. Kernel: idiag_dst, idiag_dport. */
  get remote(): Endpoint | undefined {
    return this.#endpoint('remoteAddress', 'remotePort');
  }

  /**
   * Bytes waiting for the reader; on a listener, connections waiting for accept(2). Undefined for unix sockets from
   * /proc. Kernel: idiag_rqueue, udiag_rqueue.
   */
  get recvQ(): number | undefined {
    return this.#known('recvQ');
  }

  /**
   * Bytes not acknowledged; on a listener the backlog limit, undefined from /proc, as for unix sockets.
   * Kernel: idiag_wqueue, udiag_wqueue.
   */
  get sendQ(): number | undefined {
    return this.#known('sendQ');
  }

  /** Which timer runs; `none` when none does. Undefined for unix sockets. Kernel: idiag_timer. */
  get timer(): TimerName | `unknown-${number}` | undefined {
    const timer = this.#inet('timer');
    return timer === undefined ? undefined : timerName(timer);
  }

  /** Milliseconds left on the timer; 0 when none runs. Undefined for unix sockets. Kernel: idiag_expires. */
  get expiresMs(): number | undefined {
    return this.#inet('expiresMs');
  }

  /** Retransmissions without an answer. Undefined for unix sockets. Kernel: idiag_retrans, tcpi_retransmits. */
  get retrans(): number | undefined {
    return this.#inet('retrans');
  }

  /** Keepalive or zero-window probes without an answer; undefined where not asked or told. Kernel: tcpi_probes. */
  get probes(): number | undefined {
    const probes = this.#inet('probes');
    return probes === ABSENT_PROBES ? undefined : probes;
  }

  /** Device the socket is bound to; 0 for none, or not told (/proc). Kernel: idiag_if. */
  get ifindex(): number | undefined {
    return this.#inet('ifindex');
  }

  /** User the socket belongs to; undefined for unix sockets from /proc. Kernel: idiag_uid, UNIX_DIAG_UID. */
  get uid(): number | undefined {
    return this.#known('uid');
  }

  /**
   * Number in sockfs; 0 for a socket that no process holds (TIME_WAIT, SYN_RECV, orphan), or that is not accepted yet.
   * Kernel: idiag_inode, udiag_ino.
   */
  get inode(): number | undefined {
    return this.#number('inode');
  }

  /** The kernel's id of the socket, unique until reboot; undefined from /proc. Kernel: idiag_cookie, udiag_cookie. */
  get cookie(): bigint | undefined {
    const halves = this.#batch.column('cookie');
    if (halves === undefined) return undefined;
    const cookie = (BigInt(halves[2 * this.#index + 1]!) << 32n) | BigInt(halves[2 * this.#index]!);
    return cookie === 0n ? undefined : cookie;
  }

  /** A unix socket's name as bytes, an abstract one with its leading NUL; undefined when it has none. Kernel: UNIX_DIAG_NAME. */
  get pathBytes(): Uint8Array | undefined {
    const bounds = this.#batch.column('path');
    if (bounds === undefined) return undefined;
    const start = bounds[this.#index]!;
    const end = bounds[this.#index + 1]!;
    return start === end ? undefined : this.#batch.heap.subarray(start, end);
  }

  /** A unix socket's name, NULs as `@`; bytes that are not UTF-8 read U+FFFD: `pathBytes` has them whole. */
  get path(): string | undefined {
    const bytes = this.pathBytes;
    return bytes === undefined ? undefined : decoder.decode(bytes).replaceAll('\0', '@');
  }

  /** SOCK_* number of a unix socket: 1 stream, 2 dgram, 5 seqpacket. Kernel: udiag_type. */
  get unixType(): number | undefined {
    return this.#unix('unixType');
  }

  /** Inode of a unix socket's peer; 0 when there is none, or not told (/proc). Kernel: UNIX_DIAG_PEER. */
  get unixPeer(): number | undefined {
    return this.#unix('unixPeer');
  }

  /** References the kernel holds on a unix socket; undefined when not known. Kernel: RefCount of /proc/net/unix. */
  get unixRefs(): number | undefined {
    return this.#unix('unixRefs') || undefined;
  }

  /** Flags word of a unix socket: 0x10000 listening. Kernel: Flags of /proc/net/unix. */
  get unixFlags(): number | undefined {
    return this.#unix('unixFlags');
  }

  /**
   * Who holds the socket, by ascending pid and descriptor: with `owners: 'lowest'` one process at the most. Undefined when
   * nobody is known to, or owners were not asked for. Kernel: links of /proc/<pid>/fd.
   */
  get owners(): readonly SocketOwner[] | undefined {
    const owners = this.#batch.owners;
    if (owners === undefined) return undefined;
    const { ownerStart, ownerPid, ownerFd, processes } = owners;
    const found: SocketOwner[] = [];
    for (let at = ownerStart[this.#index]!; at < ownerStart[this.#index + 1]!; at++) {
      const process = processes.get(ownerPid[at]!);
      if (process !== undefined) found.push({ ...process, fd: ownerFd[at]! });
    }
    return found.length === 0 ? undefined : found;
  }

  /** Why nobody is named as the socket's owner; undefined when somebody is, or owners were not asked for. */
  get noOwner(): NoOwnerReason | undefined {
    const reason = NO_OWNER[this.#batch.owners?.noOwner[this.#index] ?? 0];
    return reason === 'none' ? undefined : reason;
  }

  /** A copy that outlives the view, with the fields that have a value. The cookie is a bigint. */
  toObject(): SocketObject {
    const object: Record<string, unknown> = {};
    for (const field of FIELDS) {
      const value = this[field];
      if (value !== undefined) object[field] = ArrayBuffer.isView(value) ? value.slice() : value;
    }
    return object as unknown as SocketObject;
  }

  #isUnix(): boolean {
    return this.#batch.require('family')[this.#index] === Family.unix;
  }

  #number(
    column: Exclude<ColumnName, 'cookie' | 'path' | 'localAddress' | 'remoteAddress'>,
  ): number | undefined {
    return this.#batch.column(column)?.[this.#index];
  }

  #known(column: 'recvQ' | 'sendQ' | 'uid'): number | undefined {
    const value = this.#number(column);
    return value === ABSENT ? undefined : value;
  }

  #unix(column: 'unixType' | 'unixPeer' | 'unixRefs' | 'unixFlags'): number | undefined {
    return this.#isUnix() ? this.#number(column) : undefined;
  }

  #inet(column: 'timer' | 'expiresMs' | 'retrans' | 'probes' | 'ifindex'): number | undefined {
    return this.#isUnix() ? undefined : this.#number(column);
  }

  #endpoint(
    addresses: 'localAddress' | 'remoteAddress',
    ports: 'localPort' | 'remotePort',
  ): Endpoint | undefined {
    const bytes = this.#batch.column(addresses);
    const port = this.#batch.column(ports)?.[this.#index];
    if (bytes === undefined || port === undefined || this.#isUnix()) return undefined;
    return {
      address: addressText(bytes, this.#index * 16, this.#batch.require('family')[this.#index]!),
      port,
    };
  }
}

const FIELDS = [
  'protocol',
  'family',
  'state',
  'local',
  'remote',
  'recvQ',
  'sendQ',
  'timer',
  'expiresMs',
  'retrans',
  'probes',
  'ifindex',
  'uid',
  'inode',
  'cookie',
  'path',
  'pathBytes',
  'unixType',
  'unixPeer',
  'unixRefs',
  'unixFlags',
  'owners',
  'noOwner',
] as const satisfies readonly (keyof SocketObject)[];

/** A socket as a plain object: the fields of SocketRow that have a value. */
export type SocketObject = Pick<SocketRow, 'protocol' | 'family' | 'state'> &
  Partial<Omit<SocketRow, 'protocol' | 'family' | 'state' | 'moveTo' | 'toObject'>>;
