// Writes the manual and the shells' completions from the command's option table. They are committed, and a test compares
// them with what this makes: run it (`node scripts/manual.mjs`) after every change of the table. A directory in the place
// of the package's root may be named.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tsImport } from 'tsx/esm/api';

const { manualFiles } = await tsImport('./manual/files.ts', import.meta.url);
const root = process.argv[2] ?? fileURLToPath(new URL('..', import.meta.url));

for (const [path, text] of Object.entries(manualFiles())) {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
