import type { Pace } from './pace.ts';

const FIRST_SLOTS_LOG2 = 6;
/** 2^32 over the golden ratio. */
const SPREAD = 0x9e3779b9;
/** Entering an inode costs so much less than a descriptor. */
const INODES_PER_UNIT = 64;

/** The sockets that a selective walk looks for: tells what is wanted, and when all of it has been found. */
export class WantedInodes {
  /** Open addressing, at most half full; 0 is a free slot. */
  readonly #slots: Uint32Array;
  /** A flag a slot. */
  readonly #found: Uint8Array;
  readonly #shift: number;
  #missing = 0;

  private constructor(capacity: number) {
    const log2 = Math.max(FIRST_SLOTS_LOG2, Math.ceil(Math.log2(Math.max(1, 2 * capacity))));
    this.#slots = new Uint32Array(2 ** log2);
    this.#found = new Uint8Array(2 ** log2);
    this.#shift = 32 - log2;
  }

  /** Inode 0 and duplicates are left out. */
  static async from(inodes: Uint32Array, pace: Pace): Promise<WantedInodes> {
    const wanted = new WantedInodes(inodes.length);
    for (let from = 0; from < inodes.length; from += INODES_PER_UNIT) {
      if (pace.due()) await pace.next();
      wanted.#enter(inodes.subarray(from, from + INODES_PER_UNIT));
    }
    return wanted;
  }

  /** Every one of them has been taken. */
  get satisfied(): boolean {
    return this.#missing === 0;
  }

  /** Whether the inode is wanted; notes that it has been found. */
  take(inode: number): boolean {
    const slot = this.#slotOf(inode);
    if (inode === 0 || this.#slots[slot] !== inode) return false;
    this.#missing -= 1 - this.#found[slot]!;
    this.#found[slot] = 1;
    return true;
  }

  #enter(inodes: Uint32Array): void {
    for (const inode of inodes) {
      if (inode === 0) continue;
      const slot = this.#slotOf(inode);
      if (this.#slots[slot] === 0) this.#missing++;
      this.#slots[slot] = inode;
    }
  }

  /** The slot of the inode, or the free one where it would stand. */
  #slotOf(inode: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = Math.imul(inode, SPREAD) >>> this.#shift;
    while (slots[slot] !== 0 && slots[slot] !== inode) slot = (slot + 1) & mask;
    return slot;
  }
}
