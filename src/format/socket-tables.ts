import type { SctpAssociation, SctpEndpoint } from '../kernel-tables/sctp.ts';
import type { Batch } from '../table/batch.ts';
import type { ColumnName } from '../table/schema.ts';
import type { ByteWriter } from './byte-writer.ts';
import type { AddressSink } from './host-cells.ts';
import { InternetTable } from './internet-table.ts';
import { JsonSockets } from './json-sockets.ts';
import type { ListingOptions, Names } from './listing.ts';
import type { RowOwners } from './program-cells.ts';
import { SctpTable } from './sctp-table.ts';
import { UnixTable } from './unix-table.ts';

/** A table that is fed with batches of one protocol after the other. */
export interface BatchTable {
  /** Columns that the batches have to carry; undefined: those that a scan reads when nobody chooses. */
  readonly columns: readonly ColumnName[] | undefined;
  heading(): void;
  /** `hidden`: inodes that are left out; the batch has that column then. */
  batch(batch: Batch, hidden?: ReadonlySet<number> | undefined): void;
  /** Closes a protocol. */
  end?(): void;
  /** Adds the hosts that the batch's rows will show by name. */
  addHosts?(batch: Batch, into: AddressSink, hidden: ReadonlySet<number> | undefined): void;
}

/** The rows of SCTP; `owners` has whoever holds one at `index`, undefined where that is not shown or not known. */
export interface SctpRowsTable {
  endpoint(row: SctpEndpoint, owners: RowOwners | undefined, index: number): void;
  association(row: SctpAssociation, owners: RowOwners | undefined, index: number): void;
  /** Adds those of the addresses of a row that will be shown by name. */
  addHosts(addresses: readonly string[], into: AddressSink): void;
}

/** The tables of one round of a listing, each made when it is first asked for. */
export interface SocketTables {
  readonly internet: BatchTable;
  readonly sctp: SctpRowsTable;
  readonly unix: BatchTable;
}

export interface SocketTablesOptions extends ListingOptions {
  readonly json: boolean;
  readonly numericPorts: boolean;
  readonly numericUsers: boolean;
  /** `-N`. */
  readonly symbolic: boolean;
}

/** netstat's tables; or one array of JSON for all. */
export function socketTables(out: ByteWriter, options: SocketTablesOptions, names: Names): SocketTables {
  if (options.json) {
    const sockets = new JsonSockets(out, options.which);
    return { internet: sockets, sctp: sockets, unix: sockets };
  }
  const { numericHosts, numericPorts, numericUsers, symbolic } = options;
  // netstat shows the hosts of SCTP by number when anything else is.
  const numeric = numericHosts || numericPorts || numericUsers || symbolic;
  let internet: InternetTable | undefined;
  let sctp: SctpTable | undefined;
  let unix: UnixTable | undefined;
  return {
    get internet() {
      internet ??= new InternetTable(out, options, names);
      return internet;
    },
    get sctp() {
      sctp ??= new SctpTable(out, { ...options, numericHosts: numeric }, names);
      return sctp;
    },
    get unix() {
      unix ??= new UnixTable(out, options);
      return unix;
    },
  };
}
