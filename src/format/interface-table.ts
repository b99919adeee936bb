import type { InterfaceStatistics } from '../kernel-tables/device-lines.ts';
import { InterfaceFlag } from '../kernel-tables/interface-flags.ts';
import type { InterfaceRow } from '../kernel-tables/interface-table.ts';

/** The line over every listing of interfaces. */
export const INTERFACE_TITLE = 'Kernel Interface table\n';
/** The columns of the short table. */
export const INTERFACE_COLUMNS =
  'Iface             MTU    RX-OK RX-ERR RX-DRP RX-OVR    TX-OK TX-ERR TX-DRP TX-OVR Flg\n';

/** A letter a flag; that of `promisc` is also that of `pointopoint`. */
const LETTERS: readonly (readonly [number, string])[] = [
  [InterfaceFlag.allmulti, 'A'],
  [InterfaceFlag.broadcast, 'B'],
  [InterfaceFlag.debug, 'D'],
  [InterfaceFlag.loopback, 'L'],
  [InterfaceFlag.multicast, 'M'],
  [InterfaceFlag.dynamic, 'd'],
  [InterfaceFlag.promisc, 'P'],
  [InterfaceFlag.notrailers, 'N'],
  [InterfaceFlag.noarp, 'O'],
  [InterfaceFlag.pointopoint, 'P'],
  [InterfaceFlag.slave, 's'],
  [InterfaceFlag.master, 'm'],
  [InterfaceFlag.running, 'R'],
  [InterfaceFlag.up, 'U'],
];

const NO_STATISTICS = '     - no statistics available -'.padEnd(56);

/** A row of `-i`: a byte string. What is not known of a device reads `-`. */
export function interfaceRow({ name, device, statistics }: InterfaceRow): string {
  const counters = statistics === undefined ? NO_STATISTICS : counterCells(statistics);
  const mtu = device?.mtu ?? '-';
  return `${name.padEnd(15)} ${String(mtu).padStart(5)} ${counters}${flagLetters(device?.flags)}\n`;
}

function counterCells(counters: InterfaceStatistics): string {
  const { rxPackets, rxErrors, rxDropped, rxFifo, txPackets, txErrors, txDropped, txFifo } = counters;
  const right = (value: bigint, width: number): string => String(value).padStart(width);
  // Overruns stand on the left of their column, when they are those of packets received.
  return `${right(rxPackets, 8)} ${right(rxErrors, 6)} ${right(rxDropped, 6)} ${String(rxFifo).padEnd(6)} ${right(txPackets, 8)} ${right(txErrors, 6)} ${right(txDropped, 6)} ${right(txFifo, 6)} `;
}

function flagLetters(flags: number | undefined): string {
  if (flags === undefined) return '-';
  if (flags === 0) return '[NO FLAGS]';
  return LETTERS.map(([bit, letter]) => ((flags & bit) === 0 ? '' : letter)).join('');
}
