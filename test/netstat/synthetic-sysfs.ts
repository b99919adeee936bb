import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Files of /sys/class/net/<name>; what is left out is that of a device that is down. */
export interface SysfsDevice {
  readonly ifindex: number;
  readonly flags?: string;
  readonly operstate?: string;
  readonly type?: number;
  readonly address?: string;
  readonly mtu?: number;
  readonly tx_queue_len?: number;
}

const DOWN = {
  flags: '0x1002',
  operstate: 'down',
  type: 1,
  address: '02:00:00:00:00:0f',
  mtu: 1500,
  tx_queue_len: 1000,
};

const ADDON_FOLDERS = ['../../build/Release', '../../prebuilds']
  .map((path) => fileURLToPath(new URL(path, import.meta.url)))
  .filter((path) => existsSync(path));

/** Shell commands, for a SyntheticHost's `network`, that hide the addon and put these devices in /sys/class/net. */
export function sysfsAlone(devices: Readonly<Record<string, SysfsDevice>>): string[] {
  const files = Object.entries(devices).flatMap(([name, device]) => [
    `mkdir -p '/sys/class/net/${name}'`,
    ...Object.entries({ ...DOWN, ...device }).map(
      ([file, text]) => `echo '${text}' >'/sys/class/net/${name}/${file}'`,
    ),
  ]);
  return [
    ...ADDON_FOLDERS.map((folder) => `mount -t tmpfs tmpfs '${folder}'`),
    'mount -t tmpfs tmpfs /sys',
    'mkdir -p /sys/class/net',
    ...files,
  ];
}
