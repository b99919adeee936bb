import { readProcFile } from './proc-file.ts';
import { refusalOf } from './proc-refusal.ts';

const BLANK = 0x20;
const CLOSING_PARENTHESIS = 0x29;
const ZERO = 0x30;
/** Fields, counted from the state, which is the third of proc_pid_stat(5). */
const THREADS = 17;
const START = 19;
/** Longest file there can be: a name of 64 bytes and 50 numbers of 20 digits. */
const CAPACITY = 2048;

/** What is read of /proc/<pid>/stat. */
export interface ProcStat {
  /** `R`, `S`, `Z` ... Field 3. */
  readonly state: string;
  /** Threads that have not been waited for. Field 20. */
  readonly threads: number;
  /** Clock ticks from boot to its start, modulo 2^32. Field 22. */
  readonly start: number;
}

const buffer = new Uint8Array(CAPACITY);

/** The stat file of a process, or of a thread. Undefined where there is none, or it makes no sense. */
export function readProcStat(directory: string): ProcStat | undefined {
  try {
    return parseProcStat(buffer.subarray(0, readProcFile(`${directory}/stat`, buffer)));
  } catch (error) {
    refusalOf(error);
    return undefined;
  }
}

/** Takes the fields by their place behind the last parenthesis: the name before it may hold blanks and parentheses. */
export function parseProcStat(bytes: Uint8Array): ProcStat | undefined {
  const end = bytes.lastIndexOf(CLOSING_PARENTHESIS);
  if (end < 0 || bytes[end + 1] !== BLANK || end + 2 >= bytes.length) return undefined;
  const threads = numberAt(bytes, end + 2, THREADS);
  const start = numberAt(bytes, end + 2, START);
  if (threads === undefined || start === undefined) return undefined;
  return { state: String.fromCharCode(bytes[end + 2]!), threads, start };
}

/** The number in a field, modulo 2^32; undefined where the field is missing or holds something else. */
function numberAt(bytes: Uint8Array, from: number, field: number): number | undefined {
  let at = from;
  for (let blanks = 0; blanks < field; at++) {
    if (at >= bytes.length) return undefined;
    if (bytes[at] === BLANK) blanks++;
  }
  const first = at;
  let value = 0;
  for (let digit = bytes[at]! - ZERO; digit >= 0 && digit <= 9; digit = bytes[++at]! - ZERO) {
    value = (10 * value + digit) % 2 ** 32;
  }
  return at > first ? value : undefined;
}
