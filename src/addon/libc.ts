import { closeSync, openSync, readFileSync, readSync } from 'node:fs';

export type Libc = 'glibc' | 'musl';

/** Where the interpreter's name usually is: linkers put it right behind the program headers. */
const HEAD_BYTES = 4096;

/**
 * The C library the running Node was linked with, by the program interpreter that its ELF file names. Where that cannot
 * be read, or tools have moved the name, by what is mapped into this process; else glibc.
 */
export function libcOf(executable: string = process.execPath, maps = '/proc/self/maps'): Libc {
  const named = libcIn(headOf(executable));
  return named ?? libcIn(mapped(maps)) ?? 'glibc';
}

function libcIn(bytes: Buffer | undefined): Libc | undefined {
  if (bytes?.includes('/ld-musl-')) return 'musl';
  return bytes?.includes('/ld-linux') ? 'glibc' : undefined;
}

function headOf(path: string): Buffer | undefined {
  try {
    const file = openSync(path, 'r');
    try {
      const head = Buffer.alloc(HEAD_BYTES);
      readSync(file, head, 0, head.length, 0);
      return head;
    } finally {
      closeSync(file);
    }
  } catch {
    return undefined;
  }
}

function mapped(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}
