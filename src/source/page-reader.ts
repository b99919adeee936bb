import { read } from 'node:fs';
import type { PageRing } from './page-ring.ts';
import { readPage } from './read-page.ts';

/** Bytes that are read before they are parsed: sixteen of the pages that /proc gives at most, one a read. */
const CAPACITY = 64 * 1024;
const PAGE = 4096;

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
  #ring: PageRing | undefined;

  /** `begun` is what another reader has read of the descriptor so far. */
  constructor(fd: number, begun?: Uint8Array) {
    this.#fd = fd;
    if (begun === undefined) return;
    this.bytes.set(begun);
    this.length = begun.length;
    this.total = begun.length;
  }

  /**
   * Reads until the buffer is full, the file at its end, or `budgetMs` are over; from a ring also until nothing has come for
   * a while. Throws what read(2) fails with.
   */
  fill(budgetMs: number = Number.POSITIVE_INFINITY): void {
    const end = performance.now() + budgetMs;
    while (!this.ended && this.hasRoom) {
      const count = this.#read();
      if (count < 0) return;
      this.#add(count);
      if (performance.now() >= end) return;
    }
  }

  /** What comes next comes from a ring, whose thread reads the same descriptor and has been told to go. */
  continueFrom(ring: PageRing): void {
    this.#ring = ring;
  }

  /**
   * Reads once on the thread pool. The first read of a table is the one to take aside: to find a first row for its page
   * the kernel may walk past every socket of the host, whosever they are. No other call until it is settled.
   */
  async fillAside(): Promise<void> {
    const count = await new Promise<number>((resolve, reject) => {
      read(this.#fd, this.bytes, this.length, CAPACITY - this.length, null, (error, bytesRead) => {
        if (error === null) resolve(bytesRead);
        else reject(error);
      });
    });
    this.#add(count);
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

  #add(count: number): void {
    this.length += count;
    this.total += count;
    this.ended = count === 0;
  }

  #read(): number {
    const room = CAPACITY - this.length;
    return this.#ring === undefined
      ? readPage(this.#fd, this.bytes, this.length, room)
      : this.#ring.take(this.bytes, this.length, room);
  }
}
