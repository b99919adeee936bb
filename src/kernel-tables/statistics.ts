import { join } from 'node:path';
import {
  type CounterEntry,
  parseCounterLines,
  parseCounterPairs,
  parseSctpCounters,
  type TitledEntries,
} from './counter-text.ts';
import { TABLES_HERE, type TableFiles } from './table-file.ts';

/** A number that the kernel counts up. A few are settings or levels: `Forwarding`, `CurrEstab`. */
export interface Counter {
  /** As the kernel names it: `InReceives`; in files without titles with the group's name: `Ip6InReceives`, `SctpAborteds`. */
  readonly name: string;
  /** Unsigned, 64 bits; of some counters the kernel has 32 only, and they begin again at 0 beyond. */
  readonly value: bigint;
}

/** The counters of one protocol, or of a part of one. */
export interface CounterGroup {
  /** As the kernel names it: `Ip`, `Icmp`, `IcmpMsg`, `Tcp`, `Udp`, `TcpExt`, `IpExt`; `Sctp`; `Ip6`, `Icmp6`, `Udp6`. */
  readonly name: string;
  /** In the order of the kernel's file. */
  readonly counters: readonly Counter[];
}

/** The counters of a network namespace. */
export interface Statistics {
  /** In the order of the kernel's files: net/snmp, net/netstat, net/sctp/snmp, net/snmp6. A file that is absent has none. */
  readonly groups: readonly CounterGroup[];
  /** Counters that lacked their name or their value, and files that could not be read to their end. */
  readonly malformed: number;
}

/** The kernel's files below /proc/net, by what is in them; undefined: there is none. */
export interface StatisticsFiles {
  readonly snmp?: Uint8Array | undefined;
  readonly netstat?: Uint8Array | undefined;
  readonly sctp?: Uint8Array | undefined;
  readonly snmp6?: Uint8Array | undefined;
}

/** Where they are, below /proc/net. */
export const STATISTICS_FILES = {
  snmp: 'snmp',
  netstat: 'netstat',
  sctp: 'sctp/snmp',
  snmp6: 'snmp6',
} as const satisfies Record<keyof StatisticsFiles, string>;

/**
 * Reads every counter below `netDirectory`, such as `/proc/net`. A file that the kernel does not have or does not show
 * (ENOENT, EACCES) has no groups. Rejects with the system's error for everything else.
 */
export async function readStatistics(
  netDirectory: string,
  files: TableFiles = TABLES_HERE,
): Promise<Statistics> {
  const texts = Object.entries(STATISTICS_FILES).map(
    async ([name, path]) => [name, await readIfThere(join(netDirectory, path), files)] as const,
  );
  return parseStatistics(Object.fromEntries(await Promise.all(texts)));
}

async function readIfThere(path: string, files: TableFiles): Promise<Uint8Array | undefined> {
  try {
    return await files.read(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'EACCES') return undefined;
    throw error;
  }
}

const NONE = new Uint8Array();

export function parseStatistics({ snmp, netstat, sctp, snmp6 }: StatisticsFiles): Statistics {
  const pairs = [snmp, netstat].map((bytes) => parseCounterPairs(bytes ?? NONE));
  let malformed = pairs.filter(({ broken }) => broken).length;
  const whole = (entries: readonly CounterEntry[]): Counter[] => {
    const counters = entries.filter(isWhole);
    malformed += entries.length - counters.length;
    return counters;
  };
  const titled = ({ title, entries }: TitledEntries): CounterGroup => ({
    name: title,
    counters: whole(entries),
  });
  const groups = pairs.flatMap(({ groups }) => groups.map(titled));
  if (sctp !== undefined) groups.push({ name: 'Sctp', counters: whole(parseSctpCounters(sctp)) });
  if (snmp6 !== undefined) groups.push(...groupsByName(whole(parseCounterLines(snmp6))));
  return { groups, malformed };
}

function isWhole(entry: CounterEntry): entry is Counter {
  return entry.name !== undefined && entry.value !== undefined;
}

/**
 * The counters of /proc/net/snmp6, whose names say where they belong: a group's name ends with the first 6 of its first
 * counter, and the group where a name does not contain it.
 */
export function groupsByName(counters: readonly Counter[]): CounterGroup[] {
  const groups: { readonly name: string; readonly counters: Counter[] }[] = [];
  for (const counter of counters) {
    const last = groups.at(-1);
    if (last !== undefined && counter.name.includes(last.name)) last.counters.push(counter);
    else groups.push({ name: titleOf(counter.name), counters: [counter] });
  }
  return groups;
}

function titleOf(name: string): string {
  const six = name.indexOf('6');
  return six < 0 ? name : name.slice(0, six + 1);
}
