// Scenes for a process of their own: `node <bundle> <scene> <worker file> <directory with net/tcp>`.
import { closeSync, openSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { ProcRoot } from '../../../src/proc/proc-root.ts';
import { createProcfsSource } from '../../../src/source/procfs-source.ts';
import { newTally } from '../../../src/source/source.ts';
import type { Batch } from '../../../src/table/batch.ts';
import { columnSet } from '../../../src/table/schema.ts';
import { Turn } from '../../../src/turn.ts';

const [scene, workerPath, root] = process.argv.slice(2) as [string, string, string];

/** A scan that waits for its consumer: a batch at a time. */
function read(): AsyncIterator<Batch> {
  const source = createProcfsSource({
    root: new ProcRoot(root),
    reader: 'worker',
    workerPath,
    mayUsePool: async () => true,
  });
  const dump = { protocol: 'tcp', families: ['inet'], states: 0xfff, columns: columnSet(['inode']) } as const;
  const { signal } = new AbortController();
  return source
    .read(dump, { signal, threads: 1, maxBytes: 1, tally: newTally(), turn: new Turn() })
    [Symbol.asyncIterator]();
}

const scenes: Record<string, () => Promise<void>> = {
  /** Nobody asks for the next batch any more: nothing keeps the process. */
  async abandoned() {
    await read().next();
    console.log('abandoned');
  },
  /** Somebody waits, and nothing else keeps the process. */
  async awaited() {
    const batches = read();
    let rows = 0;
    for (let next = await batches.next(); next.done !== true; next = await batches.next()) {
      rows += next.value.length;
    }
    console.log(`${rows} rows`);
  },
  async 'no descriptor'() {
    const taken: number[] = [];
    const source = createProcfsSource({
      root: new ProcRoot(root),
      reader: 'inline',
      workerPath,
      mayUsePool: async () => true,
    });
    try {
      for (;;) taken.push(openSync('/dev/null', 'r'));
    } catch {
      const { verdict, errno } = await source.probe('tcp');
      const failure = await read()
        .next()
        .catch((error: unknown) => error);
      for (const fd of taken) closeSync(fd);
      console.log(verdict, errno, (failure as { code?: string }).code);
    }
  },
  async 'exit before the first batch'() {
    void read().next();
    setImmediate(() => process.exit(7));
  },
  async 'exit between batches'() {
    await read().next();
    process.exit(7);
  },
  /** The scan's own environment is taken away while its reader waits. */
  async 'terminated worker'() {
    const argv = [`read in a worker`, workerPath, root];
    const worker = new Worker(process.argv[1]!, { argv });
    await new Promise((resolve) => worker.once('message', resolve));
    console.log(`exit code ${await worker.terminate()}`);
  },
  async 'read in a worker'() {
    const { parentPort } = await import('node:worker_threads');
    await read().next();
    parentPort!.postMessage('reading');
    setInterval(() => undefined, 1000);
  },
};

await scenes[scene]!();
