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
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const stampFile = join(root, '.setup/stamps.json');
const stamps = readStamps();

if (process.platform !== 'linux')
  console.error('sockscope: sockets can be listed on Linux only; building all the same');

step('packages', [hashOf(['package-lock.json'])], 'node_modules', () =>
  must('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']),
);
const lacking = ['python3', 'make', compiler()].filter((program) => !onPath(program));
if (lacking.length === 0) {
  step(
    'addon',
    [
      hashOf(['native', 'binding.gyp', 'package-lock.json', 'scripts/build-native.mjs']),
      process.arch,
      process.version,
    ],
    'build/Release/sockscope.node',
    () => run(process.execPath, ['scripts/build-native.mjs']) || explainNoAddon('it could not be built'),
  );
} else {
  explainNoAddon(`${lacking.join(', ')} is missing`);
}
step(
  'dist',
  [hashOf(['src', 'package-lock.json', 'tsconfig.build.json', 'scripts/build.mjs'])],
  'dist/cli/main.cjs',
  () => run(process.execPath, ['scripts/build.mjs']),
);

function step(name, inputs, product, action) {
  const stamp = inputs.join(' ');
  if (stamps[name] === stamp && existsSync(join(root, product))) return;
  console.error(`sockscope: setting up: ${name}`);
  if (!action()) return;
  stamps[name] = stamp;
  mkdirSync(join(root, '.setup'), { recursive: true });
  writeFileSync(stampFile, `${JSON.stringify(stamps, null, 2)}\n`);
}

/** Says why there is no addon; the stamp stays unset, so that the next set-up tries again. */
function explainNoAddon(reason) {
  console.error(`sockscope: no addon, for ${reason}; everything works through /proc/net`);
  return false;
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

/** As `run`, for what nothing works without. */
function must(command, args) {
  return run(command, args) || process.exit(1);
}

function hashOf(paths) {
  const hash = createHash('sha256');
  for (const file of paths.flatMap((path) => filesOf(join(root, path))))
    hash.update(file).update(readFileSync(file));
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
    .filter((entry) => !entry.name.endsWith('.h') || !path.includes('headers'))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => filesOf(join(path, entry.name)));
}

function compiler() {
  return process.env.CXX?.split(' ')[0] ?? (onPath('c++') ? 'c++' : 'g++');
}

function onPath(program) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
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
