import fc from 'fast-check';
import type { ProtocolName } from '../../src/socket/protocol.ts';

/** An internet socket, in the numbers that the kernel's text and its messages have in common. */
export interface InetSocket {
  readonly family: 2 | 10;
  readonly state: number;
  readonly timer: number;
  /** Of 10 ms. */
  readonly ticks: number;
  readonly retrans: number;
  readonly probes: number;
  /** Four or sixteen bytes. */
  readonly local: readonly number[];
  readonly remote: readonly number[];
  readonly localPort: number;
  readonly remotePort: number;
  readonly recvQ: number;
  readonly sendQ: number;
  readonly uid: number;
  readonly inode: number;
}

export interface UnixSocket {
  readonly type: number;
  /** TCP_* number, as unix_diag has it. */
  readonly state: 1 | 7 | 10;
  readonly inode: number;
  readonly refs: number;
  /** As the kernel holds it: an abstract name begins with NUL. */
  readonly name: readonly number[];
}

export type InetProtocol = Exclude<ProtocolName, 'unix'>;
export const INET_PROTOCOLS = ['tcp', 'udp', 'udplite', 'raw'] as const satisfies readonly InetProtocol[];

const u32 = fc.oneof(fc.constantFrom(0, 1, 0x7fffffff, 0x80000000, 0xffffffff), fc.nat(0xffffffff));
const byte = fc.nat(255);

function inetSocket(family: 2 | 10): fc.Arbitrary<InetSocket> {
  const length = family === 2 ? 4 : 16;
  const address = fc.array(byte, { minLength: length, maxLength: length });
  return fc.record({
    family: fc.constant(family),
    state: fc.integer({ min: 1, max: 11 }),
    timer: fc.nat(4),
    ticks: fc.nat(429_496_729),
    retrans: byte,
    probes: fc.nat(254),
    local: address,
    remote: address,
    localPort: fc.nat(0xffff),
    remotePort: fc.nat(0xffff),
    recvQ: u32,
    sendQ: u32,
    uid: u32,
    inode: u32,
  });
}

/** Sockets in the order of a listing: IPv4 first. */
export const inetSockets: fc.Arbitrary<InetSocket[]> = fc
  .tuple(fc.array(inetSocket(2), { maxLength: 30 }), fc.array(inetSocket(10), { maxLength: 30 }))
  .map(([v4, v6]) => [...v4, ...v6]);

// No newline, and no `@` in front: /proc/net/unix cannot tell these from other names.
const nameByte = fc.integer({ min: 1, max: 255 }).filter((value) => value !== 0x0a);
const pathName = fc.array(nameByte, { maxLength: 108 }).filter(([first]) => first !== 0x40);
const abstractName = fc.array(nameByte, { maxLength: 107 }).map((rest) => [0, ...rest]);

export const unixSockets: fc.Arbitrary<UnixSocket[]> = fc.array(
  fc.record({
    type: fc.constantFrom(1, 2, 5),
    state: fc.constantFrom(1, 7, 10),
    inode: fc.integer({ min: 1, max: 0xffffffff }),
    refs: u32,
    name: fc.oneof(fc.constant([]), pathName, abstractName),
  }),
  { maxLength: 40 },
);
