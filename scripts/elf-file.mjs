import { spawnSync } from 'node:child_process';

/** What a dynamic linker would look at in an ELF file, as binutils' readelf tells it, for any machine. Throws in words. */
export function readElfFile(file) {
  const words = [
    '--wide',
    '--file-header',
    '--program-headers',
    '--dynamic',
    '--dyn-syms',
    '--version-info',
    '--notes',
  ];
  const { status, error, stdout, stderr } = spawnSync('readelf', [...words, '--', file], {
    encoding: 'latin1',
    env: { ...process.env, LC_ALL: 'C' },
    maxBuffer: 2 ** 26,
  });
  if (error !== undefined) throw new Error(`readelf does not run (${error.message}): install binutils`);
  if (status !== 0 || stderr !== '') {
    throw new Error(`readelf cannot read it: ${stderr.trim().split('\n')[0] || `it ended with ${status}`}`);
  }
  const dynamic = [...stdout.matchAll(DYNAMIC)].map(({ groups }) => ({ ...groups }));
  const named = (...tags) => dynamic.filter(({ tag }) => tags.includes(tag)).map(({ name }) => name);
  return {
    machine: /^ +Machine: +(.+)$/m.exec(stdout)?.[1],
    type: /^ +Type: +(\w+)/m.exec(stdout)?.[1],
    /** Flags such as `RW`; undefined without the header, which lets the stack be executable. */
    stackFlags: /^ +GNU_STACK +(?:0x\w+ +){5}([RWE ]{3})/m.exec(stdout)?.[1],
    /** Of what is mapped, in bytes. */
    alignments: matches(stdout, /^ +LOAD +(?:0x\w+ +){5}[RWE ]{3} +(0x\w+)$/gm).map(Number),
    /** Entries of the dynamic section, as `{ tag, value, name }`: name is what an entry about a library names. */
    dynamic,
    needed: named('NEEDED'),
    searchPaths: named('RPATH', 'RUNPATH'),
    /** Names such as STATIC_TLS and NODELETE. */
    flags: dynamic.filter(({ tag }) => /^FLAGS(?:_1)?$/.test(tag)).flatMap(({ value }) => value.split(/\W+/)),
    /** The levels of x86-64 that the file says to need; none where it says nothing. */
    instructions: matches(stdout, /x86 ISA needed: (.+)$/gm).flatMap((names) => names.split(', ')),
    /** Versions that must be there before a symbol is looked up, symbol by symbol or not. */
    versions: matches(stdout, /^ +0x\w+: +Name: (\S+) +Flags:/gm),
    symbols: [...stdout.matchAll(SYMBOL)]
      .filter(({ groups }) => groups.bind !== 'LOCAL')
      .map(({ groups }) => symbolOf(groups)),
  };
}

const DYNAMIC = /^ 0x[0-9a-f]+ \((?<tag>\w+)\) +(?<value>.*?(?:\[(?<name>.*)\])?)$/gm;
const SYMBOL =
  /^ +\d+: [0-9a-f]+ +\S+ +\w+ +(?<bind>\w+) +\w+ +(?:\[.*\] +)?(?<index>\w+) +(?<name>[^\s@]+)(?:@@?(?<version>\S+))?/gm;

function symbolOf({ bind, index, name, version }) {
  return { name, version, isImport: index === 'UND', isWeak: bind === 'WEAK' };
}

function matches(text, pattern) {
  return [...text.matchAll(pattern)].map((match) => match[1]);
}
