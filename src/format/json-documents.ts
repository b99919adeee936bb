import type { DoctorReport } from '../doctor/report.ts';
import type { CounterChange, GroupChange } from '../kernel-tables/counter-changes.ts';
import type { GroupMembership } from '../kernel-tables/groups.ts';
import type { NetworkInterface } from '../kernel-tables/interfaces.ts';
import type { NatEntry } from '../kernel-tables/nat-table.ts';
import type { Route } from '../kernel-tables/routes.ts';
import type { CounterGroup } from '../kernel-tables/statistics.ts';
import type { Process } from '../table/process.ts';
import type { Endpoint, SocketObject, SocketOwner } from '../table/row.ts';
import type { LayersFacts } from './layers-screen.ts';

/**
 * Version of the documents, the first key of each: a line of JSON may be read long after, and far from, the program that
 * wrote it. Goes up when a key goes, or changes its type or meaning; a new key is no new version.
 */
export const JSON_SCHEMA_VERSION = 1;

/** What every document begins with. */
interface Versioned {
  readonly schemaVersion: typeof JSON_SCHEMA_VERSION;
}

// What stands in a document is what `jsonText` makes of these: bytes are left out, and so is what is undefined; counters
// are digits. api/json.md is made from them.

/** The tables of a listing, by the mode that shows them. */
export interface JsonTables {
  readonly routes: Route;
  readonly interfaces: NetworkInterface;
  readonly statistics: CounterGroup;
  readonly nat: NatEntry;
}

/** `--json` with the option of a table alone. */
export type TableDocument<T extends keyof JsonTables> = Versioned & {
  readonly [Name in T]: readonly JsonTables[Name][];
};

/** `--json` of sockets. */
export type SocketsDocument = Versioned & {
  readonly sockets: readonly (JsonSocket | JsonSctpSocket)[];
  /** With `-g`. */
  readonly groups?: readonly GroupMembership[] | undefined;
};

/** What a listing does not read of a socket, for it costs the kernel extra. */
type Unread = 'probes' | 'unixPeer' | 'unixRefs' | 'unixFlags';

/** A socket of any protocol but SCTP. */
export type JsonSocket = Omit<SocketObject, 'pathBytes' | 'owners' | Unread> & {
  /** With `-p`. */
  readonly owners?: readonly (JsonProcess & Pick<SocketOwner, 'fd'>)[] | undefined;
};

/** What a listing reads of a process; `context` with `-Z`. */
export type JsonProcess = Pick<Process, 'pid' | 'startTime' | 'program' | 'context'>;

/** An endpoint of SCTP, or an association, which has a remote end. */
export interface JsonSctpSocket {
  readonly protocol: 'sctp';
  readonly state: string;
  readonly local: readonly Endpoint[];
  readonly remote?: readonly Endpoint[] | undefined;
  readonly recvQ?: number | undefined;
  readonly sendQ?: number | undefined;
  readonly uid: number;
  readonly inode: number;
  readonly owners?: readonly JsonProcess[] | undefined;
}

/** A report of `sockscope delta --json`. */
export type DeltaDocument = Versioned & {
  /** Between the readings. */
  readonly seconds: number;
  /** The command that ran meanwhile, if any. */
  readonly command?: readonly string[] | undefined;
  readonly protocols: readonly JsonGroupChange[];
  readonly interfaces: readonly JsonGroupChange[];
  /** An interface that was asked for by name and was never there. */
  readonly missingInterface?: string | undefined;
};

/** Undefined where no time has passed. */
type Rate = { readonly perSecond: number | undefined };

export type JsonCounterChange =
  | (Extract<CounterChange, { kind: 'counted' }> & Rate)
  | Exclude<CounterChange, { kind: 'counted' }>;

export interface JsonGroupChange extends Pick<GroupChange, 'name' | 'kind'> {
  readonly counters: readonly JsonCounterChange[];
  readonly figures: Readonly<Record<string, number>>;
}

/** `sockscope layers --json`. */
export type LayersDocument = Versioned & LayersFacts;

/** `sockscope doctor --json`. */
export type DoctorDocument = Versioned & DoctorReport;

/** All of them, by what asks for them: the contents of api/json.md. */
export interface JsonDocuments {
  readonly 'sockscope --json': SocketsDocument;
  readonly 'sockscope -r --json': TableDocument<'routes'>;
  readonly 'sockscope -i --json': TableDocument<'interfaces'>;
  readonly 'sockscope -s --json': TableDocument<'statistics'>;
  readonly 'sockscope -M --json': TableDocument<'nat'>;
  readonly 'sockscope delta --json': DeltaDocument;
  readonly 'sockscope layers --json': LayersDocument;
  readonly 'sockscope doctor --json': DoctorDocument;
}
