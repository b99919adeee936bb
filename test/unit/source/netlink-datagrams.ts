import { endianness } from 'node:os';

/** One field of a message: bytes, and what they are. The words are for the reader of a fixture. */
export type Field = readonly [bytes: readonly number[], meaning: string];

const little = endianness() === 'LE';

export function u8(value: number, meaning: string): Field {
  return [[value], meaning];
}

/** In the machine's order. */
export function u16(value: number, meaning: string): Field {
  const bytes = [value & 255, value >>> 8];
  return [little ? bytes : bytes.reverse(), meaning];
}

/** In the machine's order. */
export function u32(value: number, meaning: string): Field {
  const bytes = [value & 255, (value >>> 8) & 255, (value >>> 16) & 255, value >>> 24];
  return [little ? bytes : bytes.reverse(), meaning];
}

/** In network order. */
export function be16(value: number, meaning: string): Field {
  return [[value >>> 8, value & 255], meaning];
}

export function raw(bytes: Iterable<number>, meaning: string): Field {
  return [[...bytes], meaning];
}

export function zeros(count: number, meaning: string): Field {
  return [new Array<number>(count).fill(0), meaning];
}

function join(fields: readonly Field[]): number[] {
  return fields.flatMap(([bytes]) => bytes);
}

function padded(bytes: number[]): number[] {
  return [...bytes, ...new Array<number>(-bytes.length & 3).fill(0)];
}

export interface Envelope {
  /** nlmsg_seq: 1 answers a scan's first request, 2 the second. */
  readonly sequence?: number;
  readonly flags?: number;
  /** nlmsg_len, where it is to be a lie. */
  readonly length?: number;
}

/** struct nlmsghdr and its payload. */
export function message(type: number, payload: readonly Field[], envelope: Envelope = {}): number[] {
  const body = join(payload);
  const header = [
    u32(envelope.length ?? 16 + body.length, 'nlmsg_len'),
    u16(type, 'nlmsg_type'),
    u16(envelope.flags ?? NLM_F_MULTI, 'nlmsg_flags'),
    u32(envelope.sequence ?? 1, 'nlmsg_seq'),
    u32(0, 'nlmsg_pid'),
  ];
  return padded([...join(header), ...body]);
}

export const NLM_F_MULTI = 0x2;
export const NLM_F_DUMP_INTR = 0x10;
export const NLMSG_ERROR = 2;
export const NLMSG_DONE = 3;
export const TCPDIAG_GETSOCK = 18;
export const SOCK_DIAG_BY_FAMILY = 20;

/** NLMSG_DONE with the kernel's error number (positive; 0 for a good end). */
export function done(errno = 0, envelope: Envelope = {}): number[] {
  return message(NLMSG_DONE, [u32(-errno >>> 0, 'error')], envelope);
}

/** struct nlattr and its payload. */
export function attribute(type: number, payload: Iterable<number>): Field {
  const bytes = [...payload];
  return [
    padded([...join([u16(4 + bytes.length, 'nla_len'), u16(type, 'nla_type')]), ...bytes]),
    'attribute',
  ];
}

/** One datagram of messages. */
export function datagram(...messages: readonly (readonly number[])[]): Uint8Array {
  return Uint8Array.from(messages.flat());
}

/** struct inet_diag_msg for a row that differs from its siblings by its cookie alone. */
export function inetMessage(cookie: number, state = 1, trailing: readonly Field[] = []): readonly Field[] {
  return [
    u8(2, 'idiag_family AF_INET'),
    u8(state, 'idiag_state'),
    u8(0, 'idiag_timer'),
    u8(0, 'idiag_retrans'),
    be16(443, 'idiag_sport'),
    be16(50_000, 'idiag_dport'),
    raw([127, 0, 0, 1], 'idiag_src'),
    zeros(12, 'idiag_src, unused by IPv4'),
    raw([127, 0, 0, 2], 'idiag_dst'),
    zeros(12, 'idiag_dst, unused by IPv4'),
    u32(0, 'idiag_if'),
    u32(cookie, 'idiag_cookie low'),
    u32(0, 'idiag_cookie high'),
    zeros(12, 'idiag_expires, idiag_rqueue, idiag_wqueue'),
    u32(1000, 'idiag_uid'),
    u32(4242, 'idiag_inode'),
    ...trailing,
  ];
}
