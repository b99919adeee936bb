import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requirement } from '../requirements.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const lackingForOurs = requirement('binutils', 'prebuilds');
const lackingForMadeUp = requirement('binutils', 'compiler');

function check(...files: string[]) {
  const { status, stderr } = spawnSync(process.execPath, [join(root, 'scripts/abi-floor.mjs'), ...files], {
    encoding: 'utf8',
  });
  return { status, stderr };
}

describe.skipIf(lackingForOurs !== undefined)('the addons that ship', () => {
  it('load wherever Node.js does', () => {
    const files = readdirSync(join(root, 'prebuilds'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.node'))
      .map((name) => join(root, 'prebuilds', name));
    expect(files.length).toBeGreaterThanOrEqual(2);
    expect(check(...files)).toEqual({ status: 0, stderr: '' });
  });

  it('are told apart by the machine they are for', () => {
    const folder = mkdtempSync(join(tmpdir(), 'sockscope-abi-'));
    try {
      const strange = join(folder, 'linux-arm64/sockscope.glibc.node');
      mkdirSync(join(folder, 'linux-arm64'));
      copyFileSync(join(root, 'prebuilds/linux-x64/sockscope.glibc.node'), strange);
      expect(check(strange)).toEqual({
        status: 1,
        stderr: `${strange}: it is for Advanced Micro Devices X86-64, its folder for AArch64\n`,
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

const REGISTER = 'void *napi_register_module_v1(void *env, void *exports) { return exports; }';
/** A call that the linker must look up. */
const calling = (name: string): string => `${REGISTER} void ${name}(void); void call(void) { ${name}(); }`;

interface MadeUp {
  readonly title: string;
  readonly source: string;
  readonly flags?: readonly string[];
  /** A library to link with, of this name, that has `novel` in this version. */
  readonly library?: { readonly soname: string; readonly version?: string };
  readonly name?: string;
  readonly fault: string;
}

const versioned = (soname: string, version: string, newest?: string): MadeUp => ({
  title: version,
  source: calling('novel'),
  library: { soname, version },
  fault: `it needs ${version} for novel; ${newest ? `the newest allowed is ${newest}` : 'no such version is allowed'}`,
});

const faulty: readonly MadeUp[] = [
  versioned('libc.so.6', 'GLIBC_2.29', '2.28'),
  versioned('libc.so.6', 'GLIBC_2.28.1', '2.28'),
  versioned('libc.so.6', 'GLIBC_PRIVATE', '2.28'),
  versioned('libstdc++.so.6', 'GLIBCXX_3.4.26', '3.4.25'),
  versioned('libstdc++.so.6', 'CXXABI_1.3.12', '1.3.11'),
  versioned('libgcc_s.so.1', 'GCC_12.0.0', '7.0.0'),
  versioned('libm.so.6', 'NOVEL_1'),
  {
    title: 'a library that Node.js does not need',
    source: calling('novel'),
    library: { soname: 'libz.so.1', version: 'GLIBC_2.17' },
    fault: 'it needs libz.so.1, which Node.js does not need',
  },
  {
    title: 'a library of glibc, for musl',
    source: calling('novel'),
    library: { soname: 'libc.so.6', version: 'GLIBC_2.17' },
    name: 'sockscope.musl.node',
    fault: 'it needs libc.so.6, which Node.js does not need',
  },
  {
    title: 'a newer Node-API',
    source: calling('node_api_symbol_for'),
    fault: 'node_api_symbol_for is not of Node-API 8',
  },
  ...[
    'napi_create_external_arraybuffer',
    'napi_create_external_buffer',
    'node_api_create_external_string_utf16',
  ].map((name) => ({
    title: name,
    source: calling(name),
    fault: `it lends memory by ${name}, which Electron refuses`,
  })),
  ...['uv_run', '_ZN2v87Isolate10GetCurrentEv', '_ZN4node4StopEPNS_11EnvironmentE'].map((name) => ({
    title: name,
    source: calling(name),
    name: 'sockscope.musl.node',
    fault: `${name} is of Node.js, and not of Node-API`,
  })),
  {
    title: 'a symbol of nobody',
    source: calling('novel'),
    fault: 'no library is known to have novel',
  },
  {
    title: 'RPATH',
    source: REGISTER,
    flags: ['-Wl,--disable-new-dtags,-rpath,/opt/lib'],
    fault: 'it has a search path for libraries: /opt/lib',
  },
  {
    title: 'RUNPATH',
    source: REGISTER,
    flags: ['-Wl,--enable-new-dtags,-rpath,$ORIGIN'],
    fault: 'it has a search path for libraries: $ORIGIN',
  },
  {
    title: 'an executable stack',
    source: REGISTER,
    flags: ['-Wl,-z,execstack'],
    fault: 'it needs an executable stack, which hardened kernels refuse',
  },
  {
    title: 'no entry point',
    source: 'int unused;',
    fault: 'it exports no napi_register_module_v1: this is no addon',
  },
  {
    title: 'more than the entry points',
    source: `${REGISTER} void shared(void) {}`,
    fault: 'it exports shared, which may stand for one of another addon',
  },
];

describe.skipIf(lackingForMadeUp !== undefined)('an addon with', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'sockscope-abi-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function compile(output: string, source: string, flags: readonly string[]): void {
    const result = spawnSync('cc', ['-shared', '-nostdlib', '-fPIC', '-o', output, '-xc', '-', ...flags], {
      input: source,
      encoding: 'utf8',
    });
    expect(result.stderr).toBe('');
    expect(result.status).toBe(0);
  }

  /** The made-up addon's file, in a folder of its own. */
  function make({
    source,
    flags = [],
    library,
    name = 'sockscope.glibc.node',
  }: Omit<MadeUp, 'fault'>): string {
    const place = join(mkdtempSync(join(folder, 'case-')), `linux-${process.arch}`);
    mkdirSync(place);
    const file = join(place, name);
    const exports = join(place, 'exports.map');
    writeFileSync(exports, '{ global: napi_register_module_v1; shared; local: *; };');
    const all = [...flags, `-Wl,--version-script=${exports}`];
    if (library !== undefined) {
      const path = join(place, 'library.so');
      const map = join(place, 'library.map');
      writeFileSync(map, `${library.version} { global: novel; };`);
      compile(path, 'void novel(void) {}', [`-Wl,--version-script=${map}`, `-Wl,-soname,${library.soname}`]);
      all.push('-xnone', path);
    }
    compile(file, source, all);
    return file;
  }

  it('nothing but an entry point passes', () => {
    expect(check(make({ title: '', source: REGISTER }))).toEqual({ status: 0, stderr: '' });
  });

  it('the newest allowed symbols passes', () => {
    const source = `${calling('novel')} void napi_create_external(void); void more(void) { napi_create_external(); }`;
    for (const [soname, version] of [
      ['libc.so.6', 'GLIBC_2.28'],
      ['libstdc++.so.6', 'GLIBCXX_3.4.25'],
      ['libstdc++.so.6', 'CXXABI_1.3.11'],
      ['libgcc_s.so.1', 'GCC_7.0.0'],
    ] as const) {
      expect(check(make({ title: '', source, library: { soname, version } }))).toEqual({
        status: 0,
        stderr: '',
      });
    }
  });

  it.each(faulty)('$title fails', ({ fault, ...madeUp }) => {
    const file = make(madeUp);
    expect(check(file)).toEqual({ status: 1, stderr: `${file}: ${fault}\n` });
  });

  it('an end that is missing fails', () => {
    const file = make({ title: '', source: REGISTER });
    writeFileSync(file, readFileSync(file).subarray(0, 700));
    const { status, stderr } = check(file);
    expect(status).toBe(1);
    expect(stderr).toContain(`${file}: readelf cannot read it: `);
  });

  it('no ELF header fails', () => {
    const file = join(folder, 'text.node');
    writeFileSync(file, 'module.exports = {}');
    expect(check(file).stderr).toContain(`${file}: readelf cannot read it: `);
    expect(check(join(folder, 'nowhere.node'))).toMatchObject({ status: 1 });
  });
});
