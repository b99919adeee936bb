import { type Dir, opendirSync } from 'node:fs';
import { SockscopeError } from '../errors.ts';
import type { ProcRoot } from '../proc/proc-root.ts';
import { DescriptorTables } from './descriptor-tables.ts';
import { ENTRIES, HolderCollector } from './holder-collector.ts';
import { InodeIndex } from './inode-index.ts';
import { procFdLimits } from './owner-limits.ts';
import type { OwnerIndex, OwnerQuestion, OwnerScan } from './owner-scan.ts';
import { Pace } from './pace.ts';
import { procFdSupport, unreadableRoot } from './procfd-support.ts';
import { WantedInodes } from './wanted-inodes.ts';

const NUMBER = /^(0|[1-9][0-9]{0,9})$/;
const LARGEST = 0xffffffff;
const NOBODY = new Uint32Array(0);
/** What a process costs before any descriptor, in units of work. */
const PROCESS_UNITS = 5;
/** Bytes that a holder takes: itself, and its place in the index. */
const HOLDER_BYTES = 20;

/** The walk over /proc/<pid>/fd on this thread, in turns with the event loop: for where there is no addon. */
export function createTypeScriptProcFdScan(proc: ProcRoot): OwnerScan {
  return {
    name: 'procfd',
    probe: async () => procFdSupport(proc),
    limits: () => procFdLimits(proc),
    async scan(question, context) {
      context.signal.throwIfAborted();
      const pace = new Pace(context);
      const wanted = question.wanted && (await WantedInodes.from(question.wanted, pace));
      return new ProcFdWalk(proc, question, context.maxBytes, wanted, pace).run();
    },
  };
}

/** One walk. */
class ProcFdWalk {
  readonly #proc: ProcRoot;
  readonly #question: OwnerQuestion;
  readonly #maxBytes: number;
  readonly #wanted: WantedInodes | undefined;
  readonly #pace: Pace;
  readonly #collector: HolderCollector;
  readonly #tables: DescriptorTables;
  /** Where in `except` the walk is. */
  #excepted = 0;

  constructor(
    proc: ProcRoot,
    question: OwnerQuestion,
    maxBytes: number,
    wanted: WantedInodes | undefined,
    pace: Pace,
  ) {
    this.#proc = proc;
    this.#question = question;
    this.#maxBytes = maxBytes;
    this.#wanted = wanted;
    this.#pace = pace;
    this.#collector = new HolderCollector(wanted);
    this.#tables = new DescriptorTables(proc);
  }

  async run(): Promise<OwnerIndex> {
    const { slots, holders } = this.#question;
    await (slots === undefined ? this.#walkAll() : this.#walkSlots(slots));
    this.#checkSize();
    const index = await InodeIndex.build(this.#collector.holders, holders === 'lowest', this.#pace);
    const { tally, starts } = this.#collector;
    return { tally, starts, find: (inodes) => index.find(inodes) };
  }

  /** Every wanted socket was found: whoever comes with a higher pid, or descriptor, is not its lowest holder. */
  get #satisfied(): boolean {
    return this.#question.holders === 'lowest' && this.#wanted?.satisfied === true;
  }

  async #walkAll(): Promise<void> {
    const pids = await this.#pids();
    if (this.#proc.hiding() !== undefined) this.#collector.hidden();
    for (const pid of pids) {
      if (this.#satisfied) return;
      if (this.#isExcepted(pid)) continue;
      await this.#rest(PROCESS_UNITS);
      const directory = `${this.#proc.path}/${pid}`;
      this.#collector.begin(pid, directory);
      await this.#walkProcess(pid, `${directory}/fd`);
      this.#collector.end();
    }
  }

  /** Ascending: the kernel gives them so, a folder of files may not. */
  async #pids(): Promise<number[]> {
    const pids: number[] = [];
    const root = this.#atRoot(() => opendirSync(this.#proc.path, ENTRIES));
    const next = (): string | undefined => this.#atRoot(() => root.readSync()?.name);
    try {
      for (let name = next(); name !== undefined; name = next()) {
        const pid = numberOf(name);
        if (pid) pids.push(pid);
        if (this.#pace.due()) await this.#pace.next();
      }
    } finally {
      root.closeSync();
    }
    return pids.sort((left, right) => left - right);
  }

  #atRoot<T>(look: () => T): T {
    try {
      return look();
    } catch (error) {
      throw unreadableRoot(this.#proc, error);
    }
  }

  async #walkProcess(pid: number, directory: string): Promise<void> {
    const first = this.#collector.open(directory);
    if (first === undefined) return;
    try {
      const others = await this.#otherTables(pid);
      const ordered = others.length === 0 && this.#tables.ascending;
      await this.#walkTable(directory, first, () => ordered && this.#satisfied);
      for (const other of others) await this.#walkOther(other);
    } finally {
      first.closeSync();
    }
  }

  async #walkOther(directory: string): Promise<void> {
    const table = this.#collector.open(directory);
    if (table === undefined) return;
    try {
      await this.#walkTable(directory, table, () => false);
    } finally {
      table.closeSync();
    }
  }

  async #walkTable(directory: string, table: Dir, enough: () => boolean): Promise<void> {
    const collector = this.#collector;
    for (let name = collector.next(table); name !== undefined; name = collector.next(table)) {
      if (this.#pace.due()) await this.#rest();
      const fd = numberOf(name);
      if (fd !== undefined) collector.look(directory, fd);
      if (collector.denied || enough()) return;
    }
  }

  /** Threads as well: a descriptor may have been found in the table of one. */
  async #walkSlots(slots: Uint32Array): Promise<void> {
    for (let at = 0; at < slots.length && !this.#satisfied; ) {
      const pid = slots[at]!;
      let end = at + 2;
      while (end < slots.length && slots[end] === pid) end += 2;
      if (!this.#isExcepted(pid)) await this.#walkSlotsOf(pid, slots.subarray(at, end));
      at = end;
    }
  }

  async #walkSlotsOf(pid: number, slots: Uint32Array): Promise<void> {
    await this.#rest(PROCESS_UNITS);
    const directory = `${this.#proc.path}/${pid}`;
    this.#collector.begin(pid, directory);
    const first = this.#collector.open(`${directory}/fd`);
    first?.closeSync();
    if (first !== undefined) {
      for (const table of [`${directory}/fd`, ...(await this.#otherTables(pid))]) {
        for (let at = 1; at < slots.length && !this.#collector.denied; at += 2) {
          if (this.#pace.due()) await this.#rest();
          this.#collector.look(table, slots[at]!);
        }
      }
    }
    this.#collector.end();
  }

  /** To be asked with ascending pids. */
  #isExcepted(pid: number): boolean {
    const { except = NOBODY } = this.#question;
    while (this.#excepted < except.length && except[this.#excepted]! < pid) this.#excepted++;
    return except[this.#excepted] === pid;
  }

  async #otherTables(pid: number): Promise<string[]> {
    return this.#question.leadersOnly ? [] : this.#tables.others(pid, this.#pace);
  }

  /** Counts work, and lets others have their turn when it is time. */
  async #rest(units = 0): Promise<void> {
    if (units > 0 && !this.#pace.due(units)) return;
    this.#checkSize();
    await this.#pace.next();
  }

  #checkSize(): void {
    if (this.#collector.holders.length * HOLDER_BYTES <= this.#maxBytes) return;
    throw new SockscopeError('ERR_TOO_LARGE', 'the holders of sockets take more bytes than maxBytes allows', {
      operation: 'find owners by procfd',
      remedy: 'ask for fewer sockets, or raise maxBytes',
    });
  }
}

/** The number of a process or descriptor whose name it is, as the kernel writes it; of 32 bits. */
function numberOf(name: string): number | undefined {
  const number = NUMBER.test(name) ? Number(name) : LARGEST + 1;
  return number <= LARGEST ? number : undefined;
}
