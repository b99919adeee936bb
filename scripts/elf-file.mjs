import { spawnSync } from 'node:child_process';

/** What a dynamic linker would look at in an ELF file, as binutils' readelf tells it, for any machine. Throws in words. */
export function readElfFile(file) {
  const words = ['--wide', '--file-header', '--program-headers', '--dynamic', '--dyn-syms', '--version-info'];
  const { status, error, stdout, stderr } = spawnSync('readelf', [...words, '--', file], {
    encoding: 'latin1',
    env: { ...process.env, LC_ALL: 'C' },
    maxBuffer: 2 ** 26,
  });
  if (error !== undefined) throw new Error(`readelf does not run (${error.message}): install binutils`);
  if (status !== 0 || stderr !== '') {
    throw new Error(`readelf cannot read it: ${stderr.trim().split('\n')[0] || `it ended with ${status}`}`);
  }
  return {
    machine: /^ +Machine: +(.+)$/m.exec(stdout)?.[1],
    type: /^ +Type: +(\w+)/m.exec(stdout)?.[1],
    /** Flags such as `RW`; undefined without the header, which lets the stack be executable. */
    stackFlags: /^ +GNU_STACK +(?:0x\w+ +){5}([RWE ]{3})/m.exec(stdout)?.[1],
    needed: matches(stdout, /\(NEEDED\) +Shared library: \[(.+)\]/g),
    searchPaths: matches(stdout, /\((?:RPATH|RUNPATH)\) +.*\[(.*)\]/g),
    /** Versions that must be there before a symbol is looked up, symbol by symbol or not. */
    versions: matches(stdout, /^ +0x\w+: +Name: (\S+) +Flags:/gm),
    symbols: [...stdout.matchAll(SYMBOL)]
      .filter(({ groups }) => groups.bind !== 'LOCAL')
      .map(({ groups }) => symbolOf(groups)),
  };
}

const SYMBOL =
  /^ +\d+: [0-9a-f]+ +\S+ +\w+ +(?<bind>\w+) +\w+ +(?:\[.*\] +)?(?<index>\w+) +(?<name>[^\s@]+)(?:@@?(?<version>\S+))?/gm;

function symbolOf({ bind, index, name, version }) {
  return { name, version, isImport: index === 'UND', isWeak: bind === 'WEAK' };
}

function matches(text, pattern) {
  return [...text.matchAll(pattern)].map((match) => match[1]);
}
