import type { Batch } from '../table/batch.ts';

const NEWLINE = 0x0a;
/** What /proc/net/unix prints of a socket: references, inode and name. */
const ROW = /^[0-9a-f]+: ([0-9a-f]+) [0-9a-f]+ [0-9a-f]+ [0-9a-f]+ [0-9a-f]+ +([0-9]+)(?: (.*))?$/is;

/**
 * Lines of /proc/net/unix that are no sockets: anybody may bind a name with a newline in it, whose rest then stands in the
 * text as a line of its own, and may look like any socket. netlink knows the names whole, so these lines can be told.
 */
export class ForgedLines {
  readonly #expected = new Map<string, number>();

  /** `rows`: netlink's, with their names. */
  constructor(rows: readonly Batch[]) {
    for (const batch of rows) {
      if (!batch.heap.includes(NEWLINE)) continue;
      for (let row = 0; row < batch.length; row++) this.#learn(nameAt(batch, row));
    }
  }

  /** Whether the line is the rest of a name. Each is recognised once. */
  has(lines: Batch, line: number): boolean {
    if (this.#expected.size === 0) return false;
    const refs = lines.require('unixRefs')[line]!;
    const inode = lines.require('inode')[line]!;
    const key = keyOf(refs, inode, nameAt(lines, line));
    const left = this.#expected.get(key) ?? 0;
    if (left > 1) this.#expected.set(key, left - 1);
    else this.#expected.delete(key);
    return left > 0;
  }

  #learn(name: string): void {
    const [, ...rests] = name.split('\n');
    for (const rest of rests) {
      const match = ROW.exec(rest);
      if (match === null) continue;
      const key = keyOf(Number.parseInt(match[1]!, 16), Number(match[2]), match[3] ?? '');
      this.#expected.set(key, (this.#expected.get(key) ?? 0) + 1);
    }
  }
}

function keyOf(refs: number, inode: number, name: string): string {
  return `${refs} ${inode} ${name}`;
}

/** The bytes of a name as characters, NULs as the text has them. */
function nameAt(batch: Batch, row: number): string {
  const bounds = batch.column('path');
  if (bounds === undefined) return '';
  return Buffer.from(batch.heap.subarray(bounds[row], bounds[row + 1]))
    .toString('latin1')
    .replaceAll('\0', '@');
}
