import { join } from 'node:path';
import { readKernelFile } from '../proc/kernel-file.ts';

/** Endpoints, associations: the files of /proc/net/sctp. */
export type SctpFile = 'eps' | 'assocs';

/**
 * Reads /proc/net/sctp/<file> below `netDirectory`, such as `/proc/net`: its bytes, or undefined where the kernel has no
 * such table or does not show it (ENOENT, EACCES). Throws the system's error for everything else.
 */
export function readSctp(netDirectory: string, file: SctpFile): Uint8Array | undefined {
  try {
    return readKernelFile(join(netDirectory, 'sctp', file));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'EACCES') return undefined;
    throw error;
  }
}

/** An SCTP endpoint, a socket: /proc/net/sctp/eps. Numbers as the kernel prints them. */
export interface SctpEndpoint {
  /** SST: a TCP_* number. */
  readonly state: number;
  /** LPORT. */
  readonly port: number;
  readonly uid: number;
  readonly inode: number;
  /** LADDRS, as text. */
  readonly addresses: readonly string[];
}

/** An SCTP association: /proc/net/sctp/assocs. */
export interface SctpAssociation {
  /** SST of its socket: a TCP_* number. */
  readonly state: number;
  /** TX_QUEUE and RX_QUEUE, bytes. */
  readonly sendQ: number;
  readonly recvQ: number;
  readonly uid: number;
  readonly inode: number;
  readonly localPort: number;
  readonly remotePort: number;
  /** LADDRS and RADDRS, as text without the star of the primary one. */
  readonly localAddresses: readonly string[];
  readonly remoteAddresses: readonly string[];
}

/** Rows in the file's order, and how many lines could not be understood. */
export interface SctpRows<Row> {
  readonly rows: readonly Row[];
  readonly bogus: number;
}

export function parseSctpEndpoints(bytes: Uint8Array): SctpRows<SctpEndpoint> {
  return parseLines(bytes, 8, (fields, addresses) => ({
    state: integer(fields[3]!),
    port: natural(fields[5]!),
    uid: integer(fields[6]!),
    inode: natural(fields[7]!),
    addresses: addresses.map(withoutStar),
  }));
}

export function parseSctpAssociations(bytes: Uint8Array): SctpRows<SctpAssociation> {
  return parseLines(bytes, 13, (fields, addresses) => {
    const arrow = addresses.indexOf('<->');
    const locals = arrow < 0 ? addresses : addresses.slice(0, arrow);
    const remotes = arrow < 0 ? [] : addresses.slice(arrow + 1);
    return {
      state: integer(fields[3]!),
      sendQ: integer(fields[7]!),
      recvQ: integer(fields[8]!),
      uid: integer(fields[9]!),
      inode: natural(fields[10]!),
      localPort: natural(fields[11]!),
      remotePort: natural(fields[12]!),
      localAddresses: locals.map(withoutStar),
      remoteAddresses: remotes.map(withoutStar),
    };
  });
}

/** `row` gets the first `count` fields, and the addresses behind them: up to a tab, where other numbers follow. */
function parseLines<Row>(
  bytes: Uint8Array,
  count: number,
  row: (fields: string[], addresses: string[]) => Row,
): SctpRows<Row> {
  const lines = new TextDecoder('latin1').decode(bytes).split('\n');
  if (lines.at(-1) === '') lines.pop();
  const rows: Row[] = [];
  let bogus = 0;
  for (const line of lines.slice(1)) {
    const match = fieldsBefore(line, count);
    if (match === undefined) bogus++;
    else rows.push(row(match.fields, match.rest.split('\t', 1)[0]!.split(' ').filter(Boolean)));
  }
  return { rows, bogus };
}

function fieldsBefore(line: string, count: number): { fields: string[]; rest: string } | undefined {
  const blanks = /[ \t]*([^ \t]+)/y;
  const fields: string[] = [];
  while (fields.length < count) {
    const match = blanks.exec(line);
    if (match === null) return undefined;
    fields.push(match[1]!);
  }
  return { fields, rest: line.slice(blanks.lastIndex + 1) };
}

function withoutStar(address: string): string {
  return address.startsWith('*') ? address.slice(1) : address;
}

/** The number a field begins with, 0 for none. */
function integer(field: string): number {
  const value = Number.parseInt(field, 10);
  return Number.isNaN(value) ? 0 : Math.min(Math.max(value, -0x8000_0000), Number.MAX_SAFE_INTEGER);
}

/** As `integer`, of a number that the kernel has unsigned. */
function natural(field: string): number {
  return Math.max(0, integer(field));
}
