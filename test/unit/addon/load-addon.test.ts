import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { libcOf } from '../../../src/addon/libc.ts';
import { loadAddon, strangeness } from '../../../src/addon/load-addon.ts';
import { INTERFACE_VERSION } from '../../../src/addon/native-binding.ts';
import { SockscopeError } from '../../../src/errors.ts';
import { elementBytes, LAYOUT_VERSION, SCHEMA } from '../../../src/table/schema.ts';
import { requirement } from '../../requirements.ts';

const packageRoot = fileURLToPath(new URL('../../..', import.meta.url));
const layout = SCHEMA.map(({ name, element, lanes }) => ({ name, width: elementBytes(element) * lanes }));
const nothing = () => undefined;
const fitting = {
  interfaceVersion: INTERFACE_VERSION,
  layoutVersion: LAYOUT_VERSION,
  layout,
  startDump: nothing,
  startTcpWalk: nothing,
  replayDump: nothing,
  openHostLookup: nothing,
  userName: nothing,
  groupId: nothing,
  startInterfaces: nothing,
  mayStartThreads: nothing,
  startOwners: nothing,
  startConntrack: nothing,
  createKnownOwners: nothing,
  mayUseBpf: nothing,
  loadBpf: nothing,
  probePinned: nothing,
  pinOwners: nothing,
  mountBpfFs: nothing,
  unmountBpfFs: nothing,
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sockscope-load-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('loadAddon', () => {
  it('answers why there is none, and where it looked', () => {
    const found = loadAddon({ packageRoot: folder, libc: 'musl' });
    expect(found).toMatchObject({ reason: `there is no addon for linux-${process.arch}` });
    expect('failures' in found && found.failures.map(({ path }) => path)).toEqual([
      join(folder, 'build/Release/sockscope.node'),
      join(folder, `prebuilds/linux-${process.arch}/sockscope.musl.node`),
    ]);
  });

  it('names what makes one: in a package the file, in a checkout a compiler', () => {
    expect(loadAddon({ packageRoot: folder })).toMatchObject({
      remedy: 'put the addon for this machine into the package, or name its file: addonPath',
    });
    writeFileSync(join(folder, 'binding.gyp'), '{}');
    expect(loadAddon({ packageRoot: folder })).toMatchObject({
      remedy: 'install python3, make and a C++20 compiler, and build the addon: npm run build:native',
    });
  });

  it('names the file that does not load', () => {
    mkdirSync(join(folder, 'build/Release'), { recursive: true });
    const path = join(folder, 'build/Release/sockscope.node');
    writeFileSync(path, 'not an ELF file');
    const found = loadAddon({ packageRoot: folder });
    expect('reason' in found && found.reason).toContain(`the addon does not load: ${path}: `);
  });

  it('throws for a file that was named and does not load', () => {
    const load = () => loadAddon({ packageRoot, addonPath: join(folder, 'mine.node') });
    expect(load).toThrow(SockscopeError);
    expect(load).toThrow(expect.objectContaining({ code: 'ERR_SOURCE_UNAVAILABLE' }));
  });

  it('says in one line that the file that was named is not there, and what to do', () => {
    const path = join(folder, 'mine.node');
    expect(() => loadAddon({ packageRoot, addonPath: path })).toThrow(
      `load ${path}: there is no such file (name the addon of this version's package, or leave addonPath out to use that)`,
    );
  });

  it('says why a file that was named does not load, without its name twice', () => {
    const path = join(folder, 'mine.node');
    writeFileSync(path, 'not an ELF file');
    expect(() => loadAddon({ packageRoot, addonPath: path })).toThrow(`load ${path}: file too short (`);
  });

  it('looks nowhere where this code has been bundled', () => {
    expect(loadAddon({ packageRoot: undefined })).toEqual({
      failures: [],
      reason: 'sockscope has been bundled, and does not know where its addon is',
      remedy: "name the addon's file: addonPath",
      needs: [[{ kind: 'host-option', name: 'addonPath' }]],
    });
  });

  it('takes no other file for an addon', () => {
    const script = join(folder, 'mine.cjs');
    writeFileSync(script, 'throw new Error("ran")');
    expect(() => loadAddon({ packageRoot, addonPath: script })).toThrow('ends in .node');
  });

  it('runs no JavaScript that a link by the name of an addon leads to', () => {
    const script = join(realpathSync(folder), 'mine.cjs');
    writeFileSync(script, 'throw new Error("ran")');
    const link = join(folder, 'mine.node');
    symlinkSync(script, link);
    expect(() => loadAddon({ packageRoot, addonPath: link })).toThrow(
      `load ${link}: it leads to ${script}, and an addon is a file that ends in .node (`,
    );
  });
});

const missing = requirement('addon');
describe.skipIf(missing !== undefined)(
  `the built addon${missing === undefined ? '' : ` (${missing})`}`,
  () => {
    it('loads, and has the layout of the schema', () => {
      const found = loadAddon({ packageRoot });
      expect(found).toMatchObject({ path: join(packageRoot, 'build/Release/sockscope.node') });
      expect('binding' in found && strangeness(found.binding)).toBe(undefined);
    });

    it('loads by a link to a file of that name', () => {
      const link = join(folder, 'mine.node');
      symlinkSync(join(packageRoot, 'build/Release/sockscope.node'), link);
      expect(loadAddon({ packageRoot, addonPath: link })).toHaveProperty('binding');
    });

    it('names users as the system does', () => {
      const found = loadAddon({ packageRoot });
      if (!('binding' in found)) throw new Error(found.reason);
      expect(found.binding.userName(0)).toBe('root');
      expect(found.binding.userName(4_000_000_123)).toBe(undefined);
      expect(() => found.binding.userName(-1)).toThrow('uid must be a whole number from 0 to 4294967295');
      expect(() => found.binding.userName('0' as unknown as number)).toThrow(TypeError);
    });
  },
);

describe('strangeness', () => {
  it('has nothing to say about a fitting addon', () => {
    expect(strangeness(fitting)).toBe(undefined);
  });

  it.each([
    [undefined, 'not an addon of sockscope'],
    [{}, 'not an addon of sockscope'],
    // One of before there was a version of the interface.
    [
      { ...fitting, interfaceVersion: undefined },
      `has interface 0, this version of sockscope needs ${INTERFACE_VERSION}`,
    ],
    [{ ...fitting, interfaceVersion: INTERFACE_VERSION + 1 }, `has interface ${INTERFACE_VERSION + 1}`],
    [{ ...fitting, layoutVersion: LAYOUT_VERSION + 1 }, `has layout ${LAYOUT_VERSION + 1}`],
    [{ ...fitting, layout: layout.slice(1) }, "the addon's columns are"],
    [{ ...fitting, layout: [{ name: 'protocol', width: 2 }, ...layout.slice(1)] }, 'protocol:2'],
    [{ ...fitting, startDump: undefined }, 'no function "startDump"'],
  ])('refuses %o', (addon, words) => {
    expect(strangeness(addon)).toContain(words);
  });
});

describe('libcOf', () => {
  it.each([
    ['/lib/ld-musl-x86_64.so.1', 'musl'],
    ['/lib64/ld-linux-x86-64.so.2', 'glibc'],
  ])('reads %s as %s', (interpreter, libc) => {
    const file = join(folder, 'node');
    writeFileSync(file, `\x7fELF${'\0'.repeat(600)}${interpreter}\0`);
    expect(libcOf(file)).toBe(libc);
  });

  it.each([
    ['/lib/ld-musl-x86_64.so.1', 'musl'],
    ['/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2', 'glibc'],
    ['/usr/bin/something', 'glibc'],
  ])('goes by what is mapped, %s, where the program cannot be read', (mapped, libc) => {
    const maps = join(folder, 'maps');
    writeFileSync(maps, `7f0000000000-7f0000001000 r-xp 00000000 fe:00 12 ${mapped}\n`);
    expect(libcOf(join(folder, 'absent'), maps)).toBe(libc);
    writeFileSync(join(folder, 'changed'), '\x7fELF');
    expect(libcOf(join(folder, 'changed'), maps)).toBe(libc);
  });

  it('takes glibc where nothing can be read', () => {
    expect(libcOf(join(folder, 'absent'), join(folder, 'absent'))).toBe('glibc');
  });
});
