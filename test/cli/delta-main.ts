/** `sockscope delta` as a program of its own: node --import tsx test/cli/delta-main.ts WORD... */
import { runDelta } from '../../src/cli/delta.ts';
import { openOutput, ReaderGone } from '../../src/cli/output.ts';
import { ByteWriter } from '../../src/format/byte-writer.ts';
import { ProcRoot } from '../../src/proc/proc-root.ts';

const [stdout, stderr] = [openOutput(1), openOutput(2)];
const out = new ByteWriter((bytes) => stdout.write(bytes));

runDelta({
  words: process.argv.slice(2),
  program: 'sockscope',
  openHost: ({ procRoot }) => ({ proc: new ProcRoot(procRoot), close: async () => {} }),
  out,
  say: (lines) => stderr.write(Buffer.from(lines)),
  pause: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  now: () => performance.now(),
})
  .then((status) => {
    out.flush();
    return status;
  })
  .catch((error: unknown) => {
    if (error instanceof ReaderGone) return 0;
    throw error;
  })
  .then((status) => process.exit(status));
