/** Modules of somebody who uses the package, for the compiler to check. */

/** Every name that the package exports, and the mistakes that types are there to find. */
export const MODULE = `
import * as sockscope from 'sockscope';
import {
  ABSENT, Family, isSupported, NO_OWNER, openHost, OWNER_SCANS, Protocol, SCHEMA, scan, SockscopeError, State, Timer,
} from 'sockscope';
import type {
  Abilities, Ability, Batch, BatchOwners, BatchStream, ColumnArray, ColumnName, ColumnSet, Columns, Counter,
  CounterGroup, DumpReport, Endpoint, FamilyName, Gap, GroupMembership, Host, HostOptions, HostTables, Inet4Address,
  Inet6Address, InterfaceAddress, InterfaceFlagName, InterfaceStatistics, NatEntry, NatSequence, NatSource, NatState,
  NatTable, NatTuple, NetworkInterface, NoOwnerReason, OwnerReport, OwnerScanName, OwnersWanted, OwnerTally, PassedOver,
  Priority, Process, ProcessField, ProtocolName, Route, RouteFamily, RouteFlag, ScanOptions, ScanReport, ScanRequest,
  Limit, Need, Needs, SourceUsed, TableAbilities, TableName, SocketObject, SocketOwner, SocketRow, SocketTable, SockscopeErrorCode, SockscopeErrorDetails, SourceName, StateName,
  Statistics, TimerName,
} from 'sockscope';

const options: HostOptions = { threads: 'auto', priority: 'low', owners: ['bpf-pinned', 'procfd'], procRoot: '/host/proc' };
const source: SourceName = 'netlink';
const priority: Priority = 'low';
const wanted: OwnersWanted = 'all';
const fields: readonly ProcessField[] = ['comm', 'context'];
const scans: readonly OwnerScanName[] = OWNER_SCANS;
const request: ScanRequest = {
  protocols: ['tcp', 'unix'], families: ['inet6'], states: ['listen'], columns: ['local', 'inode'], owners: wanted,
  processFields: fields, signal: new AbortController().signal, deadlineMs: 500,
};
const both: ScanOptions = { ...request, source, ownerScans: scans };

export async function ask(): Promise<Host> {
  const host = await openHost(options);
  const tables: HostTables = host;
  const abilities: Abilities = host.abilities;
  const ability: Ability = abilities.tcp;
  const better: readonly PassedOver[] = ability.better;
  const limits: readonly Limit[] = ability.limits;
  const needs: Needs | undefined = limits[0]?.needs ?? better[0]?.needs;
  const first: Need | undefined = needs?.[0]?.[0];
  const other: TableAbilities = await host.tableAbilities();
  const names: TableName[] = ['routes', 'natEntries'];
  const used: SourceUsed | undefined = other.routes;
  const table: SocketTable = await host.scan(request);
  for (const row of table) read(row);
  read(table.row(0));
  const ports: Uint16Array | undefined = table.column('remotePort');
  report(table.report, table.gaps);
  const stream: BatchStream = host.batches();
  for await (const batch of stream) readBatch(batch);
  const routes: Route[] = await tables.routes('inet6' satisfies RouteFamily);
  const flags: readonly RouteFlag[] = routes.flatMap((route) => route.flagNames);
  const interfaces: NetworkInterface[] = await tables.interfaces();
  for (const { addresses, statistics, flagNames } of interfaces) readInterface(addresses, statistics, flagNames);
  const groups: GroupMembership[] = await tables.groups();
  const statistics: Statistics = await tables.statistics();
  const group: CounterGroup | undefined = statistics.groups[0];
  const counter: Counter | undefined = group?.counters[0];
  const value: bigint | undefined = counter?.value;
  readNat(await tables.natEntries());
  const whole: SocketTable = await scan(both);
  return [first, names, used, better, ports, flags, groups, value, whole].length > 0 ? host : await sockscope.openHost();
}

function read(row: SocketRow): void {
  const local: Endpoint | undefined = row.local;
  const cookie: bigint | undefined = row.cookie;
  const owners: readonly SocketOwner[] | undefined = row.owners;
  const holder: Process | undefined = owners?.[0];
  const why: NoOwnerReason | undefined = row.noOwner;
  const object: SocketObject = row.toObject();
  const protocol: ProtocolName | \`unknown-\${number}\` = object.protocol;
  const family: FamilyName | \`unknown-\${number}\` = row.family;
  const timer: TimerName | \`unknown-\${number}\` | undefined = row.timer;
  const state: StateName | 'none' | \`unknown-\${number}\` = object.state;
  const inode: number | undefined = object.inode;
  console.log(local?.address, cookie, holder?.program, why, protocol, family, timer, state, inode);
}

function readBatch(batch: Batch): void {
  const set: ColumnSet = batch.columns;
  const names: readonly ColumnName[] = SCHEMA.map(({ name }) => name);
  const unknown: number | undefined = SCHEMA.find(({ name }) => name === 'sendQ')?.absent;
  const states: ColumnArray<'state'> | undefined = batch.column('state');
  const heap: Uint8Array = batch.heap;
  const cookies: Columns['cookie'] = batch.require('cookie');
  const owners: BatchOwners | undefined = batch.owners;
  console.log(set, names, unknown, states?.[0] === State.listen, heap.length, cookies[0] === ABSENT, owners?.ownerPid[0]);
  console.log(Family.inet6, Protocol.tcp, Timer.keepalive, NO_OWNER[1], isSupported());
}

function readInterface(
  addresses: readonly InterfaceAddress[],
  statistics: Readonly<InterfaceStatistics> | undefined,
  flags: readonly InterfaceFlagName[],
): void {
  for (const address of addresses) {
    if (address.family === 'inet') mask(address);
    else prefix(address);
  }
  console.log(statistics?.rxBytes, flags.includes('up'));
}

const mask = ({ netmask }: Inet4Address): string | undefined => netmask;
const prefix = ({ prefixLength }: Inet6Address): number => prefixLength;

function readNat(table: NatTable): void {
  const source: NatSource = table.source;
  for (const entry of table) {
    const { original, state, sequence }: NatEntry = entry;
    const tuple: NatTuple = original;
    const known: NatState | \`unknown-\${number}\` | undefined = state;
    const moved: NatSequence | undefined = sequence;
    console.log(source, tuple.packets, known, moved?.position);
  }
}

function report({ dumps, owners, complete }: ScanReport, gaps: readonly Gap[]): void {
  const dump: DumpReport | undefined = dumps[0];
  const found: OwnerReport | undefined = owners;
  const tally: OwnerTally | undefined = found;
  console.log(dump?.rows, tally?.denied, complete, gaps[0]?.reason);
}

export function codeOf(error: unknown): SockscopeErrorCode | undefined {
  if (!(error instanceof SockscopeError)) return undefined;
  const details: SockscopeErrorDetails = error;
  console.log(details.operation, error.remedy);
  return error.code;
}

export async function mistakes(host: Host): Promise<void> {
  const table = await host.scan();
  // @ts-expect-error There is no such option.
  await host.scan({ protocol: 'tcp' });
  // @ts-expect-error There is no such protocol.
  await host.scan({ protocols: ['sctp'] });
  // @ts-expect-error There is no such state.
  await scan({ states: ['listening'] });
  // @ts-expect-error Of a host, not of a question.
  await host.scan({ procRoot: '/host/proc' });
  // @ts-expect-error Of a question, not of a host.
  await openHost({ protocols: ['tcp'] });
  // @ts-expect-error What is asked of one question has another name: ownerScans.
  await scan({ owners: ['procfd'] });
  // @ts-expect-error 1, 2 or auto.
  await openHost({ threads: 3 });
  // @ts-expect-error There is no such column.
  table.column('port');
  // @ts-expect-error Not to be had whole.
  table.column('path');
  // @ts-expect-error Ports have 16 bits.
  const wide: Uint32Array | undefined = table.column('localPort');
  // @ts-expect-error It may not have been asked for.
  const sure: Uint16Array = table.column('localPort');
  // @ts-expect-error Unix sockets have none.
  table.row(0).local.port;
  // @ts-expect-error Rows are for reading.
  table.row(0).inode = 7;
  // @ts-expect-error So are tables,
  table.length = 0;
  // @ts-expect-error what they say of themselves,
  table.report.ended = true;
  // @ts-expect-error all of it,
  table.report.gaps.push({ what: 'tcp', reason: 'deadline' });
  // @ts-expect-error abilities,
  host.abilities.tcp = { source: 'netlink', better: [] };
  // @ts-expect-error and what a host is.
  SCHEMA[0].lanes = 2;
  // @ts-expect-error A counter may have 64 bits.
  const rounded: number = (await host.statistics()).groups[0]!.counters[0]!.value;
  // @ts-expect-error Two families have routes.
  await host.routes('unix');
  // @ts-expect-error Only a host makes tables.
  new sockscope.SocketTable([], table.report);
  // @ts-expect-error Only a host makes batches.
  new sockscope.Batch();
  // @ts-expect-error There is no such class outside of the package.
  console.log(sockscope.LocalHost, wide, sure, rounded);
}
`;

/** Where an option that is undefined is not one that is absent. */
export const EXACT = `
import { openHost, scan } from 'sockscope';
export function passOn(source: 'netlink' | undefined, signal: AbortSignal | undefined) {
  return [openHost({ source }), scan({ signal, owners: undefined, deadlineMs: undefined })];
}
`;

/** Of CommonJS: \`require\` of an ES module. */
export const COMMON_JS = `
import { openHost } from 'sockscope';
import sockscope = require('sockscope');
async function ask(): Promise<number> {
  const host: sockscope.Host = await openHost();
  const table = await host.scan({ protocols: ['tcp'] });
  await host.close();
  // @ts-expect-error There is no such function.
  sockscope.netstat();
  return table.length;
}
export = ask;
`;

/** With a declaration that ends the host by itself. */
export const DISPOSING = `
import { openHost } from 'sockscope';
export async function count(): Promise<number> {
  await using host = await openHost();
  return (await host.scan()).length;
}
`;
