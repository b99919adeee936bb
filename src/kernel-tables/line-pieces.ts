const NEWLINE = 0x0a;

/**
 * A text as C reads it line by line into a buffer of `size` bytes: a line that does not fit comes in several pieces, and
 * of a piece with a NUL the rest is not seen. Byte strings, one character a byte, the newline included where there is one.
 */
export function* linePieces(bytes: Uint8Array, size: number): Generator<string, void, undefined> {
  for (let start = 0; start < bytes.length; ) {
    const limit = Math.min(bytes.length, start + size - 1);
    const newline = bytes.subarray(start, limit).indexOf(NEWLINE);
    const end = newline < 0 ? limit : start + newline + 1;
    const piece = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
    const nul = piece.indexOf('\0');
    yield nul < 0 ? piece : piece.slice(0, nul);
    start = end;
  }
}
