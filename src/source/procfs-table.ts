import type { Batch } from '../table/batch.ts';
import { TableBuilder } from '../table/builder.ts';
import type { PageReader } from './page-reader.ts';
import { InetRows } from './parsers/inet-rows.ts';
import { LineCutter } from './parsers/lines.ts';
import { UnixRows } from './parsers/unix-rows.ts';
import type { Dump, DumpTally } from './source.ts';

/**
 * One /proc/net table, read and parsed on the calling thread in steps of some 64 KiB or `stepMs` milliseconds. Gives a
 * batch whenever one is full, and undefined after a step that filled none. Counts rows, bytes and malformed lines.
 */
export function* readTable(
  reader: PageReader,
  dump: Dump,
  tally: DumpTally,
  stepMs?: number,
): Generator<Batch | undefined, void, undefined> {
  const builder = new TableBuilder(dump.columns);
  const Rows = dump.protocol === 'unix' ? UnixRows : InetRows;
  const lines = new LineCutter(new Rows(dump, builder, tally));
  const counted = (batch: Batch | undefined): Batch | undefined => {
    tally.rows += batch?.length ?? 0;
    return batch;
  };
  let bytes = 0;
  do {
    reader.fill(stepMs);
    tally.bytes += reader.total - bytes;
    bytes = reader.total;
    reader.drop(lines.push(reader.bytes, reader.length));
    yield counted(builder.take());
  } while (!reader.ended);
  lines.finish(reader.bytes, reader.length);
  yield counted(builder.take());
  yield counted(builder.finish());
}
