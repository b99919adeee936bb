// node format.mjs inet|inet6|mixed ROWS [--list]
// The formatter alone: batches made once, formatted as `sockscope -tan` does, over and over, into a writer whose bytes go
// nowhere. Prints what timed.mjs does, and nsPerRow; --list the rows.
import { bundled } from './bundled.mjs';
import { madeUpBatches } from './made-up-sockets.mjs';
import { timed } from './timed.mjs';

const STAGE = `
  export { ByteWriter } from './format/byte-writer.ts';
  export { InternetTable } from './format/internet-table.ts';
  export { TableBuilder } from './table/builder.ts';
  export { columnSet } from './table/schema.ts';
  export { Family } from './socket/family.ts';
  export { Protocol } from './socket/protocol.ts';
`;
const OPTIONS = {
  which: 'all',
  wide: false,
  extend: false,
  programs: 'none',
  timers: false,
  numericHosts: true,
};

const [kind, rows, list] = process.argv.slice(2);
const stage = await bundled(STAGE);
const batches = madeUpBatches(kind, Number(rows), stage);
if (list === '--list') {
  const written = [];
  format((bytes) => written.push(bytes.slice()));
  process.stdout.write(Buffer.concat(written));
} else {
  const figures = await timed(async () => format(() => {}), { iterations: 15, warmup: 5 });
  process.stdout.write(`${JSON.stringify({ ...figures, nsPerRow: (figures.p50Ms * 1e6) / figures.rows })}\n`);
}

function format(flush) {
  const writer = new stage.ByteWriter(flush);
  const table = new stage.InternetTable(writer, OPTIONS, {});
  let formatted = 0;
  for (const batch of batches) {
    table.batch(batch);
    formatted += batch.length;
  }
  table.end();
  writer.flush();
  return formatted;
}
