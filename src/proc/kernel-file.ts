import { closeSync, constants, fstatSync, openSync, promises, readSync, type Stats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { SockscopeError } from '../errors.ts';

/** A pipe does not keep the thread until somebody writes, and a terminal does not become this process's. */
const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY;
const ENXIO = 6;
const EISDIR = 21;

/** Bytes of a file that is read whole. The kernel's longest tables of that kind have a hundredth of it. */
const MAX_WHOLE = 256 * 1024 * 1024;
/** What is read at once of a file that does not tell its size, as those of /proc. */
const PIECE = 65_536;

/**
 * Opens a file of /proc or /sys, or what stands in its place where a folder of files is taken for one, and gives its
 * descriptor. A folder opens, and cannot be read. Throws the system's error: of a pipe ENXIO, as open(2) has for a socket.
 */
export function openKernelFile(path: string | Buffer): number {
  const fd = openSync(path, FLAGS);
  try {
    requireFile(fstatSync(fd), path);
    return fd;
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

/** As `openKernelFile`, on Node's thread pool. Not of node:fs/promises: a command pays a millisecond for its import. */
export async function openKernelFileAside(path: string | Buffer): Promise<FileHandle> {
  const file = await promises.open(path, FLAGS);
  try {
    requireFile(await file.stat(), path);
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** Whether the file can be read, none of which is: throws what opening does, and EISDIR for a folder. */
export function requireReadable(path: string): void {
  const fd = openKernelFile(path);
  try {
    if (fstatSync(fd).isDirectory()) throw refusal('EISDIR', EISDIR, 'read', 'it is a folder', path);
  } finally {
    closeSync(fd);
  }
}

/** Reads a file whole, on this thread. Throws the system's error, and an ERR_TOO_LARGE beyond `MAX_WHOLE`. */
export function readKernelFile(path: string | Buffer): Uint8Array {
  const fd = openKernelFile(path);
  try {
    return readDescriptor(fd, path);
  } finally {
    closeSync(fd);
  }
}

/** As `readKernelFile`, of a descriptor that stays open; `path` is for the error's words. */
export function readDescriptor(fd: number, path: string | Buffer): Uint8Array {
  const whole = new Whole(fstatSync(fd), path);
  for (;;) {
    const { buffer, length } = whole.room();
    if (!whole.add(readSync(fd, buffer, length, buffer.length - length, null))) return whole.bytes();
  }
}

/** As `readKernelFile`, on Node's thread pool. */
export async function readKernelFileAside(path: string | Buffer): Promise<Uint8Array> {
  const file = await openKernelFileAside(path);
  try {
    const whole = new Whole(await file.stat(), path);
    for (;;) {
      const { buffer, length } = whole.room();
      const { bytesRead } = await file.read(buffer, length, buffer.length - length, null);
      if (!whole.add(bytesRead)) return whole.bytes();
    }
  } finally {
    await file.close();
  }
}

/** What has been read of a file so far. */
class Whole {
  readonly #path: string | Buffer;
  #buffer: Uint8Array;
  #length = 0;

  constructor(stats: Stats, path: string | Buffer) {
    this.#path = path;
    if (stats.isFile() && stats.size > MAX_WHOLE) throw tooLarge(path);
    // A byte more shows the end.
    this.#buffer = Buffer.allocUnsafeSlow(stats.isFile() && stats.size > 0 ? stats.size + 1 : PIECE);
  }

  /** Where the next bytes go. */
  room(): { readonly buffer: Uint8Array; readonly length: number } {
    if (this.#length === this.#buffer.length) {
      const larger = Buffer.allocUnsafeSlow(2 * this.#length);
      larger.set(this.#buffer);
      this.#buffer = larger;
    }
    return { buffer: this.#buffer, length: this.#length };
  }

  /** Takes what has been read into the room; false at the end. */
  add(count: number): boolean {
    this.#length += count;
    if (this.#length > MAX_WHOLE) throw tooLarge(this.#path);
    return count > 0;
  }

  bytes(): Uint8Array {
    return this.#buffer.subarray(0, this.#length);
  }
}

/** The error for a table that is larger than the kernel makes any. */
function tooLarge(path: string | Buffer): SockscopeError {
  return new SockscopeError(
    'ERR_TOO_LARGE',
    `it has more than ${MAX_WHOLE / 2 ** 20} MiB: no kernel writes that`,
    {
      operation: `read ${path}`,
      remedy: 'look what file it is',
    },
  );
}

function requireFile(stats: Stats, path: string | Buffer): void {
  if (stats.isFIFO() || stats.isSocket()) throw refusal('ENXIO', ENXIO, 'open', 'it is a pipe', path);
}

/** As node:fs throws. */
function refusal(code: string, errno: number, syscall: string, why: string, path: string | Buffer): Error {
  return Object.assign(new Error(`${code}: ${why} and no table, ${syscall} '${path}'`), {
    code,
    errno: -errno,
    syscall,
    path: String(path),
  });
}
