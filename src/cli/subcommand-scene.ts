import type { ByteWriter } from '../format/byte-writer.ts';
import type { LocalHost } from '../host.ts';
import type { HostOptions } from '../request/host-options.ts';

/** What a subcommand is lent. */
export interface SubcommandScene {
  /** The words after its name. */
  readonly words: readonly string[];
  readonly program: string;
  /** The environment's variables. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Of this package. */
  readonly version: () => string;
  readonly openHost: (options: HostOptions) => LocalHost;
  readonly out: ByteWriter;
  /** Writes lines to stderr. */
  readonly say: (lines: string | Uint8Array) => void;
  readonly pause: (milliseconds: number) => Promise<void>;
  /** Milliseconds, of a clock that is never set. */
  readonly now: () => number;
}

/** Runs it, and gives the exit status. */
export type Subcommand = (scene: SubcommandScene) => Promise<number>;
