import { readdirSync, statfsSync, statSync } from 'node:fs';
import type { ProcRoot } from '../proc/proc-root.ts';
import type { Pace } from './pace.ts';
import { refusalOf } from './proc-refusal.ts';

const PROC_SUPER_MAGIC = 0x9fa0;
/** Directories in task/, itself and its parent, of a process with one thread. */
const LINKS_OF_ONE_THREAD = 3;
/** Descriptors of a process's threads that are counted one by one, where the kernel does not count: some 0.1 s. */
const MOST_LISTED = 100_000;

interface Table {
  readonly directory: string;
  readonly count: number;
}

/**
 * Finds the threads whose descriptors /proc/<pid>/fd does not show: those of a process whose first thread has ended, and
 * those with a table of their own. Threads share a table unless they have asked not to, and only kcmp(2) could tell: they
 * are told apart by how many descriptors they have. A second table with as many as the first one is missed.
 */
export class DescriptorTables {
  readonly #root: string;
  /** The kernel gives the number of descriptors as the size of the directory: since Linux 6.2. */
  readonly #sized: boolean;
  /** Whether descriptors are listed in ascending order: by the kernel, not by a folder of files. */
  readonly ascending: boolean;

  constructor(proc: ProcRoot) {
    this.#root = proc.path;
    this.ascending = isProcFs(this.#root);
    this.#sized = this.ascending && sizeOf(`${this.#root}/self/fd`) > 0;
  }

  /** Directories of the further tables of a process. Threads that end meanwhile have none. */
  async others(pid: number, pace: Pace): Promise<string[]> {
    const threads = this.#threads(pid);
    if (threads.length === 0) return [];
    const first = `${this.#root}/${pid}/fd`;
    const tables: Table[] = [{ directory: first, count: this.#count(first) }];
    let listed = 0;
    for (const thread of threads) {
      if (pace.due()) await pace.next();
      const directory = `${this.#root}/${pid}/task/${thread}/fd`;
      const count = this.#count(directory);
      if (this.#isAnother(directory, count, tables)) tables.push({ directory, count });
      if (!this.#sized) listed += count;
      if (listed > MOST_LISTED) break;
    }
    return tables.slice(1).map((table) => table.directory);
  }

  /** Threads beside the first one; none where there is only that. */
  #threads(pid: number): string[] {
    const directory = `${this.#root}/${pid}/task`;
    try {
      if (this.ascending && statSync(directory).nlink === LINKS_OF_ONE_THREAD) return [];
      return readdirSync(directory).filter((name) => name !== String(pid));
    } catch (error) {
      refusalOf(error);
      return [];
    }
  }

  #isAnother(directory: string, count: number, tables: readonly Table[]): boolean {
    if (count === 0 || tables.some((table) => table.count === count)) return false;
    return tables.every((table) => this.#differ(table.directory, directory));
  }

  /** Tables change while they are counted: what lies between two counts of one, twice, is the same table. */
  #differ(table: string, other: string): boolean {
    for (let time = 0; time < 2; time++) {
      const before = this.#count(table);
      const count = this.#count(other);
      const after = this.#count(table);
      if (count >= Math.min(before, after) && count <= Math.max(before, after)) return false;
    }
    return true;
  }

  #count(directory: string): number {
    if (this.#sized) return sizeOf(directory);
    try {
      return readdirSync(directory).length;
    } catch (error) {
      refusalOf(error);
      return 0;
    }
  }
}

function isProcFs(path: string): boolean {
  try {
    return statfsSync(path).type === PROC_SUPER_MAGIC;
  } catch {
    return false;
  }
}

function sizeOf(directory: string): number {
  try {
    return statSync(directory).size;
  } catch (error) {
    refusalOf(error);
    return 0;
  }
}
