import { dirname } from 'node:path';
import { bindingOf, type LoadedAddon } from '../addon/load-addon.ts';
import { MOUNT_TABLES, need } from '../need.ts';
import { allowReading, FORBIDDEN_REASON, isForbidden, mayExist } from '../permission.ts';
import { readKernelFile, requireReadable } from '../proc/kernel-file.ts';
import type { Ability, Limit, PassedOver } from '../table/report.ts';
import { parseDevices } from './device-lines.ts';
import { probeDevices } from './interface-ioctls.ts';
import { sysfsObstacle } from './interface-sysfs.ts';
import { natAbility } from './nat.ts';

/** A table beside the sockets, as the function of a host that reads it is called. */
export type TableName = 'routes' | 'interfaces' | 'groups' | 'statistics' | 'natEntries';

/** For each of the kernel's other tables, what a host reads it from. */
export type TableAbilities = Readonly<Record<TableName, Ability>>;

export interface TablesQuestion {
  /** The directory of the network tables, such as `/proc/net`. */
  readonly netDirectory: string;
  readonly addon: LoadedAddon;
  /** Whether `netDirectory` is of this process's own network namespace. */
  readonly isOwnNamespace: boolean;
  /** Whether netlink may be asked, and whether text may be read in its place. */
  readonly netlink: boolean;
  readonly text: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** Files of each table, by what they tell. A kernel without IPv6 has no such files, and nothing to tell. */
const FILES = {
  routes: { route: 'routes of IPv4', ipv6_route: 'routes of IPv6' },
  groups: { igmp: 'groups of IPv4', igmp6: 'groups of IPv6' },
  statistics: {
    snmp: 'counters of IPv4, ICMP, TCP and UDP',
    netstat: 'further counters of TCP and IP',
    snmp6: 'counters of IPv6',
  },
  interfaces: { dev: 'counters of interfaces', if_inet6: 'addresses of IPv6' },
} as const satisfies Partial<Record<TableName, Readonly<Record<string, string>>>>;

/**
 * Opens the files, asks the kernel for the first connections that it tracks, and by ioctls for the names that have an
 * address; without the addon the list of interfaces is read. Throws the signal's reason on abort, and an ERR_NO_RESOURCES
 * where this process is short of descriptors or memory.
 */
export async function tableAbilities(question: TablesQuestion): Promise<TableAbilities> {
  const { netDirectory, addon, netlink } = question;
  const asked = netlink ? bindingOf(addon) : { binding: undefined };
  const nat = await natAbility({ ...question, ...asked });
  return Object.freeze({
    routes: textAbility(netDirectory, FILES.routes),
    interfaces: await interfacesAbility(question),
    groups: textAbility(netDirectory, FILES.groups),
    statistics: textAbility(netDirectory, FILES.statistics),
    natEntries: nat,
  });
}

function textAbility(directory: string, files: Readonly<Record<string, string>>): Ability {
  const opened = Object.entries(files).map(([file, what]) => ({ what, why: whyNot(`${directory}/${file}`) }));
  const refused = opened.filter(({ why }) => why !== undefined && why !== ABSENT);
  if (opened.some(({ why }) => why === undefined)) {
    const limits = refused.map(({ what, why }) => ({ what, ...why! }));
    return { source: 'procfs', better: [], limits, absent: false };
  }
  const why = refused[0]?.why ?? (mayExist(directory) ? ABSENT : noDirectory(directory));
  return { source: 'none', better: [{ source: 'procfs', ...why }], limits: [], absent: why === ABSENT };
}

type Why = Omit<PassedOver, 'source'>;

/**
 * Without the counters' file there is no list of interfaces. Where there is the addon ioctls alone are asked, and without
 * a socket to ask by there is no list either; without it something of each is missing.
 */
async function interfacesAbility(question: TablesQuestion): Promise<Ability> {
  const { netDirectory, addon, isOwnNamespace, signal } = question;
  const { dev, ...others } = FILES.interfaces;
  const list = textAbility(netDirectory, { dev });
  if (list.source === 'none') return { ...list, absent: false };
  const { limits } = textAbility(netDirectory, { dev, ...others });
  const { binding, lack } = bindingOf(addon);
  if (!isOwnNamespace) return fromText(limits, [{ source: 'ioctl', ...OTHER_NAMESPACE }]);
  if (binding === undefined) return withoutIoctls(netDirectory, limits, { source: 'ioctl', ...lack! });
  const { obstacle, limits: more } = await probeDevices(binding, signal);
  if (obstacle === undefined) return { ...list, source: 'ioctl', limits: [...limits, ...more] };
  return { ...list, source: 'none', better: [{ source: 'ioctl', ...obstacle }] };
}

const OTHER_NAMESPACE: Why = {
  reason: "ioctls answer for this process's network namespace, and the tables may be of another",
  remedy: 'run in the network namespace of the host',
  needs: need('namespace', 'network'),
};

function withoutIoctls(netDirectory: string, limits: readonly Limit[], ioctl: PassedOver): Ability {
  const names = parseDevices(readKernelFile(`${netDirectory}/dev`)).map(({ name }) => name);
  const obstacle = sysfsObstacle(names);
  if (obstacle !== undefined) return fromText(limits, [ioctl, { source: 'sysfs', ...obstacle }]);
  const limit: Limit = { what: 'addresses of IPv4, and labels', reason: '/sys/class/net does not tell' };
  return { source: 'sysfs', better: [ioctl], limits: [...limits, limit], absent: false };
}

function fromText(limits: readonly Limit[], better: readonly PassedOver[]): Ability {
  const what = 'addresses of IPv4, flags, MTU and hardware address';
  const limit: Limit = { what, reason: 'the text of /proc/net does not tell' };
  return { source: 'procfs', better, limits: [...limits, limit], absent: false };
}

const ENOENT = 2;
const FORBIDDEN = ['EACCES', 'EPERM'];
const ABSENT: Why = { reason: 'the kernel has no such table', errno: ENOENT };

/** Why a file cannot be read; undefined where it can. */
function whyNot(path: string): Why | undefined {
  try {
    requireReadable(path);
    return undefined;
  } catch (error) {
    const { code, errno } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return ABSENT;
    if (isForbidden(error)) {
      return { reason: FORBIDDEN_REASON, ...allowReading(dirname(path), true) };
    }
    const why = { reason: `open ${path}: ${code}`, errno: errno && Math.abs(errno) };
    if (!FORBIDDEN.includes(code ?? '')) return why;
    return {
      ...why,
      remedy: 'allow this process to read it',
      needs: need('capability', 'CAP_DAC_READ_SEARCH'),
    };
  }
}

function noDirectory(directory: string): Why {
  return {
    reason: `there is no ${directory}`,
    errno: ENOENT,
    ...MOUNT_TABLES,
  };
}
