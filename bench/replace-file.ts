import { lstatSync, renameSync, rmSync, writeFileSync } from 'node:fs';

/** The whole text or nothing: a disk that is full leaves what there was. What is no plain file is written to instead. */
export function replaceFile(path: string, text: string): void {
  replaceFiles(new Map([[path, text]]));
}

/** Paths to texts. None takes its place before all of them are on the disk. */
export function replaceFiles(texts: ReadonlyMap<string, string>): void {
  const renamed = [...texts.keys()].filter(isReplaceable);
  try {
    for (const [path, text] of texts) writeFileSync(renamed.includes(path) ? unfinished(path) : path, text);
    for (const path of renamed) renameSync(unfinished(path), path);
  } catch (error) {
    for (const path of renamed) rmSync(unfinished(path), { force: true });
    throw error;
  }
}

/** Whether a name may be given to another file: a device, a pipe or a link would be lost by that. */
export function isReplaceable(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isFile() ?? true;
}

function unfinished(path: string): string {
  return `${path}.new`;
}
