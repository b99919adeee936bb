import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';

/** Reads a table of /proc whole, on this thread. Throws the system's error. */
export function readTableNow(path: string): Uint8Array {
  return readFileSync(path);
}

/** As `readTableNow`, on the thread pool. */
export function readTable(path: string): Promise<Uint8Array> {
  return readFile(path);
}

/** The lines of a text, the newlines left out: byte strings, one character a byte. A last line may lack its newline. */
export function* linesOf(bytes: Uint8Array): Generator<string, void, undefined> {
  for (let start = 0; start < bytes.length; ) {
    const newline = bytes.indexOf(0x0a, start);
    const end = newline < 0 ? bytes.length : newline;
    yield Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
    start = end + 1;
  }
}
