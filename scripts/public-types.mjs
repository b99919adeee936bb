import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Leaves of the .d.ts files in `folder` those that `entry` reaches: what it does not, no consumer can name. */
export function keepPublicTypes(folder, entry) {
  const reached = new Set();
  reach(join(folder, entry), reached);
  for (const name of readdirSync(folder, { recursive: true })) {
    const file = join(folder, name);
    if (name.endsWith('.d.ts') && !reached.has(file)) rmSync(file);
  }
}

function reach(file, reached) {
  if (reached.has(file)) return;
  reached.add(file);
  for (const [, target] of readFileSync(file, 'utf8').matchAll(/(?:from|import\()\s*['"](\.[^'"]+)['"]/g)) {
    reach(join(dirname(file), target.replace(/\.[jt]s$/, '.d.ts')), reached);
  }
}
