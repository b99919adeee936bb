import type { Worker } from 'node:worker_threads';
import { newRing, PageRing } from './page-ring.ts';
import type { PageJob } from './procfs-job.ts';

/**
 * The near end of a thread that reads a table's pages ahead of its parser, once `ring.go` was called. It keeps no
 * process alive. That it cannot be started, or has ended, is no error: who has not told it to go reads the pages himself.
 */
export class PageThread {
  readonly ring: PageRing;
  readonly #worker: Worker;
  readonly #exited: Promise<void>;
  #failure: Error | undefined;

  /** `path` is the bundled file of `procfs-worker.ts`. Throws when the process's permissions refuse a thread. */
  constructor(WorkerClass: typeof Worker, path: string, fd: number) {
    const memory = newRing();
    const workerData: PageJob = { kind: 'pages', fd, ring: memory };
    const worker = new WorkerClass(path, { workerData, execArgv: [], env: {} });
    worker.unref();
    worker.on('error', (error) => {
      this.#failure ??= error;
    });
    this.#exited = new Promise((resolve) => {
      worker.once('exit', () => {
        this.#failure ??= new Error('it was ended');
        resolve();
      });
    });
    this.ring = new PageRing(memory);
    this.#worker = worker;
  }

  /** Why there is nothing more to come, short of the end; seen when the event loop has gone round. */
  get failure(): Error | undefined {
    return this.ring.isOver ? undefined : this.#failure;
  }

  /** Ends the thread, whatever it does, and waits until it has gone. */
  async stop(): Promise<void> {
    this.#failure ??= new Error('it was stopped');
    // Somebody waits for the end: the process must not go before it, even with nothing else to do.
    this.#worker.ref();
    void this.#worker.terminate();
    await this.#exited;
  }
}
