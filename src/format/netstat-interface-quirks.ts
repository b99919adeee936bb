import type { DeviceReading, InterfaceStatistics } from '../kernel-tables/device-lines.ts';

/** Where netstat's tables of interfaces are odd, and where this program departs from them: see netstat-quirks.ts. */

// Oddities that are reproduced.

/**
 * netstat keeps 15 bytes of a name and takes what is behind them for counters, and reads lines in pieces of 511 bytes.
 * Seen: counters of 0 for `abcdefghijklmno`, whose colon is the 16th byte: an interface of 15 bytes has none; a name of
 * its own for what stands behind 511 blanks.
 */
export const NETSTAT_READING: DeviceReading = { nameBytes: 15, lineBytes: 511 };

/** Flags are printed as a signed number of 16 bits. Seen: `flags=-32768<DYNAMIC>`. */
export function flagsNumber(flags: number): string {
  return String((flags << 16) >> 16);
}

/**
 * Words in angle brackets, unless none of them is known; but without any flag the bracket is left open.
 * Seen: `flags=73<UP,LOOPBACK,RUNNING>`, `flags=16384`, `flags=0<`.
 */
export function flagsInBrackets(flags: number, words: readonly string[]): string {
  if (flags === 0) return '<';
  return words.length === 0 ? '' : `<${words.join(',')}>`;
}

/**
 * A unit begins above its first value, not at it; tenths are cut. Of the largest unit a tenth is a whole number of bytes.
 * Seen: `1024.0 B`, `1.0 KiB` for 1025, `1023.9 PiB` for 2^60 - 1, but `16.0 EiB` for 2^64 - 2.
 */
export function bytesInUnits(bytes: bigint): string {
  const power = POWERS.find((shift) => bytes > 1n << shift) ?? 0n;
  const tenths = power === 60n ? bytes / ((1n << power) / 10n) : (bytes * 10n) >> power;
  return `${tenths / 10n}.${tenths % 10n} ${UNITS[Number(power) / 10]}`;
}

const POWERS = [60n, 50n, 40n, 30n, 20n, 10n];
const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'];

/**
 * The address of an Ash interface is 64 digits, the first one of each byte as a signed number: eight bytes are the
 * kernel's, and behind them netstat prints what its memory has there, the counters. Seen:
 * `ash [1f34567f00..001000000020000000a000000010000000]` beside 2 packets received, 10 sent, 1 byte received.
 */
export function ashAddress(address: Uint8Array, statistics: InterfaceStatistics | undefined): string {
  const memory = new DataView(new ArrayBuffer(64));
  for (let i = 0; i < 8; i++) memory.setUint8(i, address[i]!);
  if (statistics !== undefined) {
    memory.setBigUint64(32, 1n, true);
    memory.setBigUint64(40, statistics.rxPackets, true);
    memory.setBigUint64(48, statistics.txPackets, true);
    memory.setBigUint64(56, statistics.rxBytes, true);
  }
  const digits = Array.from(new Int8Array(memory.buffer), (byte) => (byte < 0 ? 'f' : byte.toString(16)[0]));
  return `[${digits.join('')}]`;
}

/**
 * An IrDA address has its bytes the other way round and with their signs, and is cut to 11. Seen: `7f:03:02:01`,
 * `ffffff83:ff` for 80818283.
 */
export function irdaAddress(address: Uint8Array): string {
  const bytes = [3, 2, 1, 0].map((at) => ((address[at]! << 24) >> 24) >>> 0);
  return bytes
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join(':')
    .slice(0, 11);
}

/** A queue length of 4294967295 is not printed, for netstat's -1 says that there is none. Others are signed. */
export function shownQueueLength(length: number | undefined): string {
  return length === undefined || length === -1 ? '' : `  txqueuelen ${length}`;
}

// Departures.

/**
 * The port of a card that netstat has no name for. netstat reads past its table and prints other strings of the program,
 * or its code. Seen: `media (null)`, `media ipx`, `media fM-^C?^Dt` for ports 7, 8, 9.
 */
export function unknownMedium(): string {
  return 'unknown';
}
