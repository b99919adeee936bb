import type { ExpectedProcess, ExpectedSocket, OwnersDescription } from './scene.ts';
import type { OwnedRow, RowOwner } from './subjects.ts';

/** What a row must say of its owners. */
export type Ownership =
  | { readonly owners: readonly { readonly pid: number; readonly fd: number }[] }
  | { readonly noOwner: string };

/** By inode where there is one that is known, else by its ends. */
export function isRowOf(row: OwnedRow, socket: ExpectedSocket): boolean {
  if (row.protocol !== socket.protocol || row.family !== socket.family) return false;
  if (socket.inode !== undefined && row.inode !== socket.inode) return false;
  if (socket.inode === 0 && row.remotePort !== socket.remotePort) return false;
  return (socket.inode ?? 0) !== 0 || row.localPort === socket.localPort;
}

/** Who holds the socket, or why nobody does; `holders`: those that may be seen. */
export function ownershipOf(
  socket: ExpectedSocket,
  { lowest = false, sees = () => true, otherwise = 'no-descriptor' }: View = {},
): Ownership {
  const seen = socket.holders.filter(sees).map(({ pid, fd }) => ({ pid, fd }));
  if (seen.length > 0) return { owners: lowest ? seen.slice(0, 1) : seen };
  const unproven = socket.reason === undefined || socket.reason === 'no-descriptor';
  return { noOwner: unproven ? otherwise : socket.reason };
}

export interface View {
  /** Only the lowest pid's lowest descriptor is asked for. */
  readonly lowest?: boolean;
  /** Whether this scan can see the holder. */
  readonly sees?: (holder: ExpectedSocket['holders'][number]) => boolean;
  /** What is said of a socket whose holders are not seen. */
  readonly otherwise?: string;
}

/** What the row says. */
export function ownershipIn({ owners, noOwner }: OwnedRow): Ownership {
  if (owners !== undefined) return { owners: owners.map(({ pid, fd }) => ({ pid, fd })) };
  return { noOwner: noOwner ?? 'neither an owner nor a reason' };
}

/** The one row of the socket; throws when there is none, or more than one. */
export function rowOf(rows: readonly OwnedRow[], socket: ExpectedSocket): OwnedRow {
  const found = rows.filter((row) => isRowOf(row, socket));
  if (found.length !== 1) throw new Error(`${found.length} rows of the socket "${socket.name}"`);
  return found[0]!;
}

export function socketCalled({ sockets }: OwnersDescription, name: string): ExpectedSocket {
  const found = sockets.find((socket) => socket.name === name);
  if (found === undefined) throw new Error(`the scene has no socket called "${name}"`);
  return found;
}

/** What must be told of each process, keyed as it is told. */
export function factsOf({ program, pid: _, ...facts }: ExpectedProcess): object {
  return { ...facts, ...(program !== undefined && { programBytes: program }) };
}

/** What is told, of those facts that are expected. */
export function toldOf(owner: RowOwner, facts: object): object {
  return Object.fromEntries(Object.keys(facts).map((field) => [field, owner[field as keyof RowOwner]]));
}
