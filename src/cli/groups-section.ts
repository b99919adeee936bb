import type { ByteWriter } from '../format/byte-writer.ts';
import type { Names } from '../format/listing.ts';
import type { LocalHost } from '../host.ts';
import type { MissingTable } from './missing-table.ts';
import type { Script } from './script.ts';
import type { Listing } from './sections.ts';

/** What the section is lent; steps that print, or that `say`, go through the script. */
export interface GroupsScene {
  readonly program: string;
  readonly host: Pick<LocalHost, 'proc'>;
  readonly out: ByteWriter;
  readonly names: Names;
  readonly say: (lines: string) => void;
  readonly script: Script;
}

/** Shows the multicast groups; `missing` judges a table that is not there. Gives the exit status to end with, if any. */
export function showGroups(
  _listing: Pick<Listing, 'inet' | 'inet6'>,
  { say, program }: GroupsScene,
  _missing: (table: MissingTable) => number | undefined,
): number | undefined {
  say(`${program}: -g is not there yet\n`);
  return 1;
}
