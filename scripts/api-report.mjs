// Writes api/: what the package promises, as text: the public types, the columns, the keys of its JSON, and what the addon
// and the library have agreed on. They are committed, and a test compares them with what this makes, so that no promise
// changes unseen. Writes nothing where there is a fault: a hidden type behind a public one, a public member without a
// comment, a change of the addon's layout or interface, or of a JSON key, without a new version. (api/ as of the last
// release is what a version is compared with: restore it before a second change.) Needs dist/ of today.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { apiFiles } from './api/files.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const { files, faults } = await apiFiles(root);
for (const fault of faults) console.error(`sockscope: api: ${fault}`);
if (faults.length > 0) process.exit(1);
for (const [path, text] of Object.entries(files)) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}
