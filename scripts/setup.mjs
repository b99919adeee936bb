// What `npm start` and `npm test` need: packages, the addon, dist. Each step runs when what it depends on has changed
// since it last succeeded, so that a second run does nothing. Speaks on stderr only: stdout belongs to the command.
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

const root = fileURLToPath(new URL('..', import.meta.url));
const stampFile = join(root, '.setup/stamps.json');
const stamps = readStamps();

/** build-native.mjs copies the headers of a package there: they are its, not ours. */
const COPIED_HEADERS = join(root, 'native/headers/include/node');
const ADDON = 'build/Release/sockscope.node';

if (process.platform !== 'linux')
  console.error('sockscope: sockets can be listed on Linux only; building all the same');

step('packages', 'node_modules', [hashOf(['package-lock.json'])], () =>
  // Whatever NODE_ENV says: the tools that build are development dependencies.
  run('npm', ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error']),
);
setUpAddon();
step(
  'dist',
  'dist/cli/main.cjs',
  [hashOf(['src', 'package-lock.json', 'tsconfig.build.json', 'scripts/build.mjs'])],
  () => run(process.execPath, ['scripts/build.mjs']),
);

/** Does a step that is not done yet; without it there is no going on. */
function step(name, product, inputs, action) {
  const stamp = inputs.join(' ');
  if (isDone(name, product, stamp)) return;
  console.error(`sockscope: setting up: ${name}`);
  if (!action()) process.exit(1);
  remember(name, stamp);
}

/** The one step that may fail. A build that failed is tried again when something it depends on has changed. */
function setUpAddon() {
  const inputs = [
    hashOf([
      'native',
      'binding.gyp',
      'package-lock.json',
      'scripts/build-native.mjs',
      'scripts/native-sources.mjs',
    ]),
  ];
  const stamp = [...inputs, process.arch, process.version, compiler()].join(' ');
  const failed = `failed ${stamp}`;
  if (isDone('addon', ADDON, stamp)) return;
  const lacking = ['python3', 'make', compiler()].filter((program) => !onPath(program));
  if (lacking.length > 0) return explain(`${lacking.join(', ')} is missing`);
  if (stamps.addon !== failed) {
    console.error('sockscope: setting up: addon');
    if (run(process.execPath, ['scripts/build-native.mjs'])) return remember('addon', stamp);
    remember('addon', failed);
  }
  explain('it could not be built (npm run build:native shows why)');
}

function explain(reason) {
  console.error(
    existsSync(join(root, ADDON))
      ? `sockscope: the addon is an older one, for ${reason}`
      : `sockscope: no addon, for ${reason}; everything works through /proc/net`,
  );
}

function isDone(name, product, stamp) {
  return stamps[name] === stamp && existsSync(join(root, product));
}

function remember(name, stamp) {
  stamps[name] = stamp;
  mkdirSync(join(root, '.setup'), { recursive: true });
  writeFileSync(stampFile, `${JSON.stringify(stamps, null, 2)}\n`);
}

/** Runs a command, whose output is shown only when it fails. */
function run(command, args) {
  const { status, error, output } = spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (status === 0) return true;
  console.error((output ?? []).join(''));
  console.error(`sockscope: ${command} ${args.join(' ')} failed${error ? `: ${error.message}` : ''}`);
  return false;
}

function hashOf(paths) {
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
    .filter((entry) => !(path === COPIED_HEADERS && entry.name.endsWith('.h')))
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
