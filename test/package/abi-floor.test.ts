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
  /** Whether `dlclose` may unload it. Default: false. */
  readonly deletable?: boolean;
  readonly fault: string;
}

/** ELF's number. */
const MACHINE_ARM64 = 183;
const MUSL = 'sockscope.musl.node';

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
    name: MUSL,
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
    name: MUSL,
    fault: `${name} is of Node.js, and not of Node-API`,
  })),
  {
    title: 'a symbol of nobody',
    source: calling('novel'),
    fault: 'no library is known to have novel',
  },
  ...['__gmon_starts__', 'pthread_create'].map((name) => ({
    title: `${name} that need not be there`,
    source: `${REGISTER} void ${name}(void) __attribute__((weak)); void call(void) { ${name}(); }`,
    fault: `no library is known to have ${name}`,
  })),
  ...['__recv_chk', '__isoc23_strtol', 'gnu_get_libc_version', 'statfs64'].map((name) => ({
    title: `${name}, for musl`,
    source: calling(name),
    name: MUSL,
    fault: `${name} is of glibc, and not of musl`,
  })),
  {
    title: 'a C++ name of nobody, for musl',
    source: calling('_ZN9sockscope4scanEv'),
    name: MUSL,
    fault: 'no library is known to have _ZN9sockscope4scanEv',
  },
  {
    title: 'static thread-local storage',
    source: `${REGISTER} static __thread int own; int *where(void) { return &own; }`,
    flags: ['-ftls-model=initial-exec'],
    fault: 'it needs static thread-local storage, which may be used up by the time it is loaded',
  },
  {
    title: 'relocations in its code',
    source: `${REGISTER} __asm__(".text\\n.balign 8\\n.quad napi_get_undefined");`,
    flags: ['-Wl,-z,notext', '-Wl,--no-warnings'],
    fault: 'its code is written to when it is loaded (TEXTREL), which hardened kernels refuse',
  },
  {
    title: 'packed relocations',
    source: `${REGISTER} static int one; static int *volatile other = &one; int *get(void) { return other; }`,
    flags: ['-Wl,-z,pack-relative-relocs'],
    name: MUSL,
    fault: 'its relocations are packed (RELR), which glibc 2.35 and musl 1.2.3 do not know',
  },
  ...[
    ['FILTER', '-F'],
    ['AUXILIARY', '-f'],
    ['AUDIT', '--audit'],
    ['DEPAUDIT', '--depaudit'],
  ].map(([tag, option]) => ({
    title: tag!,
    source: REGISTER,
    flags: [`-Wl,${option},libz.so.1`],
    fault: `it has another library replace or watch symbols: ${tag} libz.so.1`,
  })),
  {
    title: 'leave to be unloaded',
    source: REGISTER,
    deletable: true,
    fault: 'it may be unloaded while its threads run: link with -z nodelete',
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
    deletable = false,
  }: Omit<MadeUp, 'fault'>): string {
    const place = join(mkdtempSync(join(folder, 'case-')), `linux-${process.arch}`);
    mkdirSync(place);
    const file = join(place, name);
    const exports = join(place, 'exports.map');
    writeFileSync(exports, '{ global: napi_register_module_v1; shared; local: *; };');
    const kept = deletable ? [] : ['-Wl,-z,nodelete'];
    const all = [`-Wl,--version-script=${exports}`, ...kept, ...flags];
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

  it('what compilers call where it is there passes', () => {
    const names = ['_ITM_registerTMCloneTable', '__gmon_start__', '__cxa_finalize'];
    const declared = names.map((name) => `void ${name}(void) __attribute__((weak));`).join(' ');
    const called = names.map((name) => `${name}();`).join(' ');
    const file = make({ title: '', source: `${REGISTER} ${declared} void call(void) { ${called} }` });
    expect(check(file)).toEqual({ status: 0, stderr: '' });
  });

  it.skipIf(process.arch !== 'x64')('more of the processor than every x86-64 has fails', () => {
    const source = REGISTER;
    const file = make({ title: '', source, flags: ['-Wl,-z,x86-64-baseline,-z,x86-64-v3'] });
    expect(check(file)).toEqual({
      status: 1,
      stderr: `${file}: it needs a processor with x86-64-v3\n`,
    });
    expect(check(make({ title: '', source, flags: ['-Wl,-z,x86-64-baseline'] })).status).toBe(0);
  });

  it('segments that cannot be told apart by pages of 64 KiB fails, for arm64', () => {
    const faults = (bytes: number): Set<string> => {
      const flags = [`-Wl,-z,max-page-size=${bytes},-z,common-page-size=4096,-z,noseparate-code`];
      const file = make({ title: '', source: REGISTER, flags });
      const content = readFileSync(file);
      content.writeUInt16LE(MACHINE_ARM64, 18);
      const moved = join(file, '../linux-arm64/sockscope.glibc.node');
      mkdirSync(join(moved, '..'));
      writeFileSync(moved, content);
      return new Set(check(moved).stderr.replaceAll(`${moved}: `, '').split('\n'));
    };
    expect(faults(0x4000)).toEqual(
      new Set(['a segment is aligned to 16384 bytes, pages may have 65536', '']),
    );
    expect(faults(0x10000)).toEqual(new Set(['']));
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
