import { type FileHandle, open } from 'node:fs/promises';

/** Bytes between two turns of the event loop: to parse them takes well below a millisecond. */
const PIECE_BYTES = 16_384;

/** The bytes of a table as they come, read on the thread pool; a piece belongs to who gets it. Throws the system's error. */
export async function* routePieces(path: string): AsyncGenerator<Uint8Array, void, undefined> {
  const file = await open(path, 'r');
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
async function readPiece(file: FileHandle): Promise<Uint8Array> {
  const buffer = new Uint8Array(PIECE_BYTES);
  let length = 0;
  while (length < PIECE_BYTES) {
    const { bytesRead } = await file.read(buffer, length, PIECE_BYTES - length, null);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return buffer.subarray(0, length);
}
