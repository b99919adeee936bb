import type { ByteWriter } from '../format/byte-writer.ts';
import type { LocalHost } from '../host.ts';
import type { HostOptions } from '../request/host-options.ts';

/** What a subcommand is lent. */
export interface SubcommandScene {
  /** The words after its name. */
  readonly words: readonly string[];
  readonly program: string;
  readonly openHost: (options: HostOptions) => LocalHost;
  readonly out: ByteWriter;
  /** Writes lines to stderr. */
  readonly say: (lines: string) => void;
  readonly pause: (milliseconds: number) => Promise<void>;
  /** Milliseconds, of a clock that is never set. */
  readonly now: () => number;
}

/** Runs it, and gives the exit status. */
export type Subcommand = (scene: SubcommandScene) => Promise<number>;

/** By name; each is loaded when it is asked for. netstat takes such a word for an operand, and passes over it. */
const SUBCOMMANDS: Readonly<Record<string, Subcommand>> = {
  pin: async (scene) => (await import('./pin.ts')).runPin({ ...scene, verb: 'pin' }),
  unpin: async (scene) => (await import('./pin.ts')).runPin({ ...scene, verb: 'unpin' }),
};

export function subcommandOf(word: string | undefined): Subcommand | undefined {
  return word !== undefined && Object.hasOwn(SUBCOMMANDS, word) ? SUBCOMMANDS[word] : undefined;
}
