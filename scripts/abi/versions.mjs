/** What Red Hat Enterprise Linux 8 has, the oldest system that builds of Node.js 20 to 26 run on. */
const NEWEST = { GLIBC: '2.28', GLIBCXX: '3.4.25', CXXABI: '1.3.11', GCC: '7.0.0' };

/** Versions of symbols that an older system lacks. */
export function faultsOfVersions(elf) {
  return elf.versions.filter(isTooNew).map((version) => tooNew(version, elf));
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
