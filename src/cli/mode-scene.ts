import type { ByteWriter } from '../format/byte-writer.ts';
import type { Names } from '../format/listing.ts';
import type { LocalHost } from '../host.ts';
import type { HostNames } from '../names/host-names.ts';
import type { CommandRequest } from './command-request.ts';

/** What a table beside the sockets is lent; `say` writes lines to stderr. */
export interface ModeScene {
  /** The command's name: `netstat` is netstat and nothing else. */
  readonly program: string;
  readonly host: Pick<LocalHost, 'proc' | 'binding'>;
  readonly out: ByteWriter;
  readonly say: (lines: string | Uint8Array) => void;
  readonly names: Names;
  /** Undefined where hosts are shown by number. */
  readonly hosts: HostNames | undefined;
}

/** Shows a table once; `round` counts from 0. Gives the exit status where the command has to end there, -c or not. */
export type ShowTable = (
  request: CommandRequest,
  scene: ModeScene,
  round: number,
) => Promise<number | undefined>;
