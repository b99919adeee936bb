import { parentPort, Worker, workerData } from 'node:worker_threads';
import type { Batch } from '../table/batch.ts';
import { withPageThread } from './large-table.ts';
import { PageReader } from './page-reader.ts';
import { fillRing } from './page-ring.ts';
import { PageThread } from './page-thread.ts';
import { type PageJob, sizeKiB, type TableFailure, type TableJob, type TableMessage } from './procfs-job.ts';
import { readTable } from './procfs-table.ts';
import { readPage } from './read-page.ts';
import { type DumpTally, newTally } from './source.ts';

// The first file of a reading thread, bundled for `createProcfsSource`. Nothing else may import it: it starts working.

type Send = (message: TableMessage, transfer?: readonly ArrayBuffer[]) => void;

async function run(job: TableJob, send: Send): Promise<void> {
  send({ kind: 'started' });
  const tally = newTally();
  let failure: TableFailure | undefined;
  try {
    for await (const batch of batches(job, tally)) {
      if (batch === undefined) continue;
      const data = batch.toData();
      waitForRoom(job, sizeKiB(data));
      send({ kind: 'batch', batch: data }, [data.buffer]);
    }
  } catch (error) {
    const { message, code, errno, syscall } = error as NodeJS.ErrnoException;
    failure = { message, code, errno, syscall };
  }
  send({ kind: 'end', tally, failure });
}

function batches(
  { fd, begun, dump, readAheadBy }: TableJob,
  tally: DumpTally,
): AsyncIterable<Batch | undefined> {
  const reader = new PageReader(fd, begun);
  return withPageThread(readTable(reader, dump, tally), reader, async () => {
    // It ends with this thread, which its descriptor outlives.
    return readAheadBy === undefined ? undefined : new PageThread(Worker, readAheadBy, fd);
  });
}

/** One batch may always wait, however small the limit. */
function waitForRoom({ waitingKiB, maxKiB }: TableJob, size: number): void {
  for (;;) {
    const waiting = Atomics.load(waitingKiB, 0);
    if (waiting === 0 || waiting + size <= maxKiB) break;
    Atomics.wait(waitingKiB, 0, waiting);
  }
  Atomics.add(waitingKiB, 0, size);
}

const port = parentPort;
const job = workerData as TableJob | PageJob;
if (job?.kind === 'pages') fillRing(job.ring, (into, at, length) => readPage(job.fd, into, at, length));
else if (port !== null) void run(job, (message, transfer) => port.postMessage(message, transfer));
