import { closeSync, fstatSync, writeSync } from 'node:fs';

/**
 * Nobody reads what is written any more. Such an end is quiet, with status 0: a departure from netstat.
 * Seen: it is killed by SIGPIPE, 141 to a shell. Node.js ignores the signal.
 */
export class ReaderGone extends Error {
  override readonly name = 'ReaderGone';
}

const REMEDIES: Readonly<Record<string, string>> = {
  ENOSPC: 'make room there, or write elsewhere',
  EDQUOT: 'make room there, or write elsewhere',
  EFBIG: 'raise the limit of file sizes (ulimit -f)',
};

/** What was written is lost, or a part of it: the disk is full, the screen has gone. */
export class OutputLost extends Error {
  override readonly name = 'OutputLost';
  /** Such as ENOSPC. */
  readonly code: string;

  constructor(code: string) {
    const remedy = REMEDIES[code];
    super(`write to standard output: ${code}${remedy === undefined ? '' : ` (${remedy})`}`);
    this.code = code;
  }
}

/** A descriptor to write bytes to, as a program in C has it: all of them, now, whatever the descriptor's mode. */
export interface Output {
  /** Throws ReaderGone when nobody reads (EPIPE), OutputLost where it cannot be written for another reason. */
  write(bytes: Uint8Array): void;
  /** Whether a person may be looking: then what is written to two such outputs should come in the order of events. */
  isTerminal(): boolean;
}

const FIRST_WAIT_MS = 1;
const LONGEST_WAIT_MS = 5;

/** The output on `descriptor`. process.stdout is not used: it costs 4 ms to touch and loses bytes at process.exit(). */
export function openOutput(descriptor: number): Output {
  return {
    write(bytes) {
      let wait = FIRST_WAIT_MS;
      for (let start = 0; start < bytes.length; ) {
        try {
          start += writeSync(descriptor, bytes, start, bytes.length - start);
          wait = FIRST_WAIT_MS;
        } catch (error) {
          const { code } = error as NodeJS.ErrnoException;
          if (code === 'EPIPE') throw new ReaderGone();
          if (code !== 'EAGAIN') throw new OutputLost(code ?? String(error));
          sleep(wait);
          wait = Math.min(wait + 1, LONGEST_WAIT_MS);
        }
      }
    },
    isTerminal: () => isDevice(descriptor),
  };
}

/**
 * Lets go of standard streams that are screens and have been hung up, as the last thing before the end: Node.js before 24
 * cannot restore their settings at exit, and aborts. Others stay: whoever reads the other end would take it for the end.
 */
export function leaveScreens(): void {
  for (const descriptor of [0, 1, 2]) {
    if (isDevice(descriptor) && isHungUp(descriptor)) closeSync(descriptor);
  }
}

/** To write nothing is an error there, and nowhere else. */
function isHungUp(descriptor: number): boolean {
  try {
    writeSync(descriptor, new Uint8Array(0));
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EIO';
  }
}

function isDevice(descriptor: number): boolean {
  try {
    return fstatSync(descriptor).isCharacterDevice();
  } catch {
    return false;
  }
}

function sleep(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
