import { readSync } from 'node:fs';

/** read(2) at the descriptor's position, as often as a signal interrupts it. Throws an errno exception. */
export function readPage(fd: number, into: Uint8Array, at: number, length: number): number {
  for (;;) {
    try {
      return readSync(fd, into, at, length, null);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EINTR') throw error;
    }
  }
}
