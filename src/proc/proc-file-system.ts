import { statfsSync } from 'node:fs';

/** statfs(2)'s word for a process file system. */
const PROC_SUPER_MAGIC = 0x9fa0;

/** Whether a file, or a folder, is one of proc's; false where that cannot be told. */
export function isOfProcFs(path: string): boolean {
  try {
    return statfsSync(path).type === PROC_SUPER_MAGIC;
  } catch {
    return false;
  }
}
