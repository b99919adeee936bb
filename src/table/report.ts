import type { Needs } from '../need.ts';
import type { ProtocolName } from '../socket/protocol.ts';
import type { ColumnName } from './schema.ts';

/** Sockets, or facts about them, that an answer lacks. */
export interface Gap {
  /** Whose sockets, or whether it is their owners. */
  readonly what: ProtocolName | 'owners';
  /**
   * `deadline`: the time was up before all of them were read; `unavailable`: no source could read them, or some column
   * of them (then `detail` begins with its name); `malformed`: messages or lines were left out because they made no sense;
   * `interrupted`: the kernel's table changed under the dump; `not-permitted`: descriptors of some process may not be
   * read, and `rows` sockets may be of its; `not-searched`: `rows` sockets were not found where a host that remembers
   * owners looks for new ones, and are looked for everywhere in the next scan.
   */
  readonly reason:
    | 'deadline'
    | 'unavailable'
    | 'malformed'
    | 'interrupted'
    | 'not-permitted'
    | 'not-searched';
  /** How many, where that is known. */
  readonly rows?: number | undefined;
  /** In words. */
  readonly detail?: string | undefined;
}

/** A source that would have been better, and why it was not used. */
export interface PassedOver {
  /** `netlink` or `procfs`; for owners `bpf`, `bpf-pinned` or `procfd`. */
  readonly source: string;
  /** In words. */
  readonly reason: string;
  /** The kernel's error number behind it, positive, where there is one. */
  readonly errno?: number | undefined;
  /** How to get it. */
  readonly remedy?: string | undefined;
  /** The same for programs; absent where there is no way, or none that can be named. */
  readonly needs?: Needs | undefined;
}

/** Which source a protocol's sockets, or their owners, come from. */
export interface SourceUsed {
  /** `none`: nothing here can answer. */
  readonly source: string;
  /** The best first; empty when the best one is used. */
  readonly better: readonly PassedOver[];
}

/** What the source in use does not tell. */
export interface Limit {
  /** In words, such as `processes of other users`. */
  readonly what: string;
  /** True where the source works, and finds nothing at all here. */
  readonly isEverything?: true | undefined;
  /** Columns that have their absent value, where it is that. */
  readonly columns?: readonly ColumnName[] | undefined;
  /** In words. */
  readonly reason: string;
  /** How to get it; absent where there is no way. */
  readonly remedy?: string | undefined;
  /** The same for programs. */
  readonly needs?: Needs | undefined;
}

/** What a host tells of a protocol's sockets, of their owners, or of one of the kernel's other tables. */
export interface Ability extends SourceUsed {
  /** What that source does not tell here; empty where it tells everything, or where there is none. */
  readonly limits: readonly Limit[];
  /** True where no source answers because there is nothing to tell: the kernel has no such protocol, no such table. */
  readonly absent: boolean;
  /**
   * What is tried first in its place for a listing of 50,000 sockets and more that asks for addresses, states and queues
   * alone: `bpf`. Undefined where nothing is. A library that embeds this never has it: see `HostOptions.owners`.
   */
  readonly largeBy?: string | undefined;
}

/** One dump, by the numbers. Of one that was cut short only `rows` and `milliseconds` are sure to be true. */
export interface DumpReport {
  /** Whose sockets were asked for. */
  readonly protocol: ProtocolName;
  /** `netlink` or `procfs`; `bpf` where a program of that kind has walked the kernel's tables in netlink's place. */
  readonly source: string;
  /** Sockets given out. */
  readonly rows: number;
  /** Bytes read from the kernel. */
  readonly bytes: number;
  /** From the request to the last row. A slow consumer of a stream counts in. */
  readonly milliseconds: number;
  /** Messages or lines that made no sense and were left out. */
  readonly malformed: number;
  /** Rows that the kernel gave twice and that were left out. */
  readonly duplicates: number;
  /** The kernel said that its table changed under the dump. */
  readonly interrupted: boolean;
  /** What the dump could not tell of its sockets, in words. */
  readonly lacks?: string | undefined;
  /**
   * Why a long table of /proc was read on the event loop's thread, in turns of some two milliseconds, and not by a thread
   * of its own: in words, with the remedy. Undefined where it was not. The rows are the same.
   */
  readonly onEventLoop?: string | undefined;
}

/** What an owner scan saw, and what it may not have seen. */
export interface OwnerTally {
  /** Processes looked at; by BPF: that hold a socket. */
  readonly processes: number;
  /** Processes that ended while they were looked at. */
  readonly vanished: number;
  /** Processes whose descriptors may not be read. */
  readonly denied: number;
  /** Of the denied, those whose descriptors may not even be listed: what makes netstat speak of it. */
  readonly unopened: number;
  /** Descriptors looked at; by BPF: those of sockets. */
  readonly descriptors: number;
  /** Descriptors that lead to a socket. */
  readonly sockets: number;
  /** Native threads that walked; 0 for the walk in TypeScript. */
  readonly threads: number;
}

/** The owner scan of an answer, by the numbers. */
export interface OwnerReport extends OwnerTally {
  /** `bpf`, `bpf-pinned` or `procfd`. */
  readonly source: string;
  /** From its start to the last holder; where owners are remembered, from the last socket on. */
  readonly milliseconds: number;
  /** Sockets whose owner is known from earlier scans of the host; undefined where none could be. */
  readonly remembered?: number | undefined;
}

/** What a scan tells about itself. Of a stream it grows while the stream is read, and is whole at its end. */
export interface ScanReport {
  /** For each protocol asked for, and for owners where they were. */
  readonly sources: Readonly<Partial<Record<ProtocolName | 'owners', SourceUsed>>>;
  /** In the order in which they were read. */
  readonly dumps: readonly DumpReport[];
  /** The owner scan; undefined where none was asked for, or none has come to its end. */
  readonly owners: OwnerReport | undefined;
  /** What the answer is known to lack. */
  readonly gaps: readonly Gap[];
  /** True once the scan has come to its end: a stream that was left, or that threw, has not. */
  readonly ended: boolean;
  /** True when the scan has come to its end and nothing is known to be missing. */
  readonly complete: boolean;
  /** Messages or lines, over all dumps, that made no sense and were left out. */
  readonly malformed: number;
  /** Rows, over all dumps, that the kernel gave twice and that were left out. */
  readonly duplicates: number;
  /** Bytes read from the kernel over all dumps. */
  readonly bytes: number;
}

/** The report of a scan that runs, for those who write it. */
export class RunningReport implements ScanReport {
  readonly sources: Partial<Record<ProtocolName | 'owners', SourceUsed>> = {};
  readonly dumps: DumpReport[] = [];
  owners: OwnerReport | undefined;
  readonly gaps: Gap[] = [];
  ended = false;

  get complete(): boolean {
    return this.ended && this.gaps.length === 0;
  }

  get malformed(): number {
    return this.dumps.reduce((sum, dump) => sum + dump.malformed, 0);
  }

  get duplicates(): number {
    return this.dumps.reduce((sum, dump) => sum + dump.duplicates, 0);
  }

  get bytes(): number {
    return this.dumps.reduce((sum, dump) => sum + dump.bytes, 0);
  }

  /** Writes a dump down, with the gaps that its numbers tell of, and what was tried in its place. */
  add(dump: DumpReport, passedOver?: PassedOver): void {
    this.dumps.push(dump);
    const what = dump.protocol;
    const used = this.sources[what];
    if (used !== undefined) {
      const better = passedOver === undefined ? used.better : [...used.better, passedOver];
      this.sources[what] = { ...used, source: dump.source, better };
    }
    if (dump.malformed > 0) this.gaps.push({ what, reason: 'malformed', rows: dump.malformed });
    if (dump.lacks !== undefined) this.gaps.push({ what, reason: 'unavailable', detail: dump.lacks });
    if (dump.interrupted) this.gaps.push({ what, reason: 'interrupted' });
  }
}
