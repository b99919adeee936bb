import { FAMILIES, type FamilyName } from '../socket/family.ts';
import { PROTOCOLS, type ProtocolName } from '../socket/protocol.ts';
import { ALL_STATES, STATES, State, type StateName } from '../socket/state.ts';
import { PROCESS_FIELDS, type ProcessField, USUAL_PROCESS_FIELDS } from '../table/process.ts';
import { type ColumnName, type ColumnSet, columnSet, SCHEMA } from '../table/schema.ts';
import { numberAtLeast, oneWord, orElse, rejectUnknownOptions, wordList, yesOrNo } from './options.ts';

/** What is asked of a host. Everything may be left out: the default is every socket. */
export interface ScanRequest {
  /** Default: all that the host can read. One named here that it cannot read is an error. */
  readonly protocols?: readonly ProtocolName[] | undefined;
  /** Default: all. */
  readonly families?: readonly FamilyName[] | undefined;
  /** Default: all but `bound-inactive`. The kernel leaves the others out, so that a narrow question is cheap. */
  readonly states?: readonly StateName[] | undefined;
  /**
   * What to read and carry; protocol, family and state always are. `local` and `remote` stand for address and port.
   * Default: all but `probes`, `unixPeer`, `unixRefs` and `unixFlags`, which cost the kernel extra. With `owners` also
   * `inode`, and `cookie` where the host may remember, for they are found by these.
   */
  readonly columns?: readonly (ColumnName | 'local' | 'remote')[] | undefined;
  /**
   * Who holds each socket. `lowest`: as netstat, the process with the lowest pid alone; `all`: every descriptor of every
   * process; `none` (default). No row comes before the search is over.
   */
  readonly owners?: OwnersWanted | undefined;
  /** What to read of the processes that hold a socket, beside `program`. Default: all but `context`. */
  readonly processFields?: readonly ProcessField[] | undefined;
  /**
   * Whether a host may go by what it found the last time, for `owners: 'lowest'` from /proc: sockets it has not seen are
   * looked up, known ones are looked at again in rotation. It then holds the table until all of it is there. Default: true
   * for a host's `scan`, false for `batches`, and for a host of one question. False looks every socket up.
   */
  readonly remember?: boolean | undefined;
  /** Ends the scan at once; it then throws the signal's reason. May be of another realm, or a polyfill. */
  readonly signal?: AbortSignal | undefined;
  /** After this many milliseconds the scan ends with what it has; `table.complete` is false and `table.gaps` says why. */
  readonly deadlineMs?: number | undefined;
  /** Bytes of table held at the most; more is an ERR_TOO_LARGE. Default: 1 GiB, some 14 million sockets. */
  readonly maxBytes?: number | undefined;
}

/** Which of the processes that hold a socket are wanted: see `ScanRequest.owners`. */
export type OwnersWanted = 'none' | 'lowest' | 'all';

export const OWNERS_WANTED: readonly OwnersWanted[] = ['none', 'lowest', 'all'];

/** A request with every default filled in and every name turned into numbers. */
export interface SettledRequest {
  readonly protocols: readonly ProtocolName[];
  /** Whether the caller named the protocols: then one that cannot be read is an error, not a gap. */
  readonly named: boolean;
  readonly families: readonly FamilyName[];
  readonly states: number;
  /** What the answer carries. */
  readonly columns: ColumnSet;
  readonly owners: OwnersWanted;
  readonly processFields: readonly ProcessField[];
  readonly remember: boolean;
  /** What the kernel may filter by beside states: `Dump.bytecode`. */
  readonly bytecode?: Uint8Array | undefined;
  /** `Dump.anyOrder`. */
  readonly anyOrder?: boolean | undefined;
  readonly signal: AbortSignal | undefined;
  readonly deadlineMs: number | undefined;
  readonly maxBytes: number;
}

/** The options of a request, for those who take others beside them. */
export const REQUEST_OPTIONS = [
  'protocols',
  'families',
  'states',
  'columns',
  'owners',
  'processFields',
  'remember',
  'signal',
  'deadlineMs',
  'maxBytes',
] as const satisfies readonly (keyof ScanRequest)[];

const pairs: Readonly<Record<'local' | 'remote', readonly ColumnName[]>> = {
  local: ['localAddress', 'localPort'],
  remote: ['remoteAddress', 'remotePort'],
};
const columnNames: readonly ColumnName[] = SCHEMA.map((spec) => spec.name);
const always: readonly ColumnName[] = ['protocol', 'family', 'state'];
const costly: readonly ColumnName[] = ['probes', 'unixPeer', 'unixRefs', 'unixFlags'];

/** Checks a request and fills it in. Throws a TypeError that names the option. */
export function settleRequest(input: ScanRequest): SettledRequest {
  rejectUnknownOptions(input, REQUEST_OPTIONS);
  const protocols = wordList('protocols', input.protocols, PROTOCOLS);
  const states = wordList('states', input.states, STATES);
  checkSignal(input.signal);
  return Object.freeze({
    protocols: protocols === undefined ? PROTOCOLS : PROTOCOLS.filter((name) => protocols.includes(name)),
    named: protocols !== undefined,
    families: wordList('families', input.families, FAMILIES) ?? FAMILIES,
    states: states === undefined ? ALL_STATES : states.reduce((mask, name) => mask | (1 << State[name]), 0),
    columns: settleColumns(input.columns) | joinColumns(input),
    owners: oneWord('owners', orElse(input.owners, 'none'), OWNERS_WANTED),
    processFields: settleFields(input.processFields),
    remember: yesOrNo('remember', input.remember) ?? true,
    signal: input.signal,
    deadlineMs: numberAtLeast('deadlineMs', input.deadlineMs, 0),
    maxBytes: Math.min(
      Math.floor(numberAtLeast('maxBytes', input.maxBytes, 1) ?? 2 ** 30),
      Number.MAX_SAFE_INTEGER,
    ),
  });
}

/** Taken by what it can do: one of another realm, or of a library, is no instance of this realm's class. */
function checkSignal(signal: unknown): void {
  if (signal === undefined) return;
  const { aborted, addEventListener, removeEventListener } = (signal ?? {}) as Partial<AbortSignal>;
  if (typeof aborted === 'boolean' && [addEventListener, removeEventListener].every(isFunction)) return;
  throw new TypeError('Option "signal" must be an AbortSignal');
}

function isFunction(value: unknown): boolean {
  return typeof value === 'function';
}

/** What owners are found by. */
function joinColumns({ owners, remember }: ScanRequest): ColumnSet {
  if (owners === undefined || owners === 'none') return 0;
  return columnSet(owners === 'lowest' && remember !== false ? ['inode', 'cookie'] : ['inode']);
}

/** An empty list is a wish here: the program alone. */
function settleFields(input: ScanRequest['processFields']): readonly ProcessField[] {
  if (Array.isArray(input) && input.length === 0) return [];
  return wordList('processFields', input, PROCESS_FIELDS) ?? USUAL_PROCESS_FIELDS;
}

function settleColumns(input: ScanRequest['columns']): ColumnSet {
  const words = wordList('columns', input, [...columnNames, 'local', 'remote'] as const);
  if (words === undefined) return columnSet(columnNames.filter((name) => !costly.includes(name)));
  return columnSet([
    ...always,
    ...words.flatMap((word) => (word === 'local' || word === 'remote' ? pairs[word] : [word])),
  ]);
}
