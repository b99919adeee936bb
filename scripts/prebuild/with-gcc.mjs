import { cpSync, existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { isThere, run } from './tools.mjs';

const require = createRequire(import.meta.url);
const TRIPLETS = { x64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu' };
/** What a build reads of the checkout; `package.json` is what node-gyp takes a folder for a package by. */
const SOURCES = ['binding.gyp', 'native', 'package.json', 'scripts/native-sources.mjs'];

/** What a developer's shell may add to a build, such as -march=native: what ships is made as binding.gyp says. */
const TAKEN_OUT = [
  ...['CFLAGS', 'CXXFLAGS', 'CPPFLAGS', 'LDFLAGS', 'LINK', 'GYP_DEFINES', 'MAKEFLAGS'],
  ...['CC_target', 'CXX_target', 'AR_target', 'LINK_target', 'CPATH', 'CPLUS_INCLUDE_PATH', 'LIBRARY_PATH'],
];

/** Made in a copy of the sources, for this machine as well: build/Release is the developer's. */
export function buildWithGcc({ architecture, root, workshop, output }) {
  const triplet = TRIPLETS[architecture];
  const prefix = architecture === process.arch ? '' : `${triplet}-`;
  if (!isThere(`${prefix}g++`, '--version')) {
    const name = prefix === '' ? 'g++' : `g++-${triplet.replace('_', '-')}`;
    throw new Error(`${prefix}g++ is missing: install ${name}`);
  }
  const tree = join(workshop, `tree-${architecture}`);
  copySources(root, tree);
  const env = {
    ...Object.fromEntries(TAKEN_OUT.map((name) => [name, undefined])),
    CC: `${prefix}gcc`,
    CXX: `${prefix}g++`,
    AR: `${prefix}ar`,
    // Relative, as in build-native.mjs; by the environment for the commands of binding.gyp, too.
    npm_config_nodedir: 'native/headers',
  };
  const nodeGyp = [require.resolve('node-gyp/bin/node-gyp.js')];
  const options = ['--release', `--arch=${architecture}`, '--nodedir=native/headers', '--loglevel=error'];
  run(process.execPath, [...nodeGyp, 'configure', ...options], { cwd: tree, env });
  const jobs = `--jobs=${process.env.JOBS ?? 'max'}`;
  // The addon alone: tests of the core may not run here.
  run(process.execPath, [...nodeGyp, 'build', 'sockscope', ...options, jobs], { cwd: tree, env });
  run(`${prefix}strip`, ['-o', output, join(tree, 'build/Release/sockscope.node')]);
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
