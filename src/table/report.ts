import type { ProtocolName } from '../socket/protocol.ts';

/** Sockets, or facts about them, that an answer lacks. */
export interface Gap {
  readonly what: ProtocolName;
  /**
   * `deadline`: the time was up before all of them were read; `unavailable`: no source could read them; `malformed`:
   * messages or lines were left out because they made no sense; `interrupted`: the kernel's table changed under the dump.
   */
  readonly reason: 'deadline' | 'unavailable' | 'malformed' | 'interrupted';
  /** How many, where that is known. */
  readonly rows?: number | undefined;
  /** In words. */
  readonly detail?: string | undefined;
}

/** A source that would have been better, and why it was not used. */
export interface PassedOver {
  readonly source: string;
  readonly reason: string;
  readonly errno?: number | undefined;
  /** How to get it. */
  readonly remedy?: string | undefined;
}

/** Which source a protocol's sockets come from. */
export interface Ability {
  /** `none`: no source here can read this protocol. */
  readonly source: string;
  readonly better: readonly PassedOver[];
}

/** One dump, by the numbers. */
export interface DumpReport {
  readonly protocol: ProtocolName;
  readonly source: string;
  readonly rows: number;
  /** Bytes read from the kernel. */
  readonly bytes: number;
  /** From the request to the last row. A slow consumer of a stream counts in. */
  readonly milliseconds: number;
  readonly malformed: number;
  /** Rows that the kernel gave twice and that were left out. */
  readonly duplicates: number;
  readonly interrupted: boolean;
}

/** What a scan tells about itself. Of a stream it grows while the stream is read, and is whole at its end. */
export class ScanReport {
  /** For each protocol asked for. */
  readonly sources: Partial<Record<ProtocolName, Ability>> = {};
  /** In the order in which they were read. */
  readonly dumps: DumpReport[] = [];
  /** What the answer lacks; empty when it is complete. */
  readonly gaps: Gap[] = [];

  /** True when nothing is known to be missing. */
  get complete(): boolean {
    return this.gaps.length === 0;
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
    if (dump.interrupted) this.gaps.push({ what, reason: 'interrupted' });
  }
}
