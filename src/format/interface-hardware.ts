import type { InterfaceStatistics } from '../kernel-tables/device-lines.ts';
import type { Device } from '../kernel-tables/interface-devices.ts';
import { ashAddress, irdaAddress, shownQueueLength } from './netstat-interface-quirks.ts';

/** How netstat shows interfaces of a type. */
interface Hardware {
  readonly name: string;
  readonly title: string;
  /** Absent: such an interface has no address. */
  readonly address?: (address: Uint8Array, statistics: InterfaceStatistics | undefined) => string;
}

/** By ARPHRD_*, those that netstat knows. */
const HARDWARE: Readonly<Record<number, Hardware>> = {
  0: { name: 'netrom', title: 'AMPR NET/ROM', address: callSign },
  1: { name: 'ether', title: 'Ethernet', address: (bytes) => hex(bytes, 6, ':') },
  3: { name: 'ax25', title: 'AMPR AX.25', address: callSign },
  7: { name: 'arcnet', title: 'ARCnet', address: (bytes) => hex(bytes, 1, '').toUpperCase() },
  15: { name: 'dlci', title: 'Frame Relay DLCI', address: connectionNumber },
  27: { name: 'eui64', title: 'Generic EUI-64', address: (bytes) => hex(bytes, 8, ':').toUpperCase() },
  256: { name: 'slip', title: 'Serial Line IP' },
  257: { name: 'cslip', title: 'VJ Serial Line IP' },
  258: { name: 'slip6', title: '6-bit Serial Line IP' },
  259: { name: 'cslip6', title: 'VJ 6-bit Serial Line IP' },
  264: { name: 'adaptive', title: 'Adaptive Serial Line IP' },
  270: { name: 'rose', title: 'AMPR ROSE', address: (bytes) => hex(bytes, 5, '') },
  271: { name: 'x25', title: 'generic X.25', address: textAddress },
  512: { name: 'ppp', title: 'Point-to-Point Protocol' },
  513: { name: 'hdlc', title: '(Cisco)-HDLC' },
  516: { name: 'lapb', title: 'LAPB' },
  768: { name: 'tunnel', title: 'IPIP Tunnel', address: () => '' },
  770: { name: 'frad', title: 'Frame Relay Access Device' },
  772: { name: 'loop', title: 'Local Loopback' },
  774: {
    name: 'fddi',
    title: 'Fiber Distributed Data Interface',
    address: (bytes) => hex(bytes, 6, '-').toUpperCase(),
  },
  776: { name: 'sit', title: 'IPv6-in-IPv4' },
  780: { name: 'hippi', title: 'HIPPI', address: (bytes) => hex(bytes, 6, ':').toUpperCase() },
  781: { name: 'ash', title: 'Ash', address: ashAddress },
  782: { name: 'ec', title: 'Econet' },
  783: { name: 'irda', title: 'IrLAP', address: irdaAddress },
};

/** Of addresses of other types netstat shows eight bytes, and as many zeros. */
const OTHER: Hardware = {
  name: 'unspec',
  title: 'UNSPEC',
  address: (bytes) => `${hex(bytes, 8, '-').toUpperCase()}${'-00'.repeat(8)}`,
};

/** The line of type, address and queue: a byte string. */
export function hardwareLine(device: Device, statistics: InterfaceStatistics | undefined): string {
  const { name, title, address } = HARDWARE[device.hardwareType] ?? OTHER;
  const shown = address === undefined ? '' : ` ${address(device.hardwareAddress, statistics)}`;
  return `${name}${shown}${shownQueueLength(device.txQueueLength)}  (${title})\n`;
}

/** Whether packets are compressed on lines of that type: CSLIP, CSLIP6. */
export function compresses(hardwareType: number): boolean {
  return hardwareType === 257 || hardwareType === 259;
}

function hex(bytes: Uint8Array, count: number, separator: string): string {
  return Array.from(bytes.subarray(0, count), (byte) => byte.toString(16).padStart(2, '0')).join(separator);
}

/** A radio amateur's: six letters, each shifted to the left, up to a blank; and the number of the station, if any. */
function callSign(bytes: Uint8Array): string {
  const letters = String.fromCharCode(...bytes.subarray(0, 6).map((byte) => byte >> 1));
  const station = (bytes[6]! >> 1) & 0xf;
  return `${letters.split(/[ \0]/, 1)[0]}${station === 0 ? '' : `-${station}`}`;
}

/** Frame Relay's: a signed number of 16 bits, in the order of this machine. */
function connectionNumber(bytes: Uint8Array): string {
  return String(new Int16Array(bytes.slice(0, 2).buffer)[0]);
}

/** X.25's: text. */
function textAddress(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes.subarray(0, 8)).split('\0', 1)[0]!;
}
