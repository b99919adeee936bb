import { closeSync, readSync } from 'node:fs';
import {
  openKernelFile,
  openKernelFileAside,
  readKernelFile,
  readKernelFileAside,
} from '../proc/kernel-file.ts';
import type { Turn } from '../turn.ts';

/** A table that is open. Close it. */
export interface TableFile {
  /** Reads into the buffer from `start` on; how many bytes, 0 at the end. Rejects with the system's error, as `close`. */
  read(buffer: Uint8Array, start?: number): Promise<number>;
  close(): Promise<void>;
}

/** How tables of /proc and /sys are read. */
export interface TableFiles {
  /** Reads one whole. Rejects with the system's error, as `open`; with an ERR_TOO_LARGE beyond what a kernel writes. */
  read(path: string | Buffer): Promise<Uint8Array>;
  open(path: string): Promise<TableFile>;
}

/** On the calling thread: for a command, which has nothing else to do. */
export const TABLES_HERE: TableFiles = {
  read: async (path) => readKernelFile(path),
  async open(path) {
    const fd = openKernelFile(path);
    return {
      read: async (buffer, start = 0) => readSync(fd, buffer, start, buffer.length - start, null),
      close: async () => closeSync(fd),
    };
  },
};

/**
 * On Node's thread pool, off the event loop: for a library. Not to be used where the pool cannot be had: libuv aborts the
 * process if its threads are refused.
 */
export const TABLES_ASIDE: TableFiles = {
  read: readKernelFileAside,
  async open(path) {
    const file = await openKernelFileAside(path);
    return {
      read: async (buffer, start = 0) =>
        (await file.read(buffer, start, buffer.length - start, null)).bytesRead,
      close: () => file.close(),
    };
  },
};

/** As `TABLES_HERE`, with a turn for the event loop between reads: for a library that may not use the pool. */
export function tablesInTurns(turn: Turn): TableFiles {
  return {
    async read(path) {
      await turn.taken();
      return TABLES_HERE.read(path);
    },
    async open(path) {
      const file = await TABLES_HERE.open(path);
      return {
        close: file.close,
        async read(buffer, start) {
          await turn.taken();
          return file.read(buffer, start);
        },
      };
    },
  };
}

/** The lines of a text, the newlines left out: byte strings, one character a byte. A last line may lack its newline. */
export function* linesOf(bytes: Uint8Array): Generator<string, void, undefined> {
  for (let start = 0; start < bytes.length; ) {
    const newline = bytes.indexOf(0x0a, start);
    const end = newline < 0 ? bytes.length : newline;
    yield Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
    start = end + 1;
  }
}
