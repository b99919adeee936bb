// Prints the .cc files below a folder, a path a line: binding.gyp lists its sources with it.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.argv[2];
const files = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.cc'))
  .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
  .sort();
console.log(files.join('\n'));
