import { join } from 'node:path';
import { readKernelFile } from '../proc/kernel-file.ts';
import { type InterfaceStatistics, parseDevices } from './device-lines.ts';
import type { CounterGroup } from './statistics.ts';

/** What an interface has counted since it was made. `rxFrame` and `txCarrier` are the sums that the kernel prints so. */
export type DeviceCounters = Readonly<InterfaceStatistics>;
export type DeviceColumn = keyof InterfaceStatistics;

/** What is most looked at first. */
const READING_ORDER: readonly DeviceColumn[] = [
  'rxPackets',
  'rxBytes',
  'rxErrors',
  'rxDropped',
  'rxFifo',
  'rxFrame',
  'rxCompressed',
  'multicast',
  'txPackets',
  'txBytes',
  'txErrors',
  'txDropped',
  'txFifo',
  'collisions',
  'txCarrier',
  'txCompressed',
];

/** Reads /proc/net/dev below `netDirectory`, by names (byte strings). Throws the system's error. */
export function readDeviceCounters(netDirectory: string): Map<string, DeviceCounters> {
  return parseDeviceCounters(readKernelFile(join(netDirectory, 'dev')));
}

export function parseDeviceCounters(bytes: Uint8Array): Map<string, DeviceCounters> {
  return new Map(parseDevices(bytes).map(({ name, statistics }) => [name, statistics]));
}

/** Interfaces as groups of counters: packets, bytes and the rest, what was received first. */
export function deviceGroups(devices: ReadonlyMap<string, DeviceCounters>): CounterGroup[] {
  return [...devices].map(([name, counters]) => ({
    name,
    counters: READING_ORDER.map((column) => ({ name: column, value: counters[column] })),
  }));
}
