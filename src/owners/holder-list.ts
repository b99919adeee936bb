/** Holders in a chunk. */
export const CHUNK_HOLDERS = 8192;
/** Numbers that a holder takes in a chunk: inode, pid, descriptor. */
export const LANES = 3;

/** What a walk has found, in the order in which it was: chunks that never move, so that growing costs nothing. */
export class HolderList {
  /** All full but the last. */
  readonly chunks: Uint32Array[] = [];
  length = 0;

  add(inode: number, pid: number, fd: number): void {
    const place = this.length % CHUNK_HOLDERS;
    if (place === 0) this.chunks.push(new Uint32Array(LANES * CHUNK_HOLDERS));
    const chunk = this.chunks.at(-1)!;
    chunk[LANES * place] = inode;
    chunk[LANES * place + 1] = pid;
    chunk[LANES * place + 2] = fd;
    this.length++;
  }

  /** Holders in the chunk. */
  lengthOf(chunk: number): number {
    return Math.min(CHUNK_HOLDERS, this.length - chunk * CHUNK_HOLDERS);
  }
}
