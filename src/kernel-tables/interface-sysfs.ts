import { readdirSync } from 'node:fs';
import { isExhausted } from '../exhaustion.ts';
import { need } from '../need.ts';
import { allowReading, FORBIDDEN_REASON, isForbidden } from '../permission.ts';
import type { PassedOver } from '../table/report.ts';
import { type Device, type DeviceAnswers, ENODEV, NO_MAP, unknownDevice } from './interface-devices.ts';
import { InterfaceFlag } from './interface-flags.ts';
import { TABLES_HERE, type TableFiles } from './table-file.ts';

const { up, running } = InterfaceFlag;

const DIRECTORY = '/sys/class/net';

/**
 * What /sys/class/net tells of `names` (byte strings): no labels and no IPv4 addresses; `promisc` is set of ports of a
 * bridge as well. Undefined where there is a `sysfsObstacle`. Rejects where this process is short of descriptors or memory.
 */
export async function readSysfsDevices(
  names: readonly string[],
  directory = DIRECTORY,
  files: TableFiles = TABLES_HERE,
): Promise<DeviceAnswers | undefined> {
  if (sysfsObstacle(names, directory) !== undefined) return undefined;
  const devices = new Map<string, Device>();
  for (const name of names) devices.set(name, await readDevice(`${directory}/${name}`, files));
  return { devices, listErrno: 0, inet: false };
}

/**
 * Why it does not tell of `names`; undefined where it does. A sysfs shows the network namespace that it was mounted in:
 * where that is another, its names are others than those of /proc/net/dev. Throws where this process is short of descriptors
 * or memory.
 */
export function sysfsObstacle(
  names: readonly string[],
  directory = DIRECTORY,
): Omit<PassedOver, 'source'> | undefined {
  try {
    if (sameNames(names, namesIn(directory))) return undefined;
    const reason = `${directory} shows other interfaces: those of another network namespace`;
    return { reason, remedy: 'mount sysfs in this one' };
  } catch (error) {
    if (isExhausted(error)) throw error;
    if (isForbidden(error)) return { reason: FORBIDDEN_REASON, ...allowReading(directory, true) };
    const { code, errno, syscall } = error as NodeJS.ErrnoException;
    const why = { reason: `${syscall} ${directory}: ${code}`, errno: errno && Math.abs(errno) };
    return code === 'ENOENT' ? { ...why, remedy: 'mount sysfs', needs: need('mount', 'sysfs') } : why;
  }
}

/** The folders; `bonding_masters`, a file, is none. */
function namesIn(directory: string): Set<string> {
  const entries = readdirSync(directory, { withFileTypes: true, encoding: 'buffer' });
  return new Set(entries.filter((entry) => !entry.isFile()).map(({ name }) => name.toString('latin1')));
}

function sameNames(names: readonly string[], listed: ReadonlySet<string>): boolean {
  const wanted = new Set(names);
  return wanted.size === listed.size && names.every((name) => listed.has(name));
}

/** `folder` is a byte string. */
async function readDevice(folder: string, files: TableFiles): Promise<Device> {
  const value = async (file: string): Promise<string> =>
    Buffer.from(await files.read(Buffer.from(`${folder}/${file}`, 'latin1')))
      .toString('latin1')
      .trim();
  try {
    const [index, raw, state, type, address, mtu, queue] = await Promise.all(
      ['ifindex', 'flags', 'operstate', 'type', 'address', 'mtu', 'tx_queue_len'].map(value),
    );
    return {
      errno: 0,
      index: Number(index),
      flags: shownFlags(Number(raw), state!),
      hardwareType: Number(type),
      hardwareAddress: addressBytes(address!),
      mtu: Number(mtu),
      txQueueLength: Number(queue) | 0,
      map: NO_MAP,
      outfill: 0,
      keepalive: 0,
      inet: [],
    };
  } catch (error) {
    if (isExhausted(error)) throw error;
    return unknownDevice(ENODEV);
  }
}

/** sysfs leaves `running` out: that an interface is up, and its link is, or cannot be told. */
function shownFlags(flags: number, state: string): number {
  const runs = (flags & up) !== 0 && (state === 'up' || state === 'unknown');
  return (flags & 0xffff & ~running) | (runs ? running : 0);
}

function addressBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(14);
  bytes.set(text.split(':', 14).map((byte) => Number.parseInt(byte, 16) || 0));
  return bytes;
}
