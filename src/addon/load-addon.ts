import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { SockscopeError } from '../errors.ts';
import { elementBytes, LAYOUT_VERSION, SCHEMA } from '../table/schema.ts';
import type { NativeBinding } from './native-binding.ts';

export interface AddonOptions {
  /** The folder of sockscope's package.json: a path relative to a source file would be wrong after bundling. */
  readonly packageRoot: string | undefined;
  /** The one file to load; none other is tried. */
  readonly addonPath?: string | undefined;
  /** Which C library's prebuilt file to take; read from the running Node by default. */
  readonly libc?: Libc | undefined;
}

export type Libc = 'glibc' | 'musl';

export interface AddonFailure {
  readonly path: string;
  readonly error: Error;
}

/** The addon, or why there is none: in words, and file by file. */
export type LoadedAddon =
  | { readonly binding: NativeBinding; readonly path: string }
  | { readonly failures: readonly AddonFailure[]; readonly reason: string };

/**
 * Finds the addon: a local build first, then the prebuilt file for this machine. A missing or foreign addon is an
 * answer, not an error; only a file named by `addonPath` throws when it does not load (ERR_SOURCE_UNAVAILABLE).
 */
export function loadAddon(options: AddonOptions): LoadedAddon {
  if (process.platform !== 'linux') {
    return { failures: [], reason: `sockets are read on Linux only, this is ${process.platform}` };
  }
  if (options.addonPath !== undefined) return loadNamed(resolve(options.addonPath));
  const failures: AddonFailure[] = [];
  for (const path of candidates(options)) {
    if (!existsSync(path)) {
      failures.push({ path, error: new Error('no such file') });
      continue;
    }
    try {
      return { binding: loadFile(path), path };
    } catch (error) {
      failures.push({ path, error: asError(error) });
    }
  }
  return { failures, reason: reasonOf(failures) };
}

/** The C library the running Node was linked with, by the program interpreter that its ELF file names. */
export function libcOf(executable: string = process.execPath): Libc {
  const head = Buffer.alloc(4096);
  try {
    const file = openSync(executable, 'r');
    try {
      readSync(file, head, 0, head.length, 0);
    } finally {
      closeSync(file);
    }
  } catch {
    return 'glibc';
  }
  return head.includes('/ld-musl-') ? 'musl' : 'glibc';
}

function candidates({ packageRoot, libc }: AddonOptions): string[] {
  if (packageRoot === undefined) return [];
  const root = resolve(packageRoot);
  return [
    join(root, 'build', 'Release', 'sockscope.node'),
    join(root, 'prebuilds', `linux-${process.arch}`, `sockscope.${libc ?? libcOf()}.node`),
  ];
}

function loadNamed(path: string): LoadedAddon {
  try {
    return { binding: loadFile(path), path };
  } catch (cause) {
    throw new SockscopeError('ERR_SOURCE_UNAVAILABLE', asError(cause).message, {
      operation: `load ${path}`,
      remedy: 'leave addonPath out to use the files of the package',
      cause,
    });
  }
}

function loadFile(path: string): NativeBinding {
  if (!path.endsWith('.node')) throw new Error('an addon is a file that ends in .node');
  // The `require` of Node keeps what it loaded: asking twice costs nothing.
  const exported: unknown = createRequire(path)(path);
  const strange = strangeness(exported);
  if (strange !== undefined) throw new Error(strange);
  return exported as NativeBinding;
}

const FUNCTIONS: Readonly<Record<Exclude<keyof NativeBinding, 'layoutVersion' | 'layout'>, true>> = {
  startDump: true,
  replayDump: true,
  startOwners: true,
  startConntrack: true,
  mayUseBpf: true,
  loadBpf: true,
  createKnownOwners: true,
  probePinned: true,
  pinOwners: true,
  mountBpfFs: true,
  unmountBpfFs: true,
  openHostLookup: true,
  userName: true,
  groupId: true,
  startInterfaces: true,
  mayStartThreads: true,
};

/** What makes this addon unusable with this version's schema, or undefined when nothing does. */
export function strangeness(exported: unknown): string | undefined {
  const addon = (exported ?? {}) as Partial<NativeBinding>;
  if (typeof addon.layoutVersion !== 'number' || !Array.isArray(addon.layout)) {
    return 'this is not an addon of sockscope';
  }
  if (addon.layoutVersion !== LAYOUT_VERSION) {
    return `the addon has layout ${addon.layoutVersion}, this version of sockscope needs ${LAYOUT_VERSION}: build it anew`;
  }
  const theirs = addon.layout.map(({ name, width }) => `${name}:${width}`).join(' ');
  const ours = SCHEMA.map(({ name, element, lanes }) => `${name}:${elementBytes(element) * lanes}`).join(' ');
  if (theirs !== ours) return `the addon's columns are "${theirs}", this version of sockscope has "${ours}"`;
  for (const name of Object.keys(FUNCTIONS) as (keyof typeof FUNCTIONS)[]) {
    if (typeof addon[name] !== 'function') return `the addon has no function "${name}": build it anew`;
  }
  return undefined;
}

function reasonOf(failures: readonly AddonFailure[]): string {
  const broken = failures.find(({ error }) => error.message !== 'no such file');
  if (broken !== undefined) return `the addon does not load: ${broken.path}: ${broken.error.message}`;
  return `there is no addon for linux-${process.arch}`;
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
