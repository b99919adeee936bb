import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { isThere, run } from './tools.mjs';

const require = createRequire(import.meta.url);
const TARGETS = { x64: 'x86_64-linux-musl', arm64: 'aarch64-linux-musl' };
/**
 * As in binding.gyp and common.gypi, but for native/napi, which is made with -O3 here as well: all of it is one call, and
 * most of the file is zig's C++ library.
 */
const FLAGS = [
  ...['-std=c++20', '-O3', '-fPIC', '-pthread', '-fno-strict-aliasing'],
  ...['-fvisibility=hidden', '-fvisibility-inlines-hidden', '-ffunction-sections', '-fdata-sections'],
  ...['-DNDEBUG', '-DNAPI_VERSION=8', '-DNODE_ADDON_API_CPP_EXCEPTIONS', '-DNODE_GYP_MODULE_NAME=sockscope'],
  ...['-shared', '-s', '-Wl,--gc-sections', '-Wl,-z,relro,-z,now', '-Wl,-z,nodelete'],
];

/** zig brings a musl and a C++ library for every architecture; the latter is linked in. */
export function buildWithZig({ architecture, root, workshop, output }) {
  const zig = process.env.SOCKSCOPE_ZIG ?? 'zig';
  if (!isThere(zig, 'version')) {
    throw new Error(`${zig} is missing: install zig, or name it in the environment variable SOCKSCOPE_ZIG`);
  }
  const includes = [
    join(root, 'native'),
    require('node-api-headers').include_dir,
    dirname(require.resolve('node-addon-api/package.json')),
  ];
  const words = [
    ...['c++', '-target', TARGETS[architecture], ...FLAGS],
    `-Wl,--version-script=${join(root, 'native/napi/exports.map')}`,
    ...includes.flatMap((folder) => ['-I', folder]),
    ...['native/core', 'native/napi'].flatMap((folder) => sourcesIn(join(root, folder))),
    ...['-o', output],
  ];
  const cache = join(workshop, 'zig-cache');
  const env = { ZIG_GLOBAL_CACHE_DIR: cache, ZIG_LOCAL_CACHE_DIR: cache };
  run(zig, words, { cwd: root, env });
}

function sourcesIn(folder) {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.cc'))
    .sort()
    .map((name) => join(folder, name));
}
