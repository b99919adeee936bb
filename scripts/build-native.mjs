// Builds build/Release/{sockscope.node,core_tests} with node-gyp against node-api-headers: no download, no Node headers.
import { spawnSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const require = createRequire(import.meta.url);
const nodedir = join(root, 'native/headers');
const debug = process.argv.includes('--debug');

cpSync(require('node-api-headers').include_dir, join(nodedir, 'include/node'), { recursive: true });
const { status } = spawnSync(
  process.execPath,
  [
    require.resolve('node-gyp/bin/node-gyp.js'),
    'rebuild',
    `--nodedir=${nodedir}`,
    `--${debug ? 'debug' : 'release'}`,
    '--jobs=max',
    '--loglevel=error',
  ],
  { cwd: root, stdio: 'inherit' },
);
process.exit(status ?? 1);
