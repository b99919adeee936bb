import { SockscopeError } from '../errors.ts';
import { isForbidden } from '../permission.ts';
import type { ProcRoot } from '../proc/proc-root.ts';
import type { Batch } from '../table/batch.ts';
import { nextTurn, TURN_MS, type Turn } from '../turn.ts';
import { type OpenTable, openTable, positive } from './open-table.ts';
import type { TableJob } from './procfs-job.ts';
import { probeTable } from './procfs-probe.ts';
import { readTable } from './procfs-table.ts';
import { TableThread } from './procfs-thread.ts';
import type { Dump, DumpContext, Source } from './source.ts';
import { procfsLimits } from './source-limits.ts';

export interface ProcfsOptions {
  readonly root: ProcRoot;
  /**
   * `worker`: a table of more than a few pages is read by a thread of its own; where there is none to be had, on this
   * one, with a turn for the event loop every few milliseconds. `inline`: on this thread from beginning to end, for a
   * command that has nothing else to do.
   */
  readonly reader: 'worker' | 'inline';
  /** The bundled file of `procfs-worker.ts`; undefined where it is not known: then there is no such thread. */
  readonly workerPath: string | undefined;
  /** Whether Node's thread pool may be used; where not, everything is read on this thread. */
  readonly mayUsePool: () => Promise<boolean>;
}

/**
 * Reads sockets from the text of /proc/net. Needs no privilege and no addon, and knows less than netlink: no cookie, no
 * device, no backlog limit of a listener, of a unix socket neither queues nor user nor peer.
 */
export function createProcfsSource(options: ProcfsOptions): Source {
  return {
    name: 'procfs',
    probe: async (protocol) => probeTable(options.root, protocol),
    limits: (protocol) => procfsLimits(protocol, options.root),
    read: (dump, context) => read(options, dump, context),
  };
}

async function* read(
  options: ProcfsOptions,
  dump: Dump,
  context: DumpContext,
): AsyncGenerator<Batch, void, undefined> {
  const directory = options.root.netDirectory();
  const files = filesOf(dump);
  const tables: OpenTable[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(tables.map((table) => table.close()));
  };
  // At the abort itself, since the consumer may never come back.
  context.signal.addEventListener('abort', close);
  try {
    if (options.reader === 'worker') {
      // The trial of the pool's threads has a turn of its own.
      await nextTurn();
      await options.mayUsePool();
      await nextTurn();
    }
    for (const [index, { name, optional }] of files.entries()) {
      context.signal.throwIfAborted();
      const path = `${directory}/${name}`;
      const ahead = tables.find((table) => table.path === path);
      const table = ahead ?? openTable(path, optional);
      if (table === undefined) continue;
      if (ahead === undefined) tables.push(table);
      const next = files[index + 1];
      // While one thread reads this table, the kernel looks for the first row of the next on another: to find that there is
      // none it walks past every socket of the host.
      if (next !== undefined && (await options.mayUsePool())) {
        beginAhead(`${directory}/${next.name}`, tables);
      }
      yield* readOne(options, table, dump, context);
    }
  } finally {
    context.signal.removeEventListener('abort', close);
    await close();
  }
}

/** Opens a table and starts to read it; where that cannot be done now, it will be when its time has come. */
function beginAhead(path: string, tables: OpenTable[]): void {
  try {
    const table = openTable(path, true);
    if (table === undefined) return;
    tables.push(table);
    void table.begin();
  } catch {
    // Told when it is opened for good.
  }
}

/** The files of a dump, IPv4 first. A kernel without IPv6 has no sockets of it: that file may be missing. */
function filesOf({ protocol, families }: Dump): { name: string; optional: boolean }[] {
  const files: { name: string; optional: boolean }[] = [];
  if (protocol === 'unix') return families.includes('unix') ? [{ name: 'unix', optional: false }] : [];
  if (families.includes('inet')) files.push({ name: protocol, optional: false });
  if (families.includes('inet6')) files.push({ name: `${protocol}6`, optional: true });
  return files;
}

async function* readOne(
  options: ProcfsOptions,
  table: OpenTable,
  dump: Dump,
  context: DumpContext,
): AsyncGenerator<Batch, void, undefined> {
  try {
    const { signal, tally } = context;
    await table.begun;
    // The abort that closed this table may have come while the one before it ended.
    signal.throwIfAborted();
    if (options.reader === 'inline') yield* readHere(readTable(table.reader, dump, tally), signal);
    else yield* readAside(options, table, dump, context);
  } catch (error) {
    throw context.signal.aborted ? context.signal.reason : readFailure(error, table.path);
  } finally {
    await table.close();
  }
}

/** A short table comes from the thread pool, where that may be used, and is parsed here, a long one goes to a thread of its own. */
async function* readAside(
  options: ProcfsOptions,
  table: OpenTable,
  dump: Dump,
  context: DumpContext,
): AsyncGenerator<Batch, void, undefined> {
  const { signal, tally } = context;
  const { reader } = table;
  const aside = await options.mayUsePool();
  signal.throwIfAborted();
  while (!reader.ended && reader.hasRoom) {
    if (aside) await table.begin();
    else await fillHere(table, context.turn);
    signal.throwIfAborted();
  }
  if (!reader.ended) {
    const begun = await beginThread(options, table, dump, context);
    if (begun instanceof TableThread) return yield* begun.batches(tally);
    tally.onEventLoop = begun;
  }
  yield* readHere(readTable(reader, dump, tally, TURN_MS), signal, context.turn);
}

/** A thread that has begun to read the table, or why there is none: then nothing has been read by it. */
async function beginThread(
  { workerPath }: ProcfsOptions,
  table: OpenTable,
  dump: Dump,
  { signal, maxBytes, priority }: DumpContext,
): Promise<TableThread | string> {
  if (workerPath === undefined) return 'sockscope has been bundled, and has no file for a reading thread';
  // The module and the thread's start have a turn each: together they would take too long.
  const { Worker } = await import('node:worker_threads');
  await nextTurn();
  signal.throwIfAborted();
  try {
    const thread = new TableThread(Worker, workerPath, jobOf(table, dump, { maxBytes, priority }));
    table.lendTo(thread);
    return (await thread.started()) ? thread : whyNoThread(thread.failure);
  } catch (error) {
    return whyNoThread(error);
  }
}

function whyNoThread(error: unknown): string {
  if (isForbidden(error)) {
    return "Node.js's permission model forbids threads (start Node.js with --allow-worker)";
  }
  const [line] = String((error as Error | undefined)?.message).split('\n');
  return `no reading thread could be started: ${line}`;
}

async function fillHere({ reader }: OpenTable, turn: Turn): Promise<void> {
  await turn.taken();
  reader.fill(TURN_MS);
}

/** Reads on this thread; with `turn` other work of the event loop gets its time. */
async function* readHere(
  steps: Iterable<Batch | undefined>,
  signal: AbortSignal,
  turn?: Turn,
): AsyncGenerator<Batch, void, undefined> {
  signal.throwIfAborted();
  for (const batch of steps) {
    if (batch !== undefined) yield batch;
    await turn?.taken();
    signal.throwIfAborted();
  }
}

function jobOf(
  { fd, isOfProcFs, reader }: OpenTable,
  dump: Dump,
  { maxBytes, priority }: Pick<DumpContext, 'maxBytes' | 'priority'>,
): TableJob {
  return {
    fd,
    isOfProcFs,
    begun: reader.bytes.slice(0, reader.length),
    dump,
    priority,
    waitingKiB: new Int32Array(new SharedArrayBuffer(4)),
    maxKiB: Math.floor(maxBytes / 1024),
  };
}

function readFailure(error: unknown, path: string): unknown {
  const { code, errno, syscall, message } = error as NodeJS.ErrnoException;
  if (error instanceof SockscopeError) return error;
  const details = { operation: `read ${path}`, syscall, errno: positive(errno), cause: error };
  if (syscall !== undefined)
    return new SockscopeError('ERR_KERNEL', `${syscall}: ${code}`, {
      ...details,
      remedy: 'try again, or ask for source "netlink"',
    });
  return error instanceof RangeError ? new SockscopeError('ERR_NO_RESOURCES', message, details) : error;
}
