// Builds dist/: the types with tsc, then library, command and the reader's worker as bundles with rolldown (one bundled file
// starts faster than a hundred modules). A new dist replaces the old one only when all of it is there.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';
import { rollUpTypes } from './api/roll-up.mjs';
import * as commandFiles from './command-files.mjs';
import { heldLocks, withLock } from './lock.mjs';
import { keepOneFile } from './public-types.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const next = join(root, 'dist.next');
const require = createRequire(import.meta.url);

await withLock(`sockscope dist of ${root}`, async () => {
  rmSync(next, { recursive: true, force: true });
  mkdirSync(next);
  declareTypes();
  await bundle('src/index.ts', '.', 'esm');
  await bundle('src/cli/main.ts', 'cli', 'cjs');
  await bundle('src/source/procfs-worker.ts', 'worker', 'cjs');
  chmodSync(join(next, 'cli/main.cjs'), 0o755);
  replace(join(root, 'dist'));
});

function declareTypes() {
  const tsc = join(require.resolve('typescript/package.json'), '../bin/tsc');
  const { status } = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--outDir', next], {
    cwd: root,
    stdio: ['inherit', 'inherit', 'inherit', ...heldLocks()],
  });
  if (status !== 0) process.exit(status ?? 1);
  rollUpTypes(root, next, 'index.d.ts');
  keepOneFile(next, 'index.d.ts');
}

/** By renaming, so that a command started meanwhile finds the old or the new, bar an instant. */
function replace(dist) {
  const old = join(root, 'dist.old');
  rmSync(old, { recursive: true, force: true });
  if (existsSync(dist)) renameSync(dist, old);
  renameSync(next, dist);
  rmSync(old, { recursive: true, force: true });
}

async function bundle(input, folder, format) {
  const extension = format === 'esm' ? 'js' : 'cjs';
  const isCommand = folder === 'cli';
  await build({
    input: join(root, input),
    platform: 'node',
    ...(isCommand && commandFiles.input),
    logLevel: 'warn',
    output: {
      dir: join(next, folder),
      format,
      // They are in the sources, and a third of the bytes.
      comments: false,
      entryFileNames: `[name].${extension}`,
      chunkFileNames: `[name]-[hash].${extension}`,
      // In the checkout, for scripts/coverage.mjs; the package is without, and so without a word of them in its files.
      sourcemap: isCommand && 'hidden',
      ...(isCommand && commandFiles.output),
    },
  });
}
