import type { SctpAssociation, SctpEndpoint } from '../kernel-tables/sctp.ts';
import { stateName } from '../socket/state.ts';
import type { Batch } from '../table/batch.ts';
import { type SocketObject, SocketRow } from '../table/row.ts';
import type { ByteWriter } from './byte-writer.ts';
import { jsonText } from './json.ts';
import type { JsonSctpSocket, JsonSocket } from './json-documents.ts';
import type { Which } from './listing.ts';
import type { RowOwners } from './program-cells.ts';

/**
 * Sockets as one JSON array, an object each: the fields of SocketRow that have a value, in the order in which netstat
 * lists them, of the rows that it would list. It stands in for the tables of a listing.
 */
export class JsonSockets {
  /** All that a scan reads when nobody chooses. */
  readonly columns = undefined;
  readonly #out: ByteWriter;
  readonly #which: Which;
  #isFirst = true;

  constructor(out: ByteWriter, which: Which) {
    this.#out = out;
    this.#which = which;
  }

  heading(): void {}

  end(): void {}

  batch(batch: Batch): void {
    for (let index = 0; index < batch.length; index++) {
      const { pathBytes: _, ...socket } = new SocketRow(batch, index).toObject();
      if (this.#which === 'all' || listens(socket) === (this.#which === 'listening')) this.#write(socket);
    }
  }

  endpoint({ state, uid, inode, port, addresses }: SctpEndpoint, owners?: RowOwners, index = 0): void {
    const local = addresses.map((address) => ({ address, port }));
    this.#write({
      protocol: 'sctp',
      state: stateName(state),
      local,
      uid: uid >>> 0,
      inode,
      ...ownersOf(owners, index),
    });
  }

  association(row: SctpAssociation, owners?: RowOwners, index = 0): void {
    const { state, uid, inode, recvQ, sendQ, localPort, remotePort } = row;
    this.#write({
      protocol: 'sctp',
      state: stateName(state),
      local: row.localAddresses.map((address) => ({ address, port: localPort })),
      remote: row.remoteAddresses.map((address) => ({ address, port: remotePort })),
      recvQ,
      sendQ,
      uid: uid >>> 0,
      inode,
      ...ownersOf(owners, index),
    });
  }

  addHosts(): void {}

  #write(socket: JsonSocket | JsonSctpSocket): void {
    this.#out.bytes(Buffer.from(`${this.#isFirst ? '' : ','}${jsonText(socket)}`));
    this.#isFirst = false;
  }
}

/** netstat's rule of what `-l` shows: what has no other end; of unix sockets, what takes connections. */
function listens({ protocol, state, remote }: SocketObject): boolean {
  if (protocol === 'unix') return state === 'listen';
  if (protocol === 'tcp') return remote?.port === 0;
  return remote?.address === '0.0.0.0' || remote?.address === '::';
}

function ownersOf(owners: RowOwners | undefined, index: number): Pick<JsonSctpSocket, 'owners'> {
  if (owners === undefined) return {};
  const { ownerStart, ownerPid, processes } = owners;
  const found = Array.from(ownerPid.subarray(ownerStart[index], ownerStart[index + 1]), (pid) =>
    processes.get(pid),
  ).filter((process) => process !== undefined);
  return found.length === 0 ? {} : { owners: found };
}
