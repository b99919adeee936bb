import { readdirSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Leaves of the .d.ts files in `folder` the one that has them all, and no folder that is empty then. */
export function keepOneFile(folder, entry) {
  for (const name of readdirSync(folder, { recursive: true }))
    if (name.endsWith('.d.ts') && name !== entry) rmSync(join(folder, name));
  for (const each of readdirSync(folder, { withFileTypes: true }))
    if (each.isDirectory()) removeIfEmpty(join(folder, each.name));
}

function removeIfEmpty(folder) {
  for (const each of readdirSync(folder, { withFileTypes: true }))
    if (each.isDirectory()) removeIfEmpty(join(folder, each.name));
  if (readdirSync(folder).length === 0) rmdirSync(folder);
}
