import { TABLES_HERE, type TableFile, type TableFiles } from './table-file.ts';

/** Bytes between two turns of the event loop: to parse them takes well below a millisecond. */
const PIECE_BYTES = 16_384;
/** /proc gives no more at a time; into less room it gives less, and takes as long. */
const PAGE = 4096;

/** The bytes of a table as they come; the next piece overwrites the one before. Throws the system's error. */
export async function* routePieces(
  path: string,
  files: TableFiles = TABLES_HERE,
): AsyncGenerator<Uint8Array, void, undefined> {
  const file = await files.open(path);
  const buffer = new Uint8Array(PIECE_BYTES);
  try {
    for (;;) {
      const length = await readPiece(file, buffer);
      if (length === 0) return;
      yield buffer.subarray(0, length);
    }
  } finally {
    await file.close();
  }
}

/** Fills the buffer, but for less than a page; gives how far. */
async function readPiece(file: TableFile, buffer: Uint8Array): Promise<number> {
  let length = 0;
  while (buffer.length - length >= PAGE) {
    const count = await file.read(buffer, length);
    if (count === 0) break;
    length += count;
  }
  return length;
}
