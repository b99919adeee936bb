import { getPriority, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { PageReader } from './page-reader.ts';
import { sizeKiB, type TableFailure, type TableJob, type TableMessage } from './procfs-job.ts';
import { readTable } from './procfs-table.ts';
import { newTally } from './source.ts';

// The first file of a reading thread, bundled for `createProcfsSource`. Nothing else may import it: it starts working.

function run(job: TableJob, send: (message: TableMessage, transfer?: readonly ArrayBuffer[]) => void): void {
  if (job.priority === 'low') lowerThisThread();
  send({ kind: 'started' });
  const tally = newTally();
  let failure: TableFailure | undefined;
  try {
    const reader = new PageReader(job.fd, job.isOfProcFs, job.begun);
    for (const batch of readTable(reader, job.dump, tally)) {
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

/** As native/core/thread_priority.h: on Linux 0 is the calling thread. It is never raised again, and ends with its job. */
function lowerThisThread(): void {
  try {
    setPriority(0, Math.min(getPriority(0) + 10, 19));
  } catch {
    // Refused: it runs as it is.
  }
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
if (port !== null) run(workerData as TableJob, (message, transfer) => port.postMessage(message, transfer));
