import { read, readSync } from 'node:fs';

/** Bytes that are read before they are parsed: sixteen of the pages that /proc gives at most, one a read. */
const CAPACITY = 64 * 1024;
const PAGE = 4096;
/** No row of the kernel's is longer. */
const LONGEST_ROW = 512;

/**
 * Reads a descriptor into one buffer, synchronously: the kernel gives a page a read however large the buffer, and a
 * detour through the thread pool doubles the price of each. Does not own the descriptor.
 */
export class PageReader {
  /** bytes[0, length) wait to be parsed. There is always a byte more, which a parser may overwrite. */
  readonly bytes: Uint8Array = new Uint8Array(CAPACITY + 4);
  length = 0;
  /** True once the end of the file was read. */
  ended = false;
  /** Bytes read in all. */
  total = 0;
  readonly #fd: number;
  readonly #isOfProcFs: boolean;

  /** `begun` is what another reader has read of the descriptor so far. */
  constructor(fd: number, isOfProcFs: boolean, begun?: Uint8Array) {
    this.#fd = fd;
    this.#isOfProcFs = isOfProcFs;
    if (begun === undefined) return;
    this.bytes.set(begun);
    this.length = begun.length;
    this.total = begun.length;
  }

  /** Reads until the buffer is full, the file at its end, or `budgetMs` are over. Throws what read(2) fails with. */
  fill(budgetMs: number = Number.POSITIVE_INFINITY): void {
    const end = performance.now() + budgetMs;
    do {
      if (this.ended || !this.hasRoom) return;
      const room = CAPACITY - this.length;
      this.#add(this.#read(room), room);
    } while (performance.now() < end);
  }

  /**
   * Reads once on the thread pool. The first read of a table is the one to take aside: to find a first row for its page
   * the kernel may walk past every socket of the host, whosever they are. No other call until it is settled.
   */
  async fillAside(): Promise<void> {
    const room = CAPACITY - this.length;
    const count = await new Promise<number>((resolve, reject) => {
      read(this.#fd, this.bytes, this.length, room, null, (error, bytesRead) => {
        if (error === null) resolve(bytesRead);
        else reject(error);
      });
    });
    this.#add(count, room);
  }

  /** Whether another page fits. */
  get hasRoom(): boolean {
    return CAPACITY - this.length >= PAGE;
  }

  /** Removes the first `count` bytes: they have been parsed. */
  drop(count: number): void {
    this.bytes.copyWithin(0, count, this.length);
    this.length -= count;
  }

  /**
   * The kernel puts rows into a page until the next one does not fit, or there is none: after a page with room for another
   * it has no more. To be told so by a read that gives nothing would have it walk past every socket of the host again.
   */
  #add(count: number, room: number): void {
    this.length += count;
    this.total += count;
    this.ended = count === 0 || (this.#isOfProcFs && count < room && count <= PAGE - LONGEST_ROW);
  }

  #read(room: number): number {
    for (;;) {
      try {
        return readSync(this.#fd, this.bytes, this.length, room, null);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EINTR') throw error;
      }
    }
  }
}
