import type { ProtocolName } from '../socket/protocol.ts';

/** Which rows a listing shows: netstat's default, `-l`, `-a`. */
export type Which = 'connected' | 'listening' | 'all';

/** Which of a socket's holders a listing names: nobody, the process with the lowest pid (`-p`), every process. */
export type Programs = 'none' | 'lowest' | 'all';

export interface ListingOptions {
  readonly which: Which;
  /** `-W`: addresses are not cut. */
  readonly wide: boolean;
  /** `-e`: user and inode. */
  readonly extend: boolean;
  /** `-p`. */
  readonly programs: Programs;
  /** `-Z`. Default: not shown. */
  readonly context?: boolean;
  /** `-o`. */
  readonly timers: boolean;
  /** `-n`, `--numeric-hosts`. */
  readonly numericHosts: boolean;
}

/** Looks numbers up; a function that is absent, or that answers undefined, leaves the number. */
export interface Names {
  /** The canonical name of a service; of an IP protocol for `raw`. */
  readonly service?: ((port: number, protocol: ProtocolName) => string | undefined) | undefined;
  readonly user?: ((uid: number) => string | undefined) | undefined;
  /** The name of the host whose address is at `offset` of a column: a byte string, one character a byte. */
  readonly host?: ((addresses: Uint8Array, offset: number, family: number) => string | undefined) | undefined;
  /** The name of an IPv4 network, such as 127.0.0.0, as a number in host order: a byte string. */
  readonly network?: ((address: number) => string | undefined) | undefined;
}

const WHICH: Record<Which, string> = {
  connected: 'w/o servers',
  listening: 'only servers',
  all: 'servers and established',
};

/** The line over a table of sockets; `what` as in `Internet connections`. */
export function listingTitle(what: string, which: Which): string {
  return `Active ${what} (${WHICH[which]})\n`;
}
