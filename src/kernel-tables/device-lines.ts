import { linePieces } from './line-pieces.ts';

/** Counters of an interface since it was made: a line of /proc/net/dev. 0 where the kernel's table has no such column. */
export interface InterfaceStatistics {
  /** Receive: `bytes`. */
  rxBytes: bigint;
  /** Receive: `packets`. */
  rxPackets: bigint;
  /** Receive: `errs`, of any kind. */
  rxErrors: bigint;
  /** Receive: `drop`, among them what no protocol wanted. */
  rxDropped: bigint;
  /** Receive: `fifo`, the overruns. */
  rxFifo: bigint;
  /** Receive: `frame`, together with wrong lengths and checksums. */
  rxFrame: bigint;
  /** Receive: `compressed`. */
  rxCompressed: bigint;
  /** Receive: `multicast`. */
  multicast: bigint;
  /** Transmit: `bytes`. */
  txBytes: bigint;
  /** Transmit: `packets`. */
  txPackets: bigint;
  /** Transmit: `errs`, of any kind. */
  txErrors: bigint;
  /** Transmit: `drop`. */
  txDropped: bigint;
  /** Transmit: `fifo`, the overruns. */
  txFifo: bigint;
  /** Transmit: `colls`. */
  collisions: bigint;
  /** Transmit: `carrier`, together with aborted packets, late collisions and lost heartbeats. */
  txCarrier: bigint;
  /** Transmit: `compressed`. */
  txCompressed: bigint;
}

/** A line of /proc/net/dev. `name`: a byte string, one character a byte. */
export interface DeviceLine {
  readonly name: string;
  readonly statistics: InterfaceStatistics;
}

/** How lines are read: as the kernel writes them, or as netstat understands them. */
export interface DeviceReading {
  /** Bytes that a name has at the most; what is behind them is counters. */
  readonly nameBytes: number;
  /** Bytes that a line has at the most; the rest is the next line. */
  readonly lineBytes: number;
}

/** Lines are whole, and so are names. */
export const WHOLE_LINES: DeviceReading = { nameBytes: Infinity, lineBytes: Infinity };

type Column = keyof InterfaceStatistics;

const RECEIVED: readonly Column[] = ['rxPackets', 'rxErrors', 'rxDropped', 'rxFifo', 'rxFrame'];
const SENT: readonly Column[] = ['txPackets', 'txErrors', 'txDropped', 'txFifo', 'collisions', 'txCarrier'];
/** The columns of the kernel's table: since Linux 2.2, before it, and before that. The second line names them. */
const COLUMNS: readonly { readonly word: string; readonly columns: readonly Column[] }[] = [
  {
    word: 'compressed',
    columns: ['rxBytes', ...RECEIVED, 'rxCompressed', 'multicast', 'txBytes', ...SENT, 'txCompressed'],
  },
  { word: 'bytes', columns: ['rxBytes', ...RECEIVED, 'txBytes', ...SENT] },
  { word: '', columns: [...RECEIVED, ...SENT] },
];

/**
 * Parses /proc/net/dev. Lines come in the file's order; where a name stands in several of them, they are one, which has
 * the later counters. Counters end at the first thing that is no number.
 */
export function parseDevices(bytes: Uint8Array, reading: DeviceReading = WHOLE_LINES): DeviceLine[] {
  const devices = new Map<string, DeviceLine>();
  let columns: readonly Column[] = [];
  let number = 0;
  for (const line of linePieces(bytes, reading.lineBytes + 1)) {
    number++;
    if (number === 2) columns = COLUMNS.find(({ word }) => line.includes(word))!.columns;
    if (number <= 2) continue;
    const { name, rest } = splitName(line, reading.nameBytes);
    const device = devices.get(name) ?? { name, statistics: noStatistics() };
    devices.set(name, device);
    readCounters(rest, columns, device.statistics);
  }
  return [...devices.values()];
}

/** A name ends at a blank or at its colon; a label's number may stand between two colons, as in `eth0:1:`. */
function splitName(line: string, most: number): { name: string; rest: string } {
  const start = BLANKS.exec(line)![0].length;
  const limit = Math.min(start + most, line.length);
  for (let at = start; at < limit; at++) {
    if (BLANK.test(line[at]!)) return { name: line.slice(start, at), rest: line.slice(at) };
    if (line[at] !== ':') continue;
    let end = at + 1;
    while (DIGIT.test(line.charAt(end))) end++;
    if (line[end] !== ':') return { name: line.slice(start, at), rest: line.slice(at + 1) };
    const kept = Math.min(end, limit);
    return { name: line.slice(start, kept), rest: line.slice(kept === end ? end + 1 : kept) };
  }
  return { name: line.slice(start, limit), rest: line.slice(limit) };
}

/** The blanks of the C library, which are fewer than those of JavaScript. */
const BLANK = /[ \t\n\v\f\r]/;
const BLANKS = /^[ \t\n\v\f\r]*/;
const DIGIT = /\d/;

function readCounters(text: string, columns: readonly Column[], into: InterfaceStatistics): void {
  const numbers = /[ \t\n\v\f\r]*([+-]?)(\d+)/y;
  for (const column of columns) {
    const match = numbers.exec(text);
    if (match === null) return;
    into[column] = counter(match[1] === '-', match[2]!);
  }
}

const MOST = 2n ** 64n - 1n;

/** As the C library reads an unsigned number: the largest one for what is larger; with a minus counted down from 0. */
function counter(negative: boolean, digits: string): bigint {
  const value = BigInt(digits);
  if (value > MOST) return MOST;
  return negative ? BigInt.asUintN(64, -value) : value;
}

function noStatistics(): InterfaceStatistics {
  return {
    rxBytes: 0n,
    rxPackets: 0n,
    rxErrors: 0n,
    rxDropped: 0n,
    rxFifo: 0n,
    rxFrame: 0n,
    rxCompressed: 0n,
    multicast: 0n,
    txBytes: 0n,
    txPackets: 0n,
    txErrors: 0n,
    txDropped: 0n,
    txFifo: 0n,
    collisions: 0n,
    txCarrier: 0n,
    txCompressed: 0n,
  };
}
