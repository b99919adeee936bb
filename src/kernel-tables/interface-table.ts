import { join } from 'node:path';
import type { NativeBinding } from '../addon/native-binding.ts';
import { SockscopeError } from '../errors.ts';
import { isExhausted } from '../exhaustion.ts';
import {
  type DeviceLine,
  type DeviceReading,
  type InterfaceStatistics,
  parseDevices,
} from './device-lines.ts';
import { type Inet6Line, parseInet6Addresses } from './interface-addresses.ts';
import type { Device, DeviceAnswers } from './interface-devices.ts';
import { askDevices } from './interface-ioctls.ts';
import { sortByName } from './interface-order.ts';
import { readSysfsDevices } from './interface-sysfs.ts';
import { TABLES_HERE, type TableFiles } from './table-file.ts';

export interface InterfaceQuestion {
  /** Where the network tables are, such as `/proc/net`. */
  readonly netDirectory: string;
  /** The addon, where there is one. */
  readonly binding: Pick<NativeBinding, 'startInterfaces'> | undefined;
  /**
   * Whether the tables are those of this process's own network namespace: ioctls and sysfs answer for that alone.
   * Default: true.
   */
  readonly own?: boolean | undefined;
  /** Which IPv4 addresses of each name are asked for. Default: all. */
  readonly addresses?: 'first' | 'all' | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Default: on this thread. */
  readonly files?: TableFiles | undefined;
}

/** A name of /proc/net/dev, or an alias label. */
export interface InterfaceRow {
  /** A byte string. */
  readonly name: string;
  /** Undefined for what does not stand in /proc/net/dev. */
  readonly statistics: InterfaceStatistics | undefined;
  /** Undefined where nobody can be asked. */
  readonly device: Device | undefined;
  readonly inet6: readonly Inet6Line[];
}

/** Who told of the devices: `none` where the tables are another network namespace's, or there is no sysfs. */
export type DeviceSource = 'ioctl' | 'sysfs' | 'none';

export interface InterfaceTable extends Pick<DeviceAnswers, 'listErrno' | 'inet'> {
  readonly source: DeviceSource;
  /** In netstat's order; see sortByName. */
  readonly rows: readonly InterfaceRow[];
  /** Why /proc/net/dev could not be opened, or read: an error of node:fs. */
  readonly unreadable: NodeJS.ErrnoException | undefined;
}

/** Reads everything about interfaces. Throws what askDevices throws. */
export async function readInterfaceTable(
  question: InterfaceQuestion,
  reading?: DeviceReading,
): Promise<InterfaceTable> {
  const { netDirectory, files = TABLES_HERE, signal } = question;
  const { lines, unreadable } = await readLines(join(netDirectory, 'dev'), files, reading);
  signal?.throwIfAborted();
  const names = lines.map(({ name }) => name);
  const { source, answers } = await answersFor(names, question);
  const inet6 = await readInet6(join(netDirectory, 'if_inet6'), files);
  signal?.throwIfAborted();
  const rows = sorted(lines, answers).map(
    ({ name, statistics }): InterfaceRow => ({
      name,
      statistics,
      device: answers?.devices.get(name),
      inet6: inet6.get(name) ?? [],
    }),
  );
  const { listErrno = 0, inet = false } = answers ?? {};
  return { source, rows, unreadable, listErrno, inet };
}

async function readLines(
  path: string,
  files: TableFiles,
  reading: DeviceReading | undefined,
): Promise<{ lines: readonly DeviceLine[]; unreadable?: NodeJS.ErrnoException }> {
  let bytes: Uint8Array;
  try {
    bytes = await files.read(path);
  } catch (error) {
    return { lines: [], unreadable: error as NodeJS.ErrnoException };
  }
  return { lines: parseDevices(bytes, reading) };
}

async function answersFor(
  names: readonly string[],
  { binding, own = true, addresses = 'all', signal, files }: InterfaceQuestion,
): Promise<{ source: DeviceSource; answers: DeviceAnswers | undefined }> {
  if (!own) return { source: 'none', answers: undefined };
  if (binding !== undefined) {
    return { source: 'ioctl', answers: await askDevices(binding, { names, addresses, signal }) };
  }
  const answers = await readSysfsDevices(names, undefined, files);
  return { source: answers === undefined ? 'none' : 'sysfs', answers };
}

/** By interface. A kernel without IPv6 has no such table. */
async function readInet6(path: string, files: TableFiles): Promise<Map<string, Inet6Line[]>> {
  const byName = new Map<string, Inet6Line[]>();
  const bytes = await files.read(path).catch((error: unknown) => {
    if (isExhausted(error) || error instanceof SockscopeError) throw error;
    return new Uint8Array();
  });
  for (const line of parseInet6Addresses(bytes).rows) {
    const lines = byName.get(line.name) ?? [];
    byName.set(line.name, lines);
    lines.push(line);
  }
  return byName;
}

type NamedCounters = Pick<InterfaceRow, 'name' | 'statistics'>;

function sorted(lines: readonly DeviceLine[], answers: DeviceAnswers | undefined): NamedCounters[] {
  const rows = new Map<string, NamedCounters>(lines.map((line) => [line.name, line]));
  for (const name of answers?.devices.keys() ?? []) {
    if (!rows.has(name)) rows.set(name, { name, statistics: undefined });
  }
  return sortByName([...rows.values()]);
}
