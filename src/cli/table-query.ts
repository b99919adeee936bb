import { remotePortAtMost } from '../filter/bytecode.ts';
import type { Which } from '../format/listing.ts';
import type { LocalHost } from '../host.ts';
import type { FamilyName } from '../socket/family.ts';
import type { ProtocolName } from '../socket/protocol.ts';
import { STATES, type StateName } from '../socket/state.ts';
import type { ColumnName } from '../table/schema.ts';
import type { Reading } from './reading.ts';

/** What a table of sockets asks of the host. */
export interface TableQuery {
  readonly protocol: ProtocolName;
  readonly families: readonly FamilyName[];
  readonly columns: readonly ColumnName[] | undefined;
  readonly states?: readonly StateName[];
  readonly bytecode?: Uint8Array;
}

/** A table's first dump, or a later one, that runs. */
export interface BegunTable {
  readonly query: TableQuery;
  readonly reading: Reading;
}

/**
 * What the kernel can leave out; the table decides. netstat tells by the remote port what listens and what does not,
 * whatever the state. A listener of the kernel's has no remote port, so those need not be asked for where they are not
 * shown (a text may be anything). A peer, the other way round, may well have port 0: there the kernel compares ports.
 */
export async function tcpFilter(
  which: Which,
  host: Pick<LocalHost, 'sourceOf'>,
): Promise<Pick<TableQuery, 'states' | 'bytecode'>> {
  if (which === 'listening') return { bytecode: remotePortAtMost(0) };
  if (which === 'all' || (await host.sourceOf('tcp')) !== 'netlink') return {};
  return { states: STATES.filter((state) => state !== 'listen' && state !== 'bound-inactive') };
}
