import { closeSync } from 'node:fs';
import { dirname } from 'node:path';
import { SockscopeError } from '../errors.ts';
import { moreMeans } from '../exhaustion.ts';
import { need, type Way } from '../need.ts';
import { allowReading, FORBIDDEN_REASON, isForbidden } from '../permission.ts';
import { openKernelFile } from '../proc/kernel-file.ts';
import { isOfProcFs } from '../proc/proc-file-system.ts';
import { PageReader } from './page-reader.ts';

/** Errors of open(2) that say something of this moment only. */
export const PASSING: readonly string[] = ['EMFILE', 'ENFILE', 'ENOMEM', 'EINTR', 'EAGAIN'];
const FORBIDDEN = ['EACCES', 'EPERM'];

/** A table's descriptor and its reader. Owns the descriptor, which may be lent: it is closed once nobody reads it. */
export class OpenTable {
  readonly path: string;
  readonly fd: number;
  /** Whether the kernel prints it now, and nobody has written it down. */
  readonly isOfProcFs: boolean;
  readonly reader: PageReader;
  /** Settled when no read is on its way; rejects with what the last one failed with. */
  begun: Promise<void> = Promise.resolve();
  #borrower: { stop(): Promise<void> } | undefined;
  #closed: Promise<void> | undefined;

  constructor(path: string, fd: number) {
    this.path = path;
    this.fd = fd;
    this.isOfProcFs = isOfProcFs(path);
    this.reader = new PageReader(fd, this.isOfProcFs);
  }

  /** Starts a read on the thread pool, which `begun` tells the end of. Throws a TypeError once closed. */
  begin(): Promise<void> {
    if (this.#closed !== undefined) throw new TypeError(`${this.path} is closed`);
    this.begun = this.reader.fillAside();
    // Whoever goes on reading sees the failure; nobody may.
    this.begun.catch(() => {});
    return this.begun;
  }

  /** Lends the descriptor to a thread, until that is stopped. */
  lendTo(borrower: { stop(): Promise<void> } | undefined): void {
    this.#borrower = borrower;
  }

  /** Idempotent. Resolves when the descriptor is closed. */
  close(): Promise<void> {
    this.#closed ??= this.#release();
    return this.#closed;
  }

  async #release(): Promise<void> {
    await this.begun.catch(() => {});
    await this.#borrower?.stop();
    closeSync(this.fd);
  }
}

/** Opens a table; undefined for an optional one that is not there. Throws a SockscopeError with the errno of open(2). */
export function openTable(path: string, optional: boolean): OpenTable | undefined {
  try {
    return new OpenTable(path, openKernelFile(path));
  } catch (error) {
    const { code, errno } = error as NodeJS.ErrnoException;
    if (optional && code === 'ENOENT') return undefined;
    throw new SockscopeError(
      PASSING.includes(code ?? '') ? 'ERR_NO_RESOURCES' : 'ERR_SOURCE_UNAVAILABLE',
      openReason(error),
      {
        operation: `read ${path}`,
        syscall: 'open',
        errno: positive(errno),
        ...wayTo(error, dirname(path)),
        cause: error,
      },
    );
  }
}

export function openReason(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'there is no such table';
  if (code === 'ENXIO') return 'it is a pipe or a socket, and no table';
  if (code === 'EISDIR') return 'it is a folder, and no table';
  if (isForbidden(error)) return FORBIDDEN_REASON;
  return FORBIDDEN.includes(code ?? '') ? 'this process may not read it' : `open: ${code}`;
}

/** What helps against an error of opening a table in `directory`. */
export function wayTo(error: unknown, directory: string): Partial<Way> {
  if (isForbidden(error)) return allowReading(directory, true);
  const { code } = error as NodeJS.ErrnoException;
  if (!FORBIDDEN.includes(code ?? '')) return moreMeans(error) ?? {};
  return { remedy: 'allow this process to read it', needs: need('capability', 'CAP_DAC_READ_SEARCH') };
}

/** Node has errno as libuv does: negative. */
export function positive(errno: number | undefined): number | undefined {
  return errno === undefined ? undefined : Math.abs(errno);
}
