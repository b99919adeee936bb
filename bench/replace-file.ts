import { renameSync, rmSync, writeFileSync } from 'node:fs';

/** The whole text or nothing: a disk that is full leaves what there was. */
export function replaceFile(path: string, text: string): void {
  const unfinished = `${path}.new`;
  try {
    writeFileSync(unfinished, text);
    renameSync(unfinished, path);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw error;
  }
}
