import { readdirSync } from 'node:fs';
import { isExhausted } from '../exhaustion.ts';
import { type Device, type DeviceAnswers, ENODEV, NO_MAP, unknownDevice } from './interface-devices.ts';
import { InterfaceFlag } from './interface-flags.ts';
import { TABLES_HERE, type TableFiles } from './table-file.ts';

const { up, running } = InterfaceFlag;

/**
 * What /sys/class/net tells of `names` (byte strings): no labels and no IPv4 addresses; `promisc` is set of ports of a
 * bridge as well. Undefined where it is not there, or is that of another network namespace: a sysfs shows the one it was
 * mounted in, and then its names are others than those of /proc/net/dev. Rejects where this process is short of
 * descriptors or memory.
 */
export async function readSysfsDevices(
  names: readonly string[],
  directory = '/sys/class/net',
  files: TableFiles = TABLES_HERE,
): Promise<DeviceAnswers | undefined> {
  const listed = namesIn(directory);
  if (listed === undefined || !sameNames(names, listed)) return undefined;
  const devices = new Map<string, Device>();
  for (const name of names) devices.set(name, await readDevice(`${directory}/${name}`, files));
  return { devices, listErrno: 0, inet: false };
}

/** The folders; `bonding_masters`, a file, is none. */
function namesIn(directory: string): Set<string> | undefined {
  try {
    const entries = readdirSync(directory, { withFileTypes: true, encoding: 'buffer' });
    return new Set(entries.filter((entry) => !entry.isFile()).map(({ name }) => name.toString('latin1')));
  } catch (error) {
    if (isExhausted(error)) throw error;
    return undefined;
  }
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
