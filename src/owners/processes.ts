import type { ProcRoot } from '../proc/proc-root.ts';
import type { Process, ProcessField } from '../table/process.ts';
import { type Leave, Pace } from './pace.ts';
import { ProcessReader } from './process-reader.ts';

/** What a process costs, in units of work, and each field that is asked for. */
const PROCESS_UNITS = 10;
const FIELD_UNITS = 5;

/** Reads what is known of processes under a /proc root. Keeps nothing: a process may become another program at any time. */
export class ProcessTable {
  readonly #proc: ProcRoot;

  constructor(proc: ProcRoot) {
    this.#proc = proc;
  }

  /** Whether one that is not there may be hidden, and not gone. */
  get hides(): boolean {
    return this.#proc.hiding() !== undefined;
  }

  /**
   * The processes with these pids that are still those of `starts`; a pid is read as often as it is given. Who has ended
   * meanwhile, or whose pid is another's by now, is not in the answer. Rejects with the signal's reason on abort, and with
   * an ERR_NO_RESOURCES.
   */
  async read(
    pids: Iterable<number>,
    starts: ReadonlyMap<number, number>,
    fields: readonly ProcessField[],
    context: Leave,
  ): Promise<Map<number, Process>> {
    const pace = new Pace(context);
    const reader = new ProcessReader(this.#proc.path, fields);
    const processes = new Map<number, Process>();
    context.signal.throwIfAborted();
    for (const pid of pids) {
      if (pace.due(PROCESS_UNITS + FIELD_UNITS * fields.length)) await pace.next();
      // The first of all are read by code that has yet to be compiled, at many times the usual price.
      else await context.turn.taken();
      const process = reader.read(pid, starts.get(pid) ?? 0);
      if (process !== undefined) processes.set(pid, process);
    }
    return processes;
  }
}
