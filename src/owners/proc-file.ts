import { closeSync, readSync } from 'node:fs';
import { openKernelFile } from '../proc/kernel-file.ts';

/**
 * Reads a file of /proc into the buffer, as much as there is room for, and returns how many bytes. On this thread: a
 * detour through the thread pool would cost more than the reading. Throws what open(2) or read(2) fails with, of a pipe ENXIO.
 */
export function readProcFile(path: string, into: Uint8Array): number {
  const fd = openKernelFile(path);
  try {
    let length = 0;
    while (length < into.length) {
      const count = readSync(fd, into, length, into.length - length, null);
      if (count === 0) break;
      length += count;
    }
    return length;
  } finally {
    closeSync(fd);
  }
}
