// Makes prebuilds/linux-{x64,arm64}/sockscope.{glibc,musl}.node, as far as there are compilers, and names what it cannot
// make: one from before is taken away then, for it may be of other sources. Fails where a file does not pass
// scripts/abi-floor.mjs, and with `--all` unless both files for glibc are made.
import { spawnSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withLock } from './lock.mjs';
import { buildWithGcc } from './prebuild/with-gcc.mjs';
import { buildWithZig } from './prebuild/with-zig.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
/** Kept, so that the next build compiles what has changed alone. */
const workshop = join(root, '.prebuild');
const targets = [
  { architecture: 'x64', libc: 'glibc', build: buildWithGcc },
  { architecture: 'arm64', libc: 'glibc', build: buildWithGcc },
  // Of arm64 there is none: with both the package would have more than a megabyte.
  { architecture: 'x64', libc: 'musl', build: buildWithZig },
];

/** It was made, and is not to be shipped. */
class Unfit extends Error {}

await withLock(`sockscope prebuild of ${root}`, () => {
  for (const target of targets) {
    const name = `linux-${target.architecture}/sockscope.${target.libc}.node`;
    try {
      make(target, name);
      console.error(`sockscope: prebuilds/${name}: made`);
    } catch (error) {
      rmSync(join(root, 'prebuilds', name), { force: true });
      console.error(`sockscope: prebuilds/${name}: not made: ${error.message}`);
      const isWanted = target.libc === 'glibc' && process.argv.includes('--all');
      if (isWanted || error instanceof Unfit) process.exitCode = 1;
    }
  }
});

function make(target, name) {
  const fresh = join(workshop, 'prebuilds', name);
  const place = join(root, 'prebuilds', name);
  mkdirSync(join(fresh, '..'), { recursive: true });
  mkdirSync(join(place, '..'), { recursive: true });
  target.build({ ...target, root, workshop, output: fresh });
  const { status, stderr } = spawnSync(process.execPath, [join(root, 'scripts/abi-floor.mjs'), fresh], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Unfit(`it would not load everywhere\n${stderr.trim()}`);
  renameSync(fresh, place);
}
