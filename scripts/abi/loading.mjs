/** What every build of Node.js for this C library needs itself, beside the loader. */
const LIBRARIES = {
  glibc: ['libc.so.6', 'libm.so.6', 'libdl.so.2', 'libpthread.so.0', 'libstdc++.so.6', 'libgcc_s.so.1'],
  musl: ['libc.so', 'libstdc++.so.6', 'libgcc_s.so.1'],
};
/** Entries that name libraries by which another one's symbols are replaced or watched. */
const REPLACING = ['FILTER', 'AUXILIARY', 'AUDIT', 'DEPAUDIT'];

/** What keeps a dynamic linker from mapping the file or from what it leans on; what it must ask of the linker, too. */
export function faultsOfLoading(elf, libc, machine) {
  return [
    ...faultsOfLibraries(elf, allowedLibraries(libc, machine)),
    ...faultsOfMapping(elf, machine),
    ...faultsOfRelocation(elf),
    // binding.gyp says why.
    ...(elf.flags.includes('NODELETE')
      ? []
      : ['it may be unloaded while its threads run: link with -z nodelete']),
  ];
}

function allowedLibraries(libc, { loader, musl }) {
  return libc === 'glibc'
    ? [...LIBRARIES.glibc, loader]
    : [...LIBRARIES.musl, `libc.musl-${musl}.so.1`, `ld-musl-${musl}.so.1`];
}

function faultsOfLibraries(elf, allowed) {
  const faults = elf.needed
    .filter((library) => !allowed.includes(library))
    .map((library) => `it needs ${library}, which Node.js does not need`);
  for (const path of elf.searchPaths) faults.push(`it has a search path for libraries: ${path}`);
  for (const { tag, name } of elf.dynamic) {
    if (REPLACING.includes(tag))
      faults.push(`it has another library replace or watch symbols: ${tag} ${name}`);
  }
  return faults;
}

function faultsOfMapping(elf, { pageBytes, instructions }) {
  const faults = elf.alignments
    .filter((bytes) => bytes < pageBytes)
    .map((bytes) => `a segment is aligned to ${bytes} bytes, pages may have ${pageBytes}`);
  if (elf.alignments.length === 0) faults.push('it has nothing to be mapped');
  if (elf.stackFlags === undefined || elf.stackFlags.includes('E')) {
    faults.push('it needs an executable stack, which hardened kernels refuse');
  }
  const beyond = elf.instructions.filter((name) => name !== instructions);
  if (beyond.length > 0) faults.push(`it needs a processor with ${beyond.join(', ')}`);
  return faults;
}

function faultsOfRelocation({ flags, dynamic }) {
  const has = (wanted) => dynamic.some(({ tag }) => tag === wanted);
  const faults = [];
  if (flags.includes('STATIC_TLS')) {
    faults.push('it needs static thread-local storage, which may be used up by the time it is loaded');
  }
  if (flags.includes('TEXTREL') || has('TEXTREL')) {
    faults.push('its code is written to when it is loaded (TEXTREL), which hardened kernels refuse');
  }
  if (has('RELR'))
    faults.push('its relocations are packed (RELR), which glibc 2.35 and musl 1.2.3 do not know');
  return faults;
}
