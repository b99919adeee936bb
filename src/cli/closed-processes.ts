import { opendirSync, readdirSync } from 'node:fs';

/**
 * Whether the descriptors of some process under a /proc root may not even be listed: that alone makes netstat speak of
 * processes it could not identify. Those it may list but not follow, of a process with more capabilities than the reader
 * has, it passes over in silence. Seen: as root, no note beside `readlink("/proc/1/fd/0") = -1 EACCES`.
 */
export function someAreClosed(procRoot: string): boolean {
  return readdirSync(procRoot)
    .filter((name) => /^\d+$/.test(name))
    .some((pid) => isClosed(`${procRoot}/${pid}/fd`));
}

function isClosed(directory: string): boolean {
  try {
    opendirSync(directory).closeSync();
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EACCES';
  }
}
