import { readdirSync } from 'node:fs';
import type { Process, ProcessField } from '../table/process.ts';
import { readProcFile } from './proc-file.ts';
import { type Refusal, refusalOf } from './proc-refusal.ts';
import { type ProcStat, readProcStat } from './proc-stat.ts';
import { cgroupPath, commandLineWords, commOf, contextOf, effectiveUid, textOf } from './process-text.ts';
import { NAME_WINDOW, programName } from './program-name.ts';

/** Bytes of a command line that are looked at. The rest of a longer one is left out. */
const COMMAND_LINE_BYTES = 64 * 1024;
/** Bytes of another file that are looked at: a path may have 4,096. */
const FILE_BYTES = 16 * 1024;
const NOTHING = new Uint8Array(0);
const ZOMBIE = 'Z';

/**
 * Reads processes, one at a time. The files are opened by their paths, so that one process could be mixed up with the
 * next of its pid: the start is read last. Where it is the one that the process had before, so was all that came between.
 */
export class ProcessReader {
  readonly #root: string;
  readonly #fields: ReadonlySet<ProcessField>;
  readonly #commandLine: Uint8Array;
  readonly #file = new Uint8Array(FILE_BYTES);

  constructor(root: string, fields: readonly ProcessField[]) {
    this.#root = root;
    this.#fields = new Set(fields);
    this.#commandLine = new Uint8Array(this.#fields.has('commandLine') ? COMMAND_LINE_BYTES : NAME_WINDOW);
  }

  /**
   * Undefined where the process has ended, or has another start; that of a tree of files without `stat` is 0. A process
   * without a command line to be read is none for netstat, and none here, unless it is closed to this reader: BPF sees
   * those as well. Such a one has an empty name. Throws an ERR_NO_RESOURCES.
   */
  read(pid: number, startTime: number): Process | undefined {
    const directory = `${this.#root}/${pid}`;
    const read = this.#read(`${directory}/cmdline`, this.#commandLine);
    if (read === 'gone' || read === 'odd') return undefined;
    const others = this.#others(directory);
    const stat = readProcStat(directory);
    if (!isSame(stat, startTime, read === 'denied') || hasEnded(stat)) return undefined;
    let commandLine = read === 'denied' ? NOTHING : read;
    if (commandLine.length === 0 && livesOn(stat)) {
      commandLine = this.#ofLiveThread(directory);
      if (!isSame(readProcStat(directory), startTime, false)) return undefined;
    }
    const programBytes = programName(commandLine);
    const words = this.#fields.has('commandLine') ? commandLineWords(commandLine) : undefined;
    return { pid, startTime, programBytes, program: textOf(programBytes), commandLine: words, ...others };
  }

  #others(directory: string): Pick<Process, 'comm' | 'uid' | 'cgroup' | 'context'> {
    return {
      comm: this.#field('comm', `${directory}/comm`, commOf),
      uid: this.#field('uid', `${directory}/status`, effectiveUid),
      cgroup: this.#field('cgroup', `${directory}/cgroup`, cgroupPath),
      context: this.#field('context', `${directory}/attr/current`, contextOf),
    };
  }

  #field<T>(field: ProcessField, path: string, parse: (bytes: Uint8Array) => T): T | undefined {
    if (!this.#fields.has(field)) return undefined;
    const read = this.#read(path, this.#file);
    return typeof read === 'string' ? undefined : parse(read);
  }

  #ofLiveThread(directory: string): Uint8Array {
    for (const thread of threadsOf(directory)) {
      const read = this.#read(`${directory}/task/${thread}/cmdline`, this.#commandLine);
      if (typeof read !== 'string' && read.length > 0) return read;
    }
    return NOTHING;
  }

  /** What the file holds, a part of `into`. */
  #read(path: string, into: Uint8Array): Uint8Array | Refusal {
    try {
      return into.subarray(0, readProcFile(path, into));
    } catch (error) {
      return refusalOf(error);
    }
  }
}

/** `hidden`: the process is closed to this reader, who may not see its start either. */
function isSame(stat: ProcStat | undefined, startTime: number, hidden: boolean): boolean {
  return stat === undefined ? hidden || startTime === 0 : stat.start === startTime;
}

/** Its first thread has ended before others: then that one's command line is empty. */
function livesOn(stat: ProcStat | undefined): boolean {
  return stat?.state === ZOMBIE && stat.threads > 1;
}

/** One that nobody has waited for yet; its descriptors are closed. */
function hasEnded(stat: ProcStat | undefined): boolean {
  return stat?.state === ZOMBIE && stat.threads <= 1;
}

function threadsOf(directory: string): string[] {
  try {
    return readdirSync(`${directory}/task`);
  } catch (error) {
    refusalOf(error);
    return [];
  }
}
