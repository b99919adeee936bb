// `node scripts/abi-floor.mjs FILE...`: fails, by name, on whatever keeps an addon from loading where Node.js itself does,
// Node 20 to the newest, and in Electron. The folder (linux-x64) and the name (sockscope.glibc.node) say what it is for.
import { basename, dirname } from 'node:path';
import { faultsOfLoading } from './abi/loading.mjs';
import { faultsOfSymbols } from './abi/symbols.mjs';
import { faultsOfVersions } from './abi/versions.mjs';
import { readElfFile } from './elf-file.mjs';

const MACHINES = {
  x64: {
    name: 'Advanced Micro Devices X86-64',
    loader: 'ld-linux-x86-64.so.2',
    musl: 'x86_64',
    pageBytes: 0x1000,
    instructions: 'x86-64-baseline',
  },
  // Kernels are built for pages of 4, 16 and 64 KiB.
  arm64: { name: 'AArch64', loader: 'ld-linux-aarch64.so.1', musl: 'aarch64', pageBytes: 0x10000 },
};

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
  return [...faultsOfLoading(elf, libc, machine), ...faultsOfVersions(elf), ...faultsOfSymbols(elf, libc)];
}
