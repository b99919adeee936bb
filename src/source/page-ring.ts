import { getSystemErrorName } from 'node:util';

/** Bytes that may be read ahead: some 7,000 sockets. */
const CAPACITY = 1024 * 1024;
/** The parser is woken for so many bytes: for each page it would cost more than it parses meanwhile. */
const WAKING = 64 * 1024;
/** The kernel gives a page a read: for less room it is not asked. */
const PAGE = 4096;
/** How long the parser waits at a time. */
const WAIT_MS = 100;

/** Positions are counts of bytes, which wrap. */
const WRITTEN = 0;
const CONSUMED = 1;
const STATE = 2;
/** Changes whenever the parser is woken, so that it never waits for what has already been told. */
const TOLD = 3;
const ERRNO = 4;
/** Of what is no error of read(2). */
const EIO = -5;

/** In this order: the reading thread waits, is told to go, and has met the end of the file or an error. */
const State = { starting: 0, waiting: 1, going: 2, ended: 3, failed: 4 } as const;

/** What both threads have of a ring. */
export interface RingMemory {
  readonly control: Int32Array<SharedArrayBuffer>;
  readonly bytes: Uint8Array<SharedArrayBuffer>;
}

export function newRing(): RingMemory {
  return {
    control: new Int32Array(new SharedArrayBuffer(20)),
    bytes: new Uint8Array(new SharedArrayBuffer(CAPACITY)),
  };
}

/** The text of a table on its way from the thread that reads it to the one that parses it: this is the parser's end. */
export class PageRing {
  readonly #memory: RingMemory;

  constructor(memory: RingMemory) {
    this.#memory = memory;
  }

  /** Whether the reading thread can be told to go. */
  get isWaiting(): boolean {
    return Atomics.load(this.#memory.control, STATE) === State.waiting;
  }

  /** Whether nothing is to come from the reading thread any more. */
  get isOver(): boolean {
    return Atomics.load(this.#memory.control, STATE) >= State.ended;
  }

  /** From now on the reading thread, which must be waiting, reads the descriptor, and nobody else may. */
  go(): void {
    Atomics.store(this.#memory.control, STATE, State.going);
    Atomics.notify(this.#memory.control, STATE);
  }

  /**
   * Moves up to `room` bytes to target[at]. Waits for them a while. Returns how many; 0 at the end of the file, and -1
   * when nothing has come. Throws what read(2) failed with.
   */
  take(target: Uint8Array, at: number, room: number): number {
    const { control, bytes } = this.#memory;
    // In this order: what was written before the end, or told before the wait, must not be missed.
    const told = Atomics.load(control, TOLD);
    const isOver = this.isOver;
    const written = Atomics.load(control, WRITTEN);
    const consumed = Atomics.load(control, CONSUMED);
    if (written === consumed) {
      if (isOver) return this.#end();
      Atomics.wait(control, TOLD, told, WAIT_MS);
      return -1;
    }
    const begin = consumed & (CAPACITY - 1);
    const count = Math.min((written - consumed) | 0, room, CAPACITY - begin);
    target.set(bytes.subarray(begin, begin + count), at);
    Atomics.store(control, CONSUMED, (consumed + count) | 0);
    Atomics.notify(control, CONSUMED);
    return count;
  }

  #end(): 0 {
    const { control } = this.#memory;
    if (Atomics.load(control, STATE) === State.ended) return 0;
    const errno = Atomics.load(control, ERRNO);
    const code = getSystemErrorName(errno);
    throw Object.assign(new Error(`${code}: read`), { code, errno, syscall: 'read' });
  }
}

/**
 * Fills a ring, on a thread of its own, as soon as it is told to: `read` is read(2), which throws an errno exception.
 * Returns after the end of the file, or an error, which the other end throws.
 */
export function fillRing(
  { control, bytes }: RingMemory,
  read: (into: Uint8Array, at: number, length: number) => number,
): void {
  Atomics.store(control, STATE, State.waiting);
  while (Atomics.load(control, STATE) === State.waiting) Atomics.wait(control, STATE, State.waiting);
  let end: number = State.failed;
  try {
    fill(control, bytes, read);
    end = State.ended;
  } catch (error) {
    Atomics.store(control, ERRNO, (error as NodeJS.ErrnoException).errno ?? EIO);
  }
  Atomics.store(control, STATE, end);
  tell(control);
}

function tell(control: Int32Array): void {
  Atomics.add(control, TOLD, 1);
  Atomics.notify(control, TOLD);
}

function fill(
  control: Int32Array,
  bytes: Uint8Array,
  read: (into: Uint8Array, at: number, length: number) => number,
): void {
  for (let written = 0, told = 0; ; ) {
    const consumed = Atomics.load(control, CONSUMED);
    const room = CAPACITY - ((written - consumed) | 0);
    if (room < PAGE) {
      Atomics.wait(control, CONSUMED, consumed);
      continue;
    }
    const begin = written & (CAPACITY - 1);
    const count = read(bytes, begin, Math.min(room, CAPACITY - begin));
    if (count === 0) return;
    written = (written + count) | 0;
    Atomics.store(control, WRITTEN, written);
    if (((written - told) | 0) < WAKING && room - count >= PAGE) continue;
    told = written;
    tell(control);
  }
}
