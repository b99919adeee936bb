import { closeSync, existsSync, openSync, readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { NativeBinding } from '../addon/native-binding.ts';
import { MOUNT_TABLES, need } from '../need.ts';
import { allowReading, FORBIDDEN_REASON, isForbidden } from '../permission.ts';
import type { Ability, Limit, PassedOver } from '../table/report.ts';
import { natAbility } from './nat.ts';

/** A table beside the sockets, as the function of a host that reads it is called. */
export type TableName = 'routes' | 'interfaces' | 'groups' | 'statistics' | 'natEntries';

/** For each of the kernel's other tables, what a host reads it from. */
export type TableAbilities = Readonly<Record<TableName, Ability>>;

export interface TablesQuestion {
  /** The directory of the network tables, such as `/proc/net`. */
  readonly netDirectory: string;
  /** The addon; undefined where there is none. */
  readonly binding: NativeBinding | undefined;
  /** Whether `netDirectory` is of this process's own network namespace. */
  readonly isOwnNamespace: boolean;
  /** Whether netlink may be asked, and whether text may be read in its place. */
  readonly netlink: boolean;
  readonly text: boolean;
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

/** Opens the files, reads none, and asks the kernel for the first connections under NAT. Never throws. */
export async function tableAbilities(question: TablesQuestion): Promise<TableAbilities> {
  const { netDirectory, text } = question;
  const binding = question.netlink ? question.binding : undefined;
  const nat = await natAbility({ ...question, binding, text });
  return Object.freeze({
    routes: textAbility(netDirectory, FILES.routes),
    interfaces: interfacesAbility(question),
    groups: textAbility(netDirectory, FILES.groups),
    statistics: textAbility(netDirectory, FILES.statistics),
    natEntries: question.netlink && binding === undefined ? withoutAddon(nat) : nat,
  });
}

function textAbility(directory: string, files: Readonly<Record<string, string>>): Ability {
  const opened = Object.entries(files).map(([file, what]) => ({ what, why: whyNot(`${directory}/${file}`) }));
  const refused = opened.filter(({ why }) => why !== undefined && why !== ABSENT);
  if (opened.some(({ why }) => why === undefined)) {
    const limits = refused.map(({ what, why }) => ({ what, ...why! }));
    return { source: 'procfs', better: [], limits, absent: false };
  }
  const why = refused[0]?.why ?? (existsSync(directory) ? ABSENT : noDirectory(directory));
  return { source: 'none', better: [{ source: 'procfs', ...why }], limits: [], absent: why === ABSENT };
}

/** Without the counters' file there is no list of interfaces; without ioctls something of each is missing. */
function interfacesAbility({ netDirectory, binding, isOwnNamespace }: TablesQuestion): Ability {
  const { dev, ...others } = FILES.interfaces;
  const list = textAbility(netDirectory, { dev });
  if (list.source === 'none') return { ...list, absent: false };
  const { limits } = textAbility(netDirectory, { dev, ...others });
  if (isOwnNamespace && binding !== undefined) return { ...list, source: 'ioctl', limits };
  const better = [{ source: 'ioctl', ...ioctlObstacle(isOwnNamespace) }];
  const hasSysfs = isOwnNamespace && isDirectory('/sys/class/net');
  const limit: Limit = {
    what: hasSysfs ? 'addresses of IPv4, and labels' : 'addresses of IPv4, flags, MTU and hardware address',
    reason: hasSysfs ? '/sys/class/net does not tell' : 'the text of /proc/net does not tell',
  };
  return { source: hasSysfs ? 'sysfs' : 'procfs', better, limits: [...limits, limit], absent: false };
}

function withoutAddon(nat: Ability): Ability {
  const better = nat.better.map((one) =>
    one.source === 'ctnetlink' ? { source: one.source, ...NO_ADDON } : one,
  );
  return { ...nat, better };
}

type Why = Omit<PassedOver, 'source'>;

const NO_ADDON: Why = {
  reason: 'there is no addon to ask by',
  remedy: 'put the addon for this machine into the package, or name its file: addonPath',
  needs: need('package', 'sockscope.node'),
};

function ioctlObstacle(isOwnNamespace: boolean): Why {
  return isOwnNamespace
    ? NO_ADDON
    : {
        reason: "ioctls answer for this process's network namespace, and the tables may be of another",
        remedy: 'run in the network namespace of the host',
        needs: need('namespace', 'network'),
      };
}

const ENOENT = 2;
const FORBIDDEN = ['EACCES', 'EPERM'];
const ABSENT: Why = { reason: 'the kernel has no such table', errno: ENOENT };

/** Why a file cannot be opened; undefined where it can. */
function whyNot(path: string): Why | undefined {
  try {
    closeSync(openSync(path, 'r'));
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

function isDirectory(path: string): boolean {
  try {
    readdirSync(path);
    return true;
  } catch {
    return false;
  }
}
