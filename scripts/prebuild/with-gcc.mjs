import { cpSync, existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { isThere, run } from './tools.mjs';

const require = createRequire(import.meta.url);
const TRIPLETS = { x64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu' };
/** What a build reads of the checkout; `package.json` is what node-gyp takes a folder for a package by. */
const SOURCES = ['binding.gyp', 'native', 'package.json', 'scripts/native-sources.mjs'];

/** This machine's own is build/Release's, stripped; the other architecture's is made by its cross compiler. */
export function buildWithGcc({ architecture, root, workshop, output }) {
  if (architecture === process.arch) return stripOwn(root, output);
  const triplet = TRIPLETS[architecture];
  const compiler = `${triplet}-g++`;
  if (!isThere(compiler, '--version')) {
    throw new Error(`${compiler} is missing: install g++-${triplet.replace('_', '-')}`);
  }
  const tree = join(workshop, `tree-${architecture}`);
  copySources(root, tree);
  const env = {
    CC: `${triplet}-gcc`,
    CXX: compiler,
    AR: `${triplet}-ar`,
    // Relative, as in build-native.mjs; by the environment for the commands of binding.gyp, too.
    npm_config_nodedir: 'native/headers',
  };
  const nodeGyp = [require.resolve('node-gyp/bin/node-gyp.js')];
  const options = ['--release', `--arch=${architecture}`, '--nodedir=native/headers', '--loglevel=error'];
  run(process.execPath, [...nodeGyp, 'configure', ...options], { cwd: tree, env });
  const jobs = `--jobs=${process.env.JOBS ?? 'max'}`;
  // The addon alone: tests of the core cannot run here.
  run(process.execPath, [...nodeGyp, 'build', 'sockscope', ...options, jobs], { cwd: tree, env });
  run(`${triplet}-strip`, ['-o', output, join(tree, 'build/Release/sockscope.node')]);
}

function stripOwn(root, output) {
  const built = join(root, 'build/Release/sockscope.node');
  // Of these very sources: an older one would be shipped unnoticed.
  run(process.execPath, [join(root, 'scripts/setup.mjs'), '--require-addon']);
  run('strip', ['-o', output, built]);
}

/** node-gyp has one build folder a tree. That of the copy stays, and times are kept, so that make sees what is new. */
function copySources(root, tree) {
  mkdirSync(join(tree, 'scripts'), { recursive: true });
  for (const path of SOURCES) {
    rmSync(join(tree, path), { recursive: true, force: true });
    cpSync(join(root, path), join(tree, path), { recursive: true, preserveTimestamps: true });
  }
  cpSync(require('node-api-headers').include_dir, join(tree, 'native/headers/include/node'), {
    recursive: true,
    preserveTimestamps: true,
  });
  const packages = join(tree, 'node_modules');
  if (!existsSync(packages)) symlinkSync(join(root, 'node_modules'), packages);
}
