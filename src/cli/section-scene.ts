import type { ByteWriter } from '../format/byte-writer.ts';
import type { Names } from '../format/listing.ts';
import type { LocalHost } from '../host.ts';
import type { Script } from './script.ts';

/** What a section of a listing is lent; steps that print, or that `say`, go through the script. */
export interface SectionScene {
  readonly program: string;
  readonly host: Pick<LocalHost, 'proc'>;
  readonly out: ByteWriter;
  readonly names: Names;
  readonly say: (lines: string) => void;
  readonly script: Script;
}
