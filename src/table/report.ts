import type { ProtocolName } from '../socket/protocol.ts';

/** Sockets, or facts about them, that an answer lacks. */
export interface Gap {
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
}

/** Which source a protocol's sockets, or their owners, come from. */
export interface Ability {
  /** `none`: nothing here can answer. */
  readonly source: string;
  /** The best first; empty when the best one is used. */
  readonly better: readonly PassedOver[];
}

/** One dump, by the numbers. Of one that was cut short only `rows` and `milliseconds` are sure to be true. */
export interface DumpReport {
  readonly protocol: ProtocolName;
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
export class ScanReport {
  /** For each protocol asked for, and for owners where they were. */
  readonly sources: Partial<Record<ProtocolName | 'owners', Ability>> = {};
  /** In the order in which they were read. */
  readonly dumps: DumpReport[] = [];
  /** The owner scan; undefined where none was asked for, or none has come to its end. */
  owners: OwnerReport | undefined;
  /** What the answer is known to lack. */
  readonly gaps: Gap[] = [];

  /** True once the scan has come to its end: a stream that was left, or that threw, has not. */
  ended = false;

  /** True when the scan has come to its end and nothing is known to be missing. */
  get complete(): boolean {
    return this.ended && this.gaps.length === 0;
  }

  /** Messages or lines, over all dumps, that made no sense and were left out. */
  get malformed(): number {
    return this.dumps.reduce((sum, dump) => sum + dump.malformed, 0);
  }

  /** Rows, over all dumps, that the kernel gave twice and that were left out. */
  get duplicates(): number {
    return this.dumps.reduce((sum, dump) => sum + dump.duplicates, 0);
  }

  /** Bytes read from the kernel over all dumps. */
  get bytes(): number {
    return this.dumps.reduce((sum, dump) => sum + dump.bytes, 0);
  }

  /** Writes a dump down, with the gaps that its numbers tell of. */
  add(dump: DumpReport): void {
    this.dumps.push(dump);
    const what = dump.protocol;
    if (dump.malformed > 0) this.gaps.push({ what, reason: 'malformed', rows: dump.malformed });
    if (dump.lacks !== undefined) this.gaps.push({ what, reason: 'unavailable', detail: dump.lacks });
    if (dump.interrupted) this.gaps.push({ what, reason: 'interrupted' });
  }
}
