import { type Dir, opendirSync, readlinkSync, statSync } from 'node:fs';
import type { OwnerTally } from '../table/report.ts';
import { socketInode } from './fd-link.ts';
import { HolderList } from './holder-list.ts';
import { type Refusal, refusalOf } from './proc-refusal.ts';
import { readProcStat } from './proc-stat.ts';
import type { WantedInodes } from './wanted-inodes.ts';

/** Entries that are fetched from a directory at a time. */
export const ENTRIES = { bufferSize: 128 };

/** Looks at descriptors, one process after the other, and keeps what leads to a socket. */
export class HolderCollector {
  readonly holders = new HolderList();
  /** As OwnerIndex has them. */
  readonly starts = new Map<number, number>();
  readonly #wanted: WantedInodes | undefined;
  readonly #tally = { processes: 0, vanished: 0, denied: 0, unopened: 0, descriptors: 0, sockets: 0 };
  #pid = 0;
  #directory = '';
  /** Start of the process; undefined until it is known to hold a socket. */
  #start: number | undefined;
  #listed = false;
  #opened = false;
  #refusal: Refusal | undefined;

  /** `wanted` undefined: every socket is. */
  constructor(wanted: WantedInodes | undefined) {
    this.#wanted = wanted;
  }

  get tally(): OwnerTally {
    return { ...this.#tally, threads: 0 };
  }

  /** A process whose descriptors come next. */
  begin(pid: number, directory: string): void {
    this.#pid = pid;
    this.#directory = directory;
    this.#start = undefined;
    this.#listed = false;
    this.#refusal = undefined;
    this.#opened = false;
  }

  /** Some processes are not shown. */
  hidden(): void {
    this.#tally.denied++;
  }

  /** No more of that process. */
  end(): void {
    if (this.#opened) this.#tally.processes++;
    if (this.#refusal === undefined || this.#refusal === 'odd') return;
    // What has gone may have been a thread; and of a process that ends, a link is denied in its last moment.
    if (hasGone(this.#directory)) this.#tally.vanished++;
    else if (this.#refusal === 'denied') {
      this.#tally.denied++;
      if (!this.#opened) this.#tally.unopened++;
    }
  }

  /** That process's descriptors may not be read. */
  get denied(): boolean {
    return this.#refusal === 'denied';
  }

  /** A directory of descriptors of that process, to be closed; undefined where it cannot be listed. */
  open(directory: string): Dir | undefined {
    try {
      const opened = opendirSync(directory, ENTRIES);
      this.#opened = true;
      return opened;
    } catch (error) {
      this.#note(refusalOf(error));
      return undefined;
    }
  }

  /** The next name in it; undefined at its end, or when the process is. */
  next(directory: Dir): string | undefined {
    try {
      return directory.readSync()?.name;
    } catch (error) {
      this.#note(refusalOf(error));
      return undefined;
    }
  }

  /** One descriptor, in one of its directories. */
  look(directory: string, fd: number): void {
    this.#tally.descriptors++;
    const link = `${directory}/${fd}`;
    const inode = this.#inodeOf(link);
    if (inode === undefined) return;
    if (this.#start === undefined) {
      // Read before anything is believed of the process: whoever follows under its pid has another start.
      this.#start = readProcStat(this.#directory)?.start ?? 0;
      if (this.#inodeOf(link) !== inode) return;
    }
    this.#tally.sockets++;
    if (inode === 0 || this.#wanted?.take(inode) === false) return;
    this.holders.add(inode, this.#pid, fd);
    if (!this.#listed) this.starts.set(this.#pid, this.#start);
    this.#listed = true;
  }

  #inodeOf(link: string): number | undefined {
    try {
      return socketInode(readlinkSync(link));
    } catch (error) {
      // A descriptor that has gone was closed; its process need not have ended.
      if (refusalOf(error) === 'denied') this.#note('denied');
      return undefined;
    }
  }

  #note(refusal: Refusal): void {
    if (!this.denied) this.#refusal = refusal;
  }
}

/** By stat(2): access(2) is refused for what hidepid=1 closes. */
function hasGone(directory: string): boolean {
  try {
    return statSync(directory, { throwIfNoEntry: false }) === undefined;
  } catch {
    return false;
  }
}
