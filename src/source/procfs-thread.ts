import type { Worker } from 'node:worker_threads';
import { SockscopeError } from '../errors.ts';
import { Batch } from '../table/batch.ts';
import { nextTurn } from '../turn.ts';
import { sizeKiB, type TableJob, type TableMessage } from './procfs-job.ts';
import type { DumpTally } from './source.ts';

/**
 * The near end of a thread that reads and parses one /proc table. It keeps the process alive only while somebody waits
 * for its next message. Stop it, whatever happens: after that the job's descriptor is not in use any more.
 */
export class TableThread {
  readonly #worker: Worker;
  readonly #job: TableJob;
  readonly #exited: Promise<void>;
  readonly #messages: TableMessage[] = [];
  #failure: Error | undefined;
  #wake: (() => void) | undefined;
  #stopping = false;

  /**
   * `path` is the bundled file of `procfs-worker.ts`. Throws when the machine or the process's permissions refuse a
   * thread; that the file is missing shows in `started`.
   */
  constructor(WorkerClass: typeof Worker, path: string, job: TableJob) {
    // The options of the process, and what it loads into every thread, are none of this thread's business.
    const worker = new WorkerClass(path, { workerData: job, execArgv: [], env: {} });
    worker.unref();
    worker.on('message', (message: TableMessage) => {
      if (this.#failure !== undefined) return;
      this.#messages.push(message);
      this.#wake?.();
    });
    worker.on('error', (error) => this.#fail(error));
    this.#exited = new Promise((resolve) => {
      worker.once('exit', () => {
        this.#fail(new Error('it was ended'));
        resolve();
      });
    });
    this.#worker = worker;
    this.#job = job;
  }

  /** Whether the thread runs. When it does not, nothing has been read from the descriptor. */
  async started(): Promise<boolean> {
    return (await this.#next())?.kind === 'started';
  }

  /** What ended the thread; undefined while it runs. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  /** The table's batches. Throws what the thread failed with: an errno exception, or a SockscopeError. */
  async *batches(tally: DumpTally): AsyncGenerator<Batch, void, undefined> {
    for (;;) {
      const message = await this.#next();
      if (message === undefined) throw brokenThread(this.#failure);
      if (message.kind === 'end') {
        tally.bytes += message.tally.bytes;
        tally.malformed += message.tally.malformed;
        if (message.failure === undefined) return;
        const failure = Object.assign(new Error(), message.failure);
        throw failure.syscall === undefined ? brokenThread(failure) : failure;
      }
      if (message.kind !== 'batch') continue;
      Atomics.sub(this.#job.waitingKiB, 0, sizeKiB(message.batch));
      Atomics.notify(this.#job.waitingKiB, 0);
      tally.rows += message.batch.rows;
      yield new Batch(message.batch);
    }
  }

  /** Ends the thread, whatever it does, and waits until it has gone. Messages not yet fetched are dropped. */
  async stop(): Promise<void> {
    this.#messages.length = 0;
    this.#fail(new Error('it was stopped'));
    // Somebody waits for the end: the process must not go before it, even with nothing else to do.
    this.#stopping = true;
    this.#worker.ref();
    void this.#worker.terminate();
    await this.#exited;
    // What Node does at a thread's end takes most of a turn.
    await nextTurn();
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#wake?.();
  }

  /** The next message, or undefined once the thread has gone and all of them were fetched. */
  async #next(): Promise<TableMessage | undefined> {
    while (this.#messages.length === 0 && this.#failure === undefined) {
      this.#worker.ref();
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = undefined;
      if (!this.#stopping) this.#worker.unref();
    }
    return this.#messages.shift();
  }
}

function brokenThread(cause: Error | undefined): SockscopeError {
  return new SockscopeError('ERR_NO_RESOURCES', `the reading thread failed: ${cause?.message}`, {
    operation: 'read /proc/net',
    remedy: 'ask for source "netlink", or raise the limits of this process',
    cause,
  });
}
