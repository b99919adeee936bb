// What `npm start` and `npm test` need: packages, the addon, dist. Each step runs when what it depends on has changed
// since it last succeeded, so that a second run does nothing. Speaks on stderr only: stdout belongs to the command.
// `--require-addon` fails where there is no addon of the present sources.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { heldLocks, withLock } from './lock.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const stampFile = join(root, '.setup/stamps.json');
/** build-native.mjs copies the headers of a package there: they are its, not ours. */
const copiedHeaders = join(root, 'native/headers/include/node');
const lacking = ['python3', 'make', compiler()].filter((program) => !onPath(program));

const packages = {
  name: 'packages',
  product: 'node_modules',
  stamp: hashOf('package-lock.json'),
  // Whatever NODE_ENV says: the tools that build are development dependencies.
  command: ['npm', 'ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'],
};
const addon = {
  name: 'addon',
  product: 'build/Release/sockscope.node',
  stamp: [
    hashOf(
      'native',
      'binding.gyp',
      'package-lock.json',
      'scripts/build-native.mjs',
      'scripts/native-sources.mjs',
    ),
    process.arch,
    process.version,
    compiler(),
  ].join(' '),
  command: [process.execPath, 'scripts/build-native.mjs'],
  isOptional: true,
};
const dist = {
  name: 'dist',
  product: 'dist/cli/main.cjs',
  stamp: hashOf(
    'src',
    'package-lock.json',
    'tsconfig.build.json',
    'scripts/build.mjs',
    'scripts/command-files.mjs',
    'scripts/public-types.mjs',
    'scripts/api',
  ),
  command: [process.execPath, 'scripts/build.mjs'],
};

const steps = [packages, addon, dist];
if (process.platform !== 'linux')
  console.error('sockscope: sockets can be listed on Linux only; building all the same');
if (!steps.every(isSettled)) {
  demandRoom(join(root, '.setup'));
  await withLock(`sockscope set-up of ${root}`, () => {
    // What another set-up did meanwhile is done.
    for (const step of steps) if (!isSettled(step)) perform(step);
  });
}
if (!isDone(addon)) {
  explainAddon();
  if (process.argv.includes('--require-addon')) process.exitCode = 1;
}

function isDone({ name, product, stamp }) {
  return readStamps()[name] === stamp && existsSync(join(root, product));
}

/** Done, or hopeless: an addon that could not be built is tried again when something it depends on has changed. */
function isSettled(step) {
  if (isDone(step)) return true;
  return step === addon && (lacking.length > 0 || readStamps().addon === failed(addon));
}

function perform(step) {
  console.error(`sockscope: setting up: ${step.name}`);
  // Killed half-way it is not done, whatever was done before.
  writeStamp(step, undefined);
  const succeeded = run(step.command);
  if (!succeeded && !step.isOptional) process.exit(1);
  writeStamp(step, succeeded ? step.stamp : failed(step));
}

function writeStamp({ name }, stamp) {
  writeFileSync(stampFile, `${JSON.stringify({ ...readStamps(), [name]: stamp }, null, 2)}\n`);
}

function failed({ stamp }) {
  return `failed ${stamp}`;
}

function explainAddon() {
  const reason =
    lacking.length > 0
      ? `${lacking.join(', ')} ${lacking.length === 1 ? 'is' : 'are'} missing`
      : 'it could not be built (npm run build:native shows why)';
  console.error(
    existsSync(join(root, addon.product))
      ? `sockscope: the addon is an older one, for ${reason}`
      : `sockscope: no addon, for ${reason}; everything works through /proc/net`,
  );
}

/** The steps write into the checkout; each would say so in its own words, many of them. */
function demandRoom(path) {
  try {
    mkdirSync(path, { recursive: true });
    for (const folder of [root, path]) accessSync(folder, constants.W_OK);
  } catch (error) {
    console.error(
      `sockscope: this checkout is not set up, or has changed, and cannot be set up: ${error.message}`,
    );
    process.exit(1);
  }
}

/** Runs a command, whose output is shown only when it fails. */
function run([command, ...words]) {
  const { status, error, output } = spawnSync(command, words, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    stdio: ['pipe', 'pipe', 'pipe', ...heldLocks()],
  });
  if (status === 0) return true;
  console.error((output ?? []).join(''));
  console.error(`sockscope: ${command} ${words.join(' ')} failed${error ? `: ${error.message}` : ''}`);
  return false;
}

function hashOf(...paths) {
  const hash = createHash('sha256');
  for (const file of paths.flatMap((path) => filesOf(join(root, path))))
    hash.update(relative(root, file)).update(readFileSync(file));
  return hash.digest('hex').slice(0, 16);
}

function filesOf(path) {
  let entries;
  try {
    entries = readdirSync(path, { withFileTypes: true });
  } catch (error) {
    if (error.code === 'ENOTDIR') return [path];
    throw error;
  }
  return entries
    .filter((entry) => !(path === copiedHeaders && entry.name.endsWith('.h')))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => filesOf(join(path, entry.name)));
}

/** What make calls: CXX, a path or a word with options, or g++. */
function compiler() {
  return process.env.CXX?.split(' ')[0] || 'g++';
}

function onPath(program) {
  const folders = program.includes('/') ? ['/'] : (process.env.PATH ?? '').split(delimiter);
  return folders.some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function readStamps() {
  try {
    return JSON.parse(readFileSync(stampFile, 'utf8'));
  } catch {
    return {};
  }
}
