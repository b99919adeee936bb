import type { Process } from '../table/process.ts';

/** Slots of the filter; a power of two. Most hosts have fewer processes that hold sockets. */
const SLOTS = 4096;
/** No process has it. */
const NO_PID = 0xffffffff;

/** The processes of one join: those that were read, and those that had gone when they were to be read. */
export class JoinProcesses {
  /** Those that are there, by pid. Grows while batches are joined. */
  readonly present: Map<number, Process>;
  /** Those that have gone. */
  readonly gone = new Set<number>();
  /** Pids that were met, each in the slot of its low bits: rows name the same few processes again and again. */
  readonly #met = new Uint32Array(SLOTS).fill(NO_PID);

  constructor(present: ReadonlyMap<number, Process>) {
    this.present = new Map(present);
  }

  /** The pids of the list that have not been read, each once. */
  unread(pids: Uint32Array): Set<number> {
    const unread = new Set<number>();
    for (const pid of pids) {
      const slot = pid & (SLOTS - 1);
      if (this.#met[slot] === pid) continue;
      this.#met[slot] = pid;
      if (!this.present.has(pid) && !this.gone.has(pid)) unread.add(pid);
    }
    return unread;
  }

  /** Puts down what came of reading them: who is not in `read` has gone. */
  add(unread: ReadonlySet<number>, read: ReadonlyMap<number, Process>): void {
    for (const pid of unread) {
      const process = read.get(pid);
      if (process === undefined) this.gone.add(pid);
      else this.present.set(pid, process);
    }
  }
}
