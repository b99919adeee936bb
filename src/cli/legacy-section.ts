import type { ByteWriter } from '../format/byte-writer.ts';
import type { Names } from '../format/listing.ts';
import type { LocalHost } from '../host.ts';
import { errnoOfOpening, type MissingTable } from './missing-table.ts';
import type { CommandRequest } from './options.ts';
import type { Script } from './script.ts';
import type { LegacyFamily } from './sections.ts';

/** What the section is lent; steps that print, or that `say`, go through the script. */
export interface LegacyScene {
  readonly program: string;
  readonly host: Pick<LocalHost, 'proc'>;
  readonly out: ByteWriter;
  readonly names: Names;
  readonly say: (lines: string) => void;
  readonly script: Script;
}

/** Shows the sockets of a family that Linux has given up; `missing` judges a table that is not there. */
export function showLegacySockets(
  { label, file }: LegacyFamily,
  _request: CommandRequest,
  { host, program, say }: LegacyScene,
  missing: (table: MissingTable) => number | undefined,
): number | undefined {
  const path = `${host.proc.netDirectory()}/${file}`;
  const errno = errnoOfOpening(path);
  if (errno === undefined) {
    say(`${program}: the sockets of ${label} are not shown yet\n`);
    return 1;
  }
  return missing({ label, path, errno });
}
