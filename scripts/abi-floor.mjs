// `node scripts/abi-floor.mjs FILE...`: fails, by name, on whatever keeps an addon from loading where Node.js itself does,
// Node 20 to the newest, and in Electron. The folder (linux-x64) and the name (sockscope.glibc.node) say what it is for.
import { createRequire } from 'node:module';
import { basename, dirname } from 'node:path';
import { readElfFile } from './elf-file.mjs';

const require = createRequire(import.meta.url);
const NODE_API = 8;
/** What Red Hat Enterprise Linux 8 has, the oldest system that builds of Node.js 20 to 26 run on. */
const NEWEST = { GLIBC: '2.28', GLIBCXX: '3.4.25', CXXABI: '1.3.11', GCC: '7.0.0' };
const MACHINES = {
  x64: { name: 'Advanced Micro Devices X86-64', loader: 'ld-linux-x86-64.so.2', musl: 'x86_64' },
  arm64: { name: 'AArch64', loader: 'ld-linux-aarch64.so.1', musl: 'aarch64' },
};
/** What every build of Node.js for this C library needs itself, beside the loader. */
const LIBRARIES = {
  glibc: ['libc.so.6', 'libm.so.6', 'libdl.so.2', 'libpthread.so.0', 'libstdc++.so.6', 'libgcc_s.so.1'],
  musl: ['libc.so', 'libstdc++.so.6', 'libgcc_s.so.1'],
};
const { js_native_api_symbols, node_api_symbols } = require('node-api-headers').symbols[`v${NODE_API}`];
const EXPORTS = ['napi_register_module_v1', 'node_api_module_get_api_version_v1'];
const nodeApi = new Set([...js_native_api_symbols, ...node_api_symbols]);
/** Memory that is lent to V8: Electron refuses it. `napi_create_external` is a handle, and allowed. */
const LENT = /^(?:napi|node_api)_create_external_/;
/** Of Node.js, and not the same from one version to the next. */
const UNSTABLE = /^(?:uv_|_ZNK?2v8|_ZNK?4node)/;

const files = process.argv.slice(2);
if (files.length === 0) {
  console.error('usage: node scripts/abi-floor.mjs FILE...');
  process.exit(2);
}
for (const file of files) {
  for (const fault of faultsOf(file)) {
    console.error(`${file}: ${fault}`);
    process.exitCode = 1;
  }
}

function faultsOf(file) {
  const architecture = /^linux-(\w+)$/.exec(basename(dirname(file)))?.[1] ?? process.arch;
  const machine = MACHINES[architecture];
  if (machine === undefined) return [`there is no rule for ${architecture}: add it to scripts/abi-floor.mjs`];
  const libc = file.endsWith('.musl.node') ? 'musl' : 'glibc';
  let elf;
  try {
    elf = readElfFile(file);
  } catch (error) {
    return [error.message];
  }
  if (elf.machine !== machine.name) return [`it is for ${elf.machine}, its folder for ${machine.name}`];
  if (elf.type !== 'DYN') return [`it is of type ${elf.type}, not a shared library`];
  return [
    ...faultsOfLoading(elf, allowedLibraries(libc, machine)),
    ...elf.versions.filter(isTooNew).map((version) => tooNew(version, elf)),
    ...faultsOfSymbols(elf, libc),
  ];
}

function allowedLibraries(libc, { loader, musl }) {
  return libc === 'glibc'
    ? [...LIBRARIES.glibc, loader]
    : [...LIBRARIES.musl, `libc.musl-${musl}.so.1`, `ld-musl-${musl}.so.1`];
}

function faultsOfLoading(elf, allowed) {
  const faults = elf.needed
    .filter((library) => !allowed.includes(library))
    .map((library) => `it needs ${library}, which Node.js does not need`);
  for (const path of elf.searchPaths) faults.push(`it has a search path for libraries: ${path}`);
  if (elf.stackFlags === undefined || elf.stackFlags.includes('E')) {
    faults.push('it needs an executable stack, which hardened kernels refuse');
  }
  return faults;
}

function isTooNew(version) {
  const [, name, number] = /^([A-Z]+)_([\d.]+)$/.exec(version) ?? [];
  // A name without a number (GLIBC_PRIVATE, GLIBC_ABI_DT_RELR) is nothing an older system must have.
  if (name === undefined || NEWEST[name] === undefined) return true;
  const [theirs, newest] = [number, NEWEST[name]].map((text) => text.split('.').map(Number));
  const difference = [0, 1, 2].map((i) => (theirs[i] ?? 0) - (newest[i] ?? 0)).find((value) => value !== 0);
  return (difference ?? 0) > 0;
}

function tooNew(version, { symbols }) {
  const users = symbols.filter((symbol) => symbol.isImport && symbol.version === version);
  const by = users.length > 0 ? ` for ${users.map(({ name }) => name).join(', ')}` : '';
  const newest = NEWEST[version.split('_')[0]];
  return `it needs ${version}${by}${newest ? `; the newest allowed is ${newest}` : '; no such version is allowed'}`;
}

function faultsOfSymbols({ symbols }, libc) {
  const faults = [];
  if (!symbols.some(({ name, isImport }) => name === 'napi_register_module_v1' && !isImport)) {
    faults.push('it exports no napi_register_module_v1: this is no addon');
  }
  for (const { name, version, isImport, isWeak } of symbols) {
    if (!isImport && !EXPORTS.includes(name)) {
      faults.push(`it exports ${name}, which may stand for one of another addon`);
    }
    if (!isImport || version !== undefined) continue;
    if (LENT.test(name)) faults.push(`it lends memory by ${name}, which Electron refuses`);
    else if (nodeApi.has(name)) continue;
    else if (/^(?:napi|node_api)_/.test(name)) faults.push(`${name} is not of Node-API ${NODE_API}`);
    else if (UNSTABLE.test(name)) faults.push(`${name} is of Node.js, and not of Node-API`);
    // The symbols of musl have no versions, so that nobody can tell whose they are.
    else if (libc === 'glibc' && !isWeak) faults.push(`no library is known to have ${name}`);
  }
  return faults;
}
