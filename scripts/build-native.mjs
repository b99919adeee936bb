// Builds build/Release/{sockscope.node,core_tests} with node-gyp against node-api-headers: no download, no Node headers.
// `--clean` builds everything anew, `--debug` into build/Debug.
import { spawnSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { heldLocks, withLock } from './lock.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const require = createRequire(import.meta.url);
// Relative: gyp does not quote an absolute path that holds blanks.
const nodedir = 'native/headers';
const mode = process.argv.includes('--debug') ? '--debug' : '--release';

await withLock(`sockscope addon of ${root}`, () => {
  cpSync(require('node-api-headers').include_dir, join(root, nodedir, 'include/node'), { recursive: true });
  if (process.argv.includes('--clean')) nodeGyp('clean');
  // Not `rebuild`: what was built stays until there is something newer.
  nodeGyp('configure', `--nodedir=${nodedir}`, mode);
  nodeGyp('build', mode, '--jobs=max');
});

function nodeGyp(...words) {
  const program = require.resolve('node-gyp/bin/node-gyp.js');
  const { status } = spawnSync(process.execPath, [program, ...words, '--loglevel=error'], {
    cwd: root,
    stdio: ['inherit', 'inherit', 'inherit', ...heldLocks()],
  });
  if (status !== 0) process.exit(status ?? 1);
}
