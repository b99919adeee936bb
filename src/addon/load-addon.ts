import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { absolutePath } from '../absolute-path.ts';
import { SockscopeError } from '../errors.ts';
import { type Needs, need, type Way } from '../need.ts';
import { allowReading, FORBIDDEN_REASON, isForbidden, isThere } from '../permission.ts';
import { elementBytes, LAYOUT_VERSION, SCHEMA } from '../table/schema.ts';
import { elfFault } from './elf-fault.ts';
import { type Libc, libcOf } from './libc.ts';
import { INTERFACE_VERSION, type NativeBinding } from './native-binding.ts';

export interface AddonOptions {
  /**
   * The folder of sockscope's package.json: a path relative to a source file would be wrong after bundling. Undefined
   * where there is none.
   */
  readonly packageRoot: string | undefined;
  /** What may be that folder, and is kept from this process by Node.js's permission model. */
  readonly keptRoot?: string | undefined;
  /** The one file to load; none other is tried. */
  readonly addonPath?: string | undefined;
  /** Which C library's prebuilt file to take; read from the running Node by default. */
  readonly libc?: Libc | undefined;
}

/** A file that was tried, and why it is not used: in words, of one line. */
export interface AddonFailure {
  readonly path: string;
  readonly reason: string;
  /** False where there is just no such file. */
  readonly isThere: boolean;
  /** What would make it load, where that is known. */
  readonly remedy?: string | undefined;
  /** The same for programs. */
  readonly needs?: Needs | undefined;
  readonly error: unknown;
}

/** The addon, or why there is none: in words, and file by file. */
export type LoadedAddon =
  | { readonly binding: NativeBinding; readonly path: string }
  | ({ readonly failures: readonly AddonFailure[] } & Pick<AddonFailure, 'reason' | 'remedy' | 'needs'>);

/** The addon, or what it lacks, in the words of a source that is passed over for it. */
export interface Binding {
  readonly binding: NativeBinding | undefined;
  readonly lack?: Pick<AddonFailure, 'reason' | 'remedy' | 'needs'> | undefined;
}

export function bindingOf(addon: LoadedAddon): Binding {
  if ('binding' in addon) return { binding: addon.binding };
  const { reason, remedy, needs } = addon;
  return { binding: undefined, lack: { reason, remedy, needs } };
}

/**
 * Finds the addon: a local build first, then the prebuilt file for this machine. A missing or foreign addon is an
 * answer, not an error; only a file named by `addonPath` throws when it does not load (ERR_SOURCE_UNAVAILABLE).
 */
export function loadAddon(options: AddonOptions): LoadedAddon {
  const loading = addonLoading(options);
  for (;;) {
    const step = loading.next();
    if (step.done) return step.value;
  }
}

/** As `loadAddon`, in steps of a millisecond or so: others may have their turn at each `yield`. */
export function* addonLoading(options: AddonOptions): Generator<void, LoadedAddon, undefined> {
  if (process.platform !== 'linux') {
    return { failures: [], reason: `sockets are read on Linux only, this is ${process.platform}` };
  }
  if (options.addonPath !== undefined)
    return yield* loadNamed(absolutePath(options.addonPath, `load ${options.addonPath}`));
  if (options.packageRoot === undefined) return { failures: [], ...unpackaged(options.keptRoot) };
  const failures: AddonFailure[] = [];
  const root = resolve(options.packageRoot);
  for (const path of candidates(root, options.libc)) {
    try {
      return { binding: yield* loadFile(path), path };
    } catch (error) {
      // Whether there is such a file is forbidden to know as well: all of the package has to be allowed.
      failures.push(failureOf(path, error, allowReading(root, true)));
    }
  }
  return { failures, ...reasonOf(failures, isThere(join(root, 'binding.gyp')) ? BUILT : PACKED) };
}

const UNPACKAGED = {
  reason: 'sockscope has been bundled, and does not know where its addon is',
  remedy: "name the addon's file: addonPath",
  needs: need('host-option', 'addonPath'),
};

function unpackaged(keptRoot: string | undefined): typeof UNPACKAGED {
  if (keptRoot === undefined) return UNPACKAGED;
  const reason = `the addon is not looked for: ${keptRoot}/package.json: ${FORBIDDEN_REASON}`;
  return { reason, ...allowReading(keptRoot, true) };
}

/** Which C library it is takes a third of a millisecond to find out: where it is needed. */
function* candidates(root: string, libc?: Libc): Generator<string, void, undefined> {
  yield join(root, 'build', 'Release', 'sockscope.node');
  yield join(root, 'prebuilds', `linux-${process.arch}`, `sockscope.${libc ?? libcOf()}.node`);
}

function* loadNamed(path: string): Generator<void, LoadedAddon, undefined> {
  try {
    return { binding: yield* loadFile(path), path };
  } catch (cause) {
    const { reason, remedy, needs } = failureOf(path, cause, allowReading(path));
    throw new SockscopeError('ERR_SOURCE_UNAVAILABLE', reason, {
      operation: `load ${path}`,
      remedy: remedy ?? "name the addon of this version's package, or leave addonPath out to use that",
      needs,
      cause,
    });
  }
}

function* loadFile(path: string): Generator<void, NativeBinding, undefined> {
  if (!path.endsWith('.node')) throw new Error('an addon is a file that ends in .node');
  throwFault(path);
  const require = createRequire(path);
  // Node.js goes by the name that a link leads to: of another one it would run the file as JavaScript.
  const file = require.resolve(path);
  if (!file.endsWith('.node'))
    throw new Error(`it leads to ${file}, and an addon is a file that ends in .node`);
  yield;
  // Once more, in one step with the loading: nobody cuts the file short in between.
  throwFault(file);
  // The `require` of Node keeps what it loaded: asking twice costs nothing.
  const exported: unknown = require(file);
  yield;
  const strange = strangeness(exported);
  if (strange !== undefined) throw new Error(strange);
  return exported as NativeBinding;
}

function throwFault(path: string): void {
  const fault = elfFault(path);
  if (fault !== undefined) throw new Error(fault);
}

/** Errors come from the process's first realm, whatever realm this code runs in: told by their fields. */
function failureOf(path: string, error: unknown, allowed: Way): AddonFailure {
  const { code, message } = (error ?? {}) as NodeJS.ErrnoException;
  const failure = { path, error, isThere: true };
  if (code === 'ENOENT') return { ...failure, isThere: false, reason: 'there is no such file' };
  if (isForbidden(error)) return { ...failure, reason: FORBIDDEN_REASON, ...allowed };
  if (code === 'ERR_DLOPEN_DISABLED') {
    return { ...failure, reason: 'Node.js was told to load no addon', ...allowAddons() };
  }
  const [line = ''] = String(message ?? error).split('\n');
  // The loader's own message begins with the path.
  return { ...failure, reason: line.startsWith(`${path}: `) ? line.slice(path.length + 2) : line };
}

/** The permission model loads none unless it is allowed to, any process none that is forbidden to. */
function allowAddons(): Pick<AddonFailure, 'remedy' | 'needs'> {
  // Node 20's types do not know it.
  const { permission } = process as { permission?: object };
  return permission === undefined
    ? { remedy: 'start Node.js without --no-addons' }
    : {
        remedy: `start Node.js with --allow-addons, which lets native code read what the permission model would not`,
        needs: need('node-flag', '--allow-addons'),
      };
}

type Value = 'interfaceVersion' | 'layoutVersion' | 'layout';

const FUNCTIONS: Readonly<Record<Exclude<keyof NativeBinding, Value>, true>> = {
  startDump: true,
  startTcpWalk: true,
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
  if (addon.interfaceVersion !== INTERFACE_VERSION) {
    return `the addon has interface ${addon.interfaceVersion ?? 0}, ${needs(INTERFACE_VERSION)}`;
  }
  if (addon.layoutVersion !== LAYOUT_VERSION) {
    return `the addon has layout ${addon.layoutVersion}, ${needs(LAYOUT_VERSION)}`;
  }
  const theirs = addon.layout.map(({ name, width }) => `${name}:${width}`).join(' ');
  const ours = SCHEMA.map(({ name, element, lanes }) => `${name}:${elementBytes(element) * lanes}`).join(' ');
  if (theirs !== ours) return `the addon's columns are "${theirs}", this version of sockscope has "${ours}"`;
  for (const name of Object.keys(FUNCTIONS) as (keyof typeof FUNCTIONS)[]) {
    if (typeof addon[name] !== 'function') return `the addon has no function "${name}": ${RENEW}`;
  }
  return undefined;
}

const RENEW = 'build it anew, or take the one of this release';

function needs(version: number): string {
  return `this version of sockscope needs ${version}: ${RENEW}`;
}

const PACKED = {
  remedy: 'put the addon for this machine into the package, or name its file: addonPath',
  needs: need('package', 'sockscope.node'),
};

/** In a checkout, which alone has what the addon is built from. */
const BUILT = {
  remedy: 'install python3, make and a C++20 compiler, and build the addon: npm run build:native',
  needs: PACKED.needs,
};

function reasonOf(
  failures: readonly AddonFailure[],
  lack: typeof PACKED,
): Pick<AddonFailure, 'reason' | 'remedy' | 'needs'> {
  const broken = failures.find(({ isThere }) => isThere);
  if (broken === undefined) return { reason: `there is no addon for linux-${process.arch}`, ...lack };
  const { path, reason, remedy = lack.remedy, needs = lack.needs } = broken;
  return { reason: `the addon does not load: ${path}: ${reason}`, remedy, needs };
}
