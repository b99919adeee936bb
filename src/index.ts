/**
 * Every socket of a Linux host, and who owns it: `openHost` for a host that is asked again and again, `scan` for one
 * question.
 * @packageDocumentation
 */

import { type Host, LocalHost } from './host.ts';
import type { Surroundings } from './host-parts.ts';
import * as hostTables from './host-tables.ts';
import { packageAbove } from './package-root.ts';
import { HOST_OPTIONS, type HostOptions, settleHostOptions } from './request/host-options.ts';
import { rejectUnknownOptions } from './request/options.ts';
import { REQUEST_OPTIONS, type ScanRequest } from './request/request.ts';
import type { SocketTable } from './table/socket-table.ts';

export type { SockscopeErrorCode, SockscopeErrorDetails } from './errors.ts';
export { SockscopeError } from './errors.ts';
export type { Abilities, BatchStream, Host } from './host.ts';
export type { HostTables } from './host-tables.ts';
export type { GroupMembership } from './kernel-tables/groups.ts';
export type {
  Inet4Address,
  Inet6Address,
  InterfaceAddress,
  InterfaceFlagName,
  InterfaceStatistics,
  NetworkInterface,
} from './kernel-tables/interfaces.ts';
export type {
  NatEntry,
  NatSequence,
  NatSource,
  NatState,
  NatTable,
  NatTuple,
} from './kernel-tables/nat-table.ts';
export type { RouteFamily } from './kernel-tables/route-family.ts';
export type { RouteFlag } from './kernel-tables/route-flags.ts';
export type { Route } from './kernel-tables/routes.ts';
export type { Counter, CounterGroup, Statistics } from './kernel-tables/statistics.ts';
export type { TableAbilities, TableName } from './kernel-tables/table-abilities.ts';
export type { Need, Needs } from './need.ts';
export { OWNER_SCANS, type OwnerScanName } from './owners/owner-scan.ts';
export type { Priority } from './priority.ts';
export type { HostOptions } from './request/host-options.ts';
export type { OwnersWanted, ScanRequest } from './request/request.ts';
export type { FamilyName } from './socket/family.ts';
export { Family } from './socket/family.ts';
export type { ProtocolName } from './socket/protocol.ts';
export { Protocol } from './socket/protocol.ts';
export type { StateName } from './socket/state.ts';
export { State } from './socket/state.ts';
export type { TimerName } from './socket/timer.ts';
export { Timer } from './socket/timer.ts';
export type { SourceName } from './source/source.ts';
export type { Batch, ColumnArray } from './table/batch.ts';
export type { Columns } from './table/columns.ts';
export { type BatchOwners, NO_OWNER, type NoOwnerReason } from './table/owners.ts';
export type { Process, ProcessField } from './table/process.ts';
export type {
  Ability,
  DumpReport,
  Gap,
  Limit,
  OwnerReport,
  OwnerTally,
  PassedOver,
  ScanReport,
  SourceUsed,
} from './table/report.ts';
export type { Endpoint, SocketObject, SocketOwner, SocketRow } from './table/row.ts';
export type { ColumnName, ColumnSet } from './table/schema.ts';
export { ABSENT, SCHEMA } from './table/schema.ts';
export type { SocketTable } from './table/socket-table.ts';

/**
 * In a bundle there is no package: then `addonPath` says where the addon is, and long /proc tables are read in turns with
 * the event loop, which `DumpReport.onEventLoop` tells, instead of by a thread of their own.
 */
const surroundings: Surroundings = {
  ...packageAbove(import.meta.url),
  reader: 'worker',
  automaticBpf: false,
  // Here, for Node reads a module that is imported later on its thread pool, which may be refused by then.
  hostTables: async () => hostTables,
};

/** True where sockets can be listed: on Linux. Importing works everywhere. */
export function isSupported(): boolean {
  return process.platform === 'linux';
}

/**
 * Opens this host, or the one whose /proc is mounted at `procRoot`: finds the addon, and asks the kernel what it can
 * answer: off the event loop, in a fraction of a millisecond where there are not very many unix or UDP sockets. Throws a
 * TypeError for wrong options, ERR_UNSUPPORTED_PLATFORM elsewhere than on Linux.
 */
export async function openHost(options: HostOptions = {}): Promise<Host> {
  const host = new LocalHost(settleHostOptions(options), surroundings);
  await host.load();
  return host.probe();
}

/** The options of one question: those of a request, and those of a host, whose `owners` is here called `ownerScans`. */
export type ScanOptions = ScanRequest &
  Omit<HostOptions, 'owners'> & { readonly ownerScans?: HostOptions['owners'] };

const OWN_OPTIONS = HOST_OPTIONS.filter((name) => name !== 'owners');

/** Opens the host, scans it once and closes it: for one question. Takes the options of both. */
export async function scan(options: ScanOptions = {}): Promise<SocketTable> {
  rejectUnknownOptions(options, [...REQUEST_OPTIONS, ...OWN_OPTIONS, 'ownerScans']);
  const settings = settleHostOptions(
    { ...pick(options, OWN_OPTIONS), owners: options.ownerScans },
    'ownerScans',
  );
  const host = new LocalHost(settings, surroundings);
  try {
    await host.load();
    return await host.scan({ remember: false, ...pick(options, REQUEST_OPTIONS) });
  } finally {
    await host.close();
  }
}

function pick<T extends object, K extends keyof T>(from: T, names: readonly K[]): Pick<T, K> {
  return Object.fromEntries(names.filter((name) => name in from).map((name) => [name, from[name]])) as Pick<
    T,
    K
  >;
}
