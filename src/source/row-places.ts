import type { Place } from '../table/gather.ts';

const MULTIPLIER = 0x9e3779b1;
const TAKEN = 0xffff_ffff;

/** Places of rows by their inodes, each to be taken once. Of an inode that was put twice the last place counts. */
export class RowPlaces {
  /** Inodes in open addressing, 0 where a slot is free. */
  readonly #inodes: Uint32Array;
  readonly #places: Uint32Array;
  readonly #shift: number;
  #left = 0;

  /** With room for so many rows. */
  constructor(rows: number) {
    const bits = Math.ceil(Math.log2(2 * rows + 2));
    this.#inodes = new Uint32Array(2 ** bits);
    this.#places = new Uint32Array(2 ** bits);
    this.#shift = 32 - bits;
  }

  /** Rows that have not been taken. */
  get left(): number {
    return this.#left;
  }

  /** A socket without an inode cannot be told from another: it is not put. */
  put(inode: number, place: Place): void {
    if (inode === 0) return;
    const slot = this.#slotOf(inode);
    if (this.#inodes[slot] === 0) this.#left++;
    this.#inodes[slot] = inode;
    this.#places[slot] = place;
  }

  /** Where the row is; undefined where there is none, or no more. */
  find(inode: number): Place | undefined {
    const slot = this.#slotOf(inode);
    const place = this.#places[slot]!;
    return inode === 0 || this.#inodes[slot] === 0 || place === TAKEN ? undefined : place;
  }

  take(inode: number): void {
    if (this.find(inode) === undefined) return;
    this.#places[this.#slotOf(inode)] = TAKEN;
    this.#left--;
  }

  /** That of the inode, or the free one where it would be. */
  #slotOf(inode: number): number {
    const inodes = this.#inodes;
    let slot = Math.imul(inode, MULTIPLIER) >>> this.#shift;
    while (inodes[slot] !== inode && inodes[slot] !== 0) slot = (slot + 1) & (inodes.length - 1);
    return slot;
  }
}
