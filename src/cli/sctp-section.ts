import type { RowOwners } from '../format/program-cells.ts';
import type { SctpRowsTable } from '../format/socket-tables.ts';
import type { LocalHost } from '../host.ts';
import {
  parseSctpAssociations,
  parseSctpEndpoints,
  readSctp,
  type SctpFile,
  type SctpRows,
} from '../kernel-tables/sctp.ts';
import type { CommandRequest } from './command-request.ts';
import { errnoOf } from './errno.ts';
import type { MissingTable } from './missing-table.ts';
import type { RoundOwners } from './round-owners.ts';
import type { Script } from './script.ts';

/** What the section is lent. */
export interface SctpScene {
  readonly host: Pick<LocalHost, 'proc'>;
  readonly table: SctpRowsTable;
  readonly say: (lines: string) => void;
  readonly script: Script;
}

/** The exit status to end with, or undefined to go on. */
type Status = number | undefined;
type Missing = (table: MissingTable) => Status;

/** Shows endpoints and associations, as far as the request asks for them; `missing` judges a table that is not there. */
export async function showSctp(
  request: CommandRequest,
  scene: SctpScene,
  owners: RoundOwners,
  missing: Missing,
): Promise<Status> {
  const { which } = request;
  const { table } = scene;
  if (which !== 'connected') {
    const endpoints = read('eps', parseSctpEndpoints, scene, missing);
    if (typeof endpoints === 'number') return endpoints;
    await write(endpoints, owners, (...row) => {
      scene.script.add(
        () => table.endpoint(...row),
        (into) => table.addHosts(row[0].addresses, into),
      );
    });
    scene.say('warning, got bogus sctp eps line.\n'.repeat(endpoints?.bogus ?? 0));
  }
  if (which !== 'listening') {
    const associations = read('assocs', parseSctpAssociations, scene, missing);
    if (typeof associations === 'number') return associations;
    await write(associations, owners, (...row) => {
      const { localAddresses, remoteAddresses } = row[0];
      scene.script.add(
        () => table.association(...row),
        (into) => table.addHosts([...localAddresses, ...remoteAddresses], into),
      );
    });
    scene.say('warning, got bogus sctp assoc line.\n'.repeat(associations?.bogus ?? 0));
  }
  return undefined;
}

async function write<Row extends { readonly inode: number }>(
  table: SctpRows<Row> | undefined,
  owners: RoundOwners,
  writeRow: (row: Row, owners: RowOwners | undefined, index: number) => void,
): Promise<void> {
  const rows = table?.rows ?? [];
  const holders = await owners.of(rows.map(({ inode }) => inode));
  for (const [index, row] of rows.entries()) writeRow(row, holders, index);
}

/** The file's rows; or, where there is none, what follows from that. */
function read<Table>(
  file: SctpFile,
  parse: (bytes: Uint8Array) => Table,
  { host }: SctpScene,
  missing: Missing,
): Table | Status {
  const netDirectory = host.proc.netDirectory();
  let errno: number | undefined;
  try {
    const bytes = readSctp(netDirectory, file);
    if (bytes !== undefined) return parse(bytes);
  } catch (error) {
    errno = errnoOf(error);
  }
  return missing({ label: 'AF INET (sctp)', path: `${netDirectory}/sctp/${file}`, errno });
}
