import type { Priority } from '../priority.ts';
import type { FamilyName } from '../socket/family.ts';
import type { ProtocolName } from '../socket/protocol.ts';
import type { Support } from '../support.ts';
import type { Batch } from '../table/batch.ts';
import type { Limit, PassedOver } from '../table/report.ts';
import type { ColumnSet } from '../table/schema.ts';
import type { Turn } from '../turn.ts';

/** `netlink`: the kernel is asked by the addon; `procfs`: /proc/net is read as text. */
export type SourceName = 'netlink' | 'procfs';

/** The best first. */
export const SOURCES: readonly SourceName[] = ['netlink', 'procfs'];

/** One question to a source: the sockets of one protocol. */
export interface Dump {
  readonly protocol: ProtocolName;
  readonly families: readonly FamilyName[];
  /** Bit set of states (`1 << state`) to be given. */
  readonly states: number;
  /** Columns to be carried. A column the source cannot fill holds its absent value. */
  readonly columns: ColumnSet;
  /**
   * inet_diag bytecode that a source may let the kernel run, to spare it and the reader rows that nobody wants. A hint:
   * whoever asks has to filter again.
   */
  readonly bytecode?: Uint8Array | undefined;
  /** Whether rows may come in another order than the kernel's, if that is faster. */
  readonly anyOrder?: boolean | undefined;
}

/** What a dump tells about itself; the source counts while it reads. */
export interface DumpTally {
  rows: number;
  /** Bytes read from the kernel. */
  bytes: number;
  /** Messages or lines that could not be understood; each is a socket not shown. */
  malformed: number;
  /** Rows that the kernel gave twice and that were left out. */
  duplicates: number;
  /** True when the kernel said that its table changed under the dump. */
  interrupted: boolean;
  /** What was read in the place of the source, such as `bpf`. */
  source?: string | undefined;
  /** What was tried before the source itself, and why it was not used. */
  passedOver?: PassedOver;
  /** What the dump could not tell of its sockets, in words. */
  lacks?: string;
  /** Why it was read on the event loop's thread where a thread of its own should have done it, in words. */
  onEventLoop?: string;
}

export function newTally(): DumpTally {
  return { rows: 0, bytes: 0, malformed: 0, duplicates: 0, interrupted: false };
}

/** What a caller lends a dump. */
export interface DumpContext {
  /** Ends the dump at once: `read` then throws the signal's reason. */
  readonly signal: AbortSignal;
  /** Native threads: 1 receives and decodes on one, 2 on one each, or reads by two dumps at once. */
  readonly threads: 1 | 2;
  /** Of the dump's own threads; normal when left out. */
  readonly priority?: Priority | undefined;
  /** Bytes of batches that may wait for the consumer. More is an ERR_TOO_LARGE, or makes a source wait that can. */
  readonly maxBytes: number;
  readonly tally: DumpTally;
  /** What all dumps of a host together take of a round of the event loop. */
  readonly turn: Turn;
}

/** A way to read sockets. Rows of one dump come in the kernel's order, each family in its own, unless any will do. */
export interface Source {
  readonly name: SourceName;
  /** Whether this source can answer for the protocol here. Never throws; remembers what is certain. */
  probe(protocol: ProtocolName): Promise<Support>;
  /** What it does not tell of the protocol here, where it can answer. Never throws. Absent: nothing is known. */
  limits?(protocol: ProtocolName): readonly Limit[];
  /** What is tried first in its place where a listing of the protocol is large. Never throws. Absent: nothing is. */
  largeBy?(protocol: ProtocolName): string | undefined;
  /**
   * Reads one protocol. Leaving the loop ends the dump and frees what it held.
   * Throws a SockscopeError when the kernel refuses or the reply is damaged, and `context.signal.reason` on abort.
   */
  read(dump: Dump, context: DumpContext): AsyncIterable<Batch>;
}
