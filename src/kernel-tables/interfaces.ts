import type { InterfaceStatistics } from './device-lines.ts';
import type { Device } from './interface-devices.ts';
import { flagNames, type InterfaceFlagName } from './interface-flags.ts';
import { type InterfaceQuestion, type InterfaceRow, readInterfaceTable } from './interface-table.ts';

export type { InterfaceStatistics } from './device-lines.ts';
export type { InterfaceFlagName } from './interface-flags.ts';

/** A network interface. Bytes of names that are not UTF-8 read U+FFFD. */
export interface NetworkInterface {
  /** At most 15 bytes. */
  readonly name: string;
  /**
   * ifindex, 0 where the kernel did not tell it. Undefined where it is not known: with the tables of another network
   * namespace; so below.
   */
  readonly index: number | undefined;
  /** Bytes of the largest packet. */
  readonly mtu: number | undefined;
  /** IFF_* bits 0 to 15, as SIOCGIFFLAGS tells them. */
  readonly flags: number | undefined;
  /** The names of the flags that are set, as in net/if.h; empty where they are not known. */
  readonly flagNames: readonly InterfaceFlagName[];
  /** ARPHRD_*: 1 for Ethernet, 772 for loopback, 65534 for none. */
  readonly hardwareType: number | undefined;
  /** Such as `02:fc:00:00:00:01`; undefined for types whose addresses have a length that ioctls do not tell, or none. */
  readonly hardwareAddress: string | undefined;
  /** Packets that may wait to be sent: tx_queue_len. */
  readonly txQueueLength: number | undefined;
  /** IPv4 first, those of labels with them; then IPv6. Without the addon IPv6 alone. */
  readonly addresses: readonly InterfaceAddress[];
  /** Undefined where /proc/net/dev does not have the interface: it has just come. */
  readonly statistics: Readonly<InterfaceStatistics> | undefined;
  /** Names that IPv4 addresses have beside the interface's own, such as `eth0:1`, in their order. */
  readonly labels: readonly string[];
}

/** An address of an interface, as text. */
export type InterfaceAddress = Inet4Address | Inet6Address;

/** An IPv4 address of an interface. Kernel: SIOCGIFADDR and its like. */
export interface Inet4Address {
  /** Tells it from an Inet6Address. */
  readonly family: 'inet';
  /** Such as `127.0.0.1`. */
  readonly address: string;
  /** Undefined where the kernel did not tell, here and below: an address that has just gone. */
  readonly netmask: string | undefined;
  /** 0.0.0.0 where none is set. */
  readonly broadcast: string | undefined;
  /** The other end of a point-to-point link; else the address itself. */
  readonly destination: string | undefined;
  /** The interface's name, or one that begins with it, such as `eth0:1`. */
  readonly label: string;
}

/** An IPv6 address of an interface. Kernel: a line of /proc/net/if_inet6. */
export interface Inet6Address {
  /** Tells it from an Inet4Address. */
  readonly family: 'inet6';
  /** Such as `fe80::1`, without a zone. */
  readonly address: string;
  /** Bits of the address that are its network's. */
  readonly prefixLength: number;
  /** The kernel's IPV6_ADDR_* bits: 0 global, 0x10 host, 0x20 link, 0x40 site, 0x80 IPv4-compatible. */
  readonly scope: number;
}

/**
 * Reads the interfaces: /proc/net/dev, what ioctls tell (without the addon: /sys/class/net), /proc/net/if_inet6. In
 * netstat's order: by name without the number at its end, then by that number (`eth2` before `eth10`), then by the bytes
 * of the name. Interfaces that go meanwhile are left out. Throws a SockscopeError where no socket may be made, or memory
 * or a thread are refused, the signal's reason on abort, and the system's error where there is no /proc/net/dev. Where a
 * sandbox refuses netlink, reading n IPv4 addresses of one interface takes time of n squared: seconds for 16,000.
 */
export async function readInterfaces(question: InterfaceQuestion): Promise<NetworkInterface[]> {
  const { rows, unreadable } = await readInterfaceTable(question);
  if (unreadable !== undefined) throw unreadable;
  const there = rows.filter(
    ({ name, device }) => name !== '' && (device === undefined || device.errno === 0),
  );
  const labels = labelsByIndex(there);
  return there
    .filter((row) => !labels.get(row.device?.index)?.includes(row))
    .map((row) => toInterface(row, labels.get(row.device?.index) ?? []));
}

/** Labels: names that stand in no table of devices, but have the index of one that does. */
function labelsByIndex(rows: readonly InterfaceRow[]): Map<number | undefined, InterfaceRow[]> {
  const labels = new Map<number | undefined, InterfaceRow[]>();
  for (const { device, statistics } of rows) {
    if (device !== undefined && statistics !== undefined) labels.set(device.index, []);
  }
  for (const row of rows) if (row.statistics === undefined) labels.get(row.device?.index)?.push(row);
  return labels;
}

function toInterface(
  { name, device, statistics, inet6 }: InterfaceRow,
  labels: InterfaceRow[],
): NetworkInterface {
  const queue = device?.txQueueLength;
  return {
    name: characters(name),
    index: device?.index,
    mtu: device?.mtu,
    flags: device?.flags,
    flagNames: flagNames(device?.flags ?? 0),
    hardwareType: device?.hardwareType,
    hardwareAddress: device && hardwareAddress(device),
    txQueueLength: queue === undefined ? undefined : queue >>> 0,
    addresses: [
      ...inet4Of({ name, device }),
      ...labels.flatMap(inet4Of),
      ...inet6.map(({ address, prefixLength, scope }) => ({
        family: 'inet6' as const,
        address,
        prefixLength,
        scope,
      })),
    ],
    statistics,
    labels: labels.map((label) => characters(label.name)),
  };
}

/** Of a byte string. */
function characters(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString();
}

function inet4Of({ name, device }: Pick<InterfaceRow, 'name' | 'device'>): Inet4Address[] {
  return (device?.inet ?? []).map((address) => ({ family: 'inet', ...address, label: characters(name) }));
}

/** Bytes of a hardware address, by ARPHRD_*: Ethernet, its kin of IEEE 802, loopback, FDDI, HIPPI, WLAN; EUI-64; ARCnet. */
const HARDWARE_BYTES: Readonly<Record<number, number>> = {
  1: 6,
  2: 6,
  6: 6,
  7: 1,
  27: 8,
  772: 6,
  774: 6,
  780: 6,
  801: 6,
  802: 6,
  803: 6,
};

function hardwareAddress({ hardwareType, hardwareAddress: bytes }: Device): string | undefined {
  const length = HARDWARE_BYTES[hardwareType];
  if (length === undefined) return undefined;
  return [...bytes.subarray(0, length)].map((byte) => byte.toString(16).padStart(2, '0')).join(':');
}
