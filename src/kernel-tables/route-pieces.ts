import { TABLES_HERE, type TableFile, type TableFiles } from './table-file.ts';

/** Bytes between two turns of the event loop: to parse them takes well below a millisecond. */
const PIECE_BYTES = 16_384;

/** The bytes of a table as they come; a piece belongs to who gets it. Throws the system's error. */
export async function* routePieces(
  path: string,
  files: TableFiles = TABLES_HERE,
): AsyncGenerator<Uint8Array, void, undefined> {
  const file = await files.open(path);
  try {
    for (;;) {
      const piece = await readPiece(file);
      if (piece.length === 0) return;
      yield piece;
    }
  } finally {
    await file.close();
  }
}

/** /proc gives a page at a time. */
async function readPiece(file: TableFile): Promise<Uint8Array> {
  const buffer = new Uint8Array(PIECE_BYTES);
  let length = 0;
  while (length < PIECE_BYTES) {
    const count = await file.read(buffer, length);
    if (count === 0) break;
    length += count;
  }
  return buffer.subarray(0, length);
}
