import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmdirSync,
  statfsSync,
  statSync,
  unlinkSync,
} from 'node:fs';
import { basename, dirname } from 'node:path';
import { getSystemErrorMap } from 'node:util';
import type { ByteWriter } from '../format/byte-writer.ts';
import type { LocalHost } from '../host.ts';
import { PINNED_PATHS } from '../owners/pinned-paths.ts';
import type { HostOptions } from '../request/host-options.ts';
import { ENOENT, EPERM, FORBIDDEN } from './errno.ts';
import { PIN_USAGE, type PinRequest, type PinVerb, parsePinWords } from './pin-words.ts';

type Binding = NonNullable<LocalHost['binding']>;

/** What a run of `pin` or `unpin` is lent. */
export interface PinScene {
  readonly verb: PinVerb;
  /** The words after the verb. */
  readonly words: readonly string[];
  readonly program: string;
  readonly openHost: (options: HostOptions) => LocalHost;
  readonly out: ByteWriter;
  readonly say: (lines: string) => void;
}

/** Where iterators are pinned. */
export interface PinPlace {
  /** The file that `pin` makes where nothing else is said; its directory is ours, and made and removed with it. */
  readonly defaultPath: string;
  /** Whether the directory is one of a BPF file system; false where there is none. */
  readonly isBpfFs: (directory: string) => boolean;
  /** Whether `pin` has mounted what is mounted at the directory. */
  readonly isOurMount: (directory: string) => boolean;
}

/** What the kernel itself may put into every BPF file system. */
const OF_THE_KERNEL = ['maps.debug', 'progs.debug'];
/** Kernel: BPF_FS_MAGIC. */
const BPF_FS = 0xcafe4a11n;

const SYSTEM: PinPlace = {
  defaultPath: PINNED_PATHS[0],
  isBpfFs: (directory) => {
    try {
      return BigInt.asUintN(32, statfsSync(directory, { bigint: true }).type) === BPF_FS;
    } catch {
      return false;
    }
  },
  // A line is: id, parent, device, root, mount point, options, optional fields, "-", type, source, options.
  isOurMount: (directory) =>
    readFileSync('/proc/self/mountinfo', 'utf8')
      .split('\n')
      .some((line) => line.split(' ')[4] === directory && line.includes(' - bpf sockscope ')),
};

/** What keeps us from it, in words. */
class PinFailure extends Error {}

/** Runs the subcommand and gives its exit status. */
export async function runPin(scene: PinScene, place: PinPlace = SYSTEM): Promise<number> {
  const { verb, program, out, say } = scene;
  const outcome = parsePinWords(verb, scene.words, program);
  if (outcome.kind === 'usage') {
    if (outcome.message === undefined) out.ascii(PIN_USAGE);
    else say(`${outcome.message}\n${PIN_USAGE}`);
    return outcome.message === undefined ? 0 : 3;
  }
  const host = scene.openHost({});
  try {
    const binding = host.binding ?? (await withoutAddon(host));
    const done = verb === 'pin' ? pin : unpin;
    out.bytes(Buffer.from(`${done(outcome.request, binding, place)}\n`));
    return 0;
  } catch (error) {
    if (!(error instanceof PinFailure)) throw error;
    say(`${program}: ${verb}: ${error.message}\n`);
    return 1;
  } finally {
    await host.close();
  }
}

async function withoutAddon(host: LocalHost): Promise<never> {
  const { abilities } = await host.probe();
  throw new PinFailure(abilities.tcp.better[0]?.reason ?? 'there is no addon here');
}

/** Gives the line that says what members of the group can do now. */
function pin(request: PinRequest, binding: Binding, place: PinPlace): string {
  if (!binding.mayUseBpf()) {
    throw new PinFailure('this process may not load BPF programs (run it as root, or with CAP_SYS_ADMIN)');
  }
  const gid = groupIdOf(request.group, binding);
  const path = request.path ?? place.defaultPath;
  const directory = dirname(path);
  const undo: (() => void)[] = [];
  try {
    if (path === place.defaultPath) makeDirectory(directory, binding, place, undo);
    else if (!place.isBpfFs(directory)) {
      throw new PinFailure(
        `${directory} is in no BPF file system (mount -t bpf makes one; or leave --path out)`,
      );
    }
    requirePassage(directory, gid);
    demand(binding.pinOwners(path, gid));
  } catch (error) {
    for (const step of undo.reverse()) {
      try {
        step();
      } catch {
        // What went wrong first is what counts.
      }
    }
    throw error;
  }
  const number = request.group === String(gid) ? '' : ` (gid ${gid})`;
  const members = `members of group ${request.group}${number}`;
  return (PINNED_PATHS as readonly string[]).includes(path)
    ? `${members} can now list the owner of every socket: sockscope -p reads ${path}`
    : `${members} can now read ${path}: name it in the library's pinnedPaths, sockscope -p looks in ${PINNED_PATHS.join(' and ')}`;
}

/** A directory of a BPF file system of our own; `undo` gets what takes away again what this made. */
function makeDirectory(directory: string, binding: Binding, place: PinPlace, undo: (() => void)[]): void {
  try {
    mkdirSync(directory, { mode: 0o755 });
    undo.push(() => rmdirSync(directory));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw failureOf(error);
  }
  if (lstatSync(directory).isSymbolicLink()) throw new PinFailure(`${directory} is a symbolic link`);
  if (place.isBpfFs(directory)) return;
  demand(binding.mountBpfFs(directory));
  undo.push(() => void binding.unmountBpfFs(directory));
}

/** Every directory on the way has to let the group through, or the file might as well not be there. */
function requirePassage(directory: string, gid: number): void {
  for (let at = realpathSync(directory); ; at = dirname(at)) {
    const { mode, gid: owner } = statSync(at);
    const passes = (mode & (owner === gid ? 0o010 : 0o001)) !== 0;
    if (!passes) {
      const bits = (mode & 0o7777).toString(8).padStart(4, '0');
      const remedy = `chmod ${owner === gid ? 'g' : 'o'}+x ${at}, or --path elsewhere`;
      throw new PinFailure(`members of the group cannot pass ${at}, mode ${bits} (${remedy})`);
    }
    if (at === '/') return;
  }
}

function groupIdOf(group: string, binding: Binding): number {
  const gid = binding.groupId(group) ?? (/^\d{1,10}$/.test(group) ? Number(group) : undefined);
  // The highest number stands for none in system calls.
  if (gid === undefined || gid >= 0xffff_ffff) throw new PinFailure(`there is no group '${group}'`);
  return gid;
}

/** Gives the line that says what is gone. */
function unpin({ path: asked }: PinRequest, binding: Binding, place: PinPlace): string {
  const path = asked ?? place.defaultPath;
  const directory = dirname(path);
  const isOfBpf = place.isBpfFs(directory);
  const removed = isOfBpf && removePinned(path, binding);
  const swept = isOfBpf ? sweepUnfinished(path, binding) : [];
  if (path === place.defaultPath && place.isOurMount(directory)) {
    removeDirectory(directory, binding, place);
  }
  if (removed) return `removed ${path}`;
  if (swept.length === 0) throw new PinFailure(`nothing is pinned at ${path}`);
  return `nothing is pinned at ${path}; removed what was left behind: ${swept.join(' ')}`;
}

/** Removes an iterator of ours and nothing else; false where there is no such file. */
function removePinned(path: string, binding: Binding): boolean {
  const { status, errno, operation } = binding.probePinned(path);
  if (status === 'system') {
    if (errno === ENOENT) return false;
    throw new PinFailure(`${operation}: ${wordsOf(errno)}`);
  }
  if (status !== 'ok')
    throw new PinFailure(`${path} is no iterator of this version of sockscope (rm removes it)`);
  try {
    unlinkSync(path);
  } catch (error) {
    throw failureOf(error);
  }
  return true;
}

/** Removes what runs of `pin` left that were killed: an iterator under a name of its own, before it had its place. */
function sweepUnfinished(path: string, binding: Binding): string[] {
  const directory = dirname(path);
  const swept: string[] = [];
  for (const name of readdirSync(directory)) {
    const rest = name.startsWith(`${basename(path)}-`) ? name.slice(basename(path).length + 1) : '';
    const other = `${directory}/${name}`;
    if (!/^\d+$/.test(rest) || binding.probePinned(other).status !== 'ok') continue;
    unlinkSync(other);
    swept.push(other);
  }
  return swept;
}

/** Others may have pinned something beside ours: then it stays. */
function removeDirectory(directory: string, binding: Binding, place: PinPlace): void {
  try {
    if (readdirSync(directory).some((name) => !OF_THE_KERNEL.includes(name))) return;
    if (place.isBpfFs(directory)) demand(binding.unmountBpfFs(directory));
    rmdirSync(directory);
  } catch (error) {
    if (error instanceof PinFailure) throw error;
    if (!['ENOENT', 'ENOTEMPTY', 'EBUSY'].includes((error as NodeJS.ErrnoException).code ?? ''))
      throw failureOf(error);
  }
}

const FILTERED =
  "operation not permitted, though capabilities allow it (a seccomp filter, a security module, the kernel's lockdown or a user namespace forbids it)";

function demand({ status, operation, errno }: ReturnType<Binding['pinOwners']>): void {
  switch (status) {
    case 'ok':
      return;
    case 'not-supported':
      throw new PinFailure('this kernel has no iterator over descriptors (Linux 5.8 with BTF has)');
    case 'malformed':
      throw new PinFailure(
        "the iterator does not number processes as this one's /proc does: not in a container",
      );
    default:
      // Whoever lacks the capabilities does not come as far as this.
      if (errno === EPERM && operation.startsWith('bpf(')) throw new PinFailure(`${operation}: ${FILTERED}`);
      throw new PinFailure(`${operation || status}${errno === 0 ? '' : `: ${wordsOf(errno)}`}`);
  }
}

/** An error of node:fs in our words; anything else stays what it is. */
function failureOf(error: unknown): unknown {
  const { syscall, path, errno } = error as NodeJS.ErrnoException;
  return syscall === undefined || errno === undefined
    ? error
    : new PinFailure(`${syscall} ${path}: ${wordsOf(-errno)}`);
}

function wordsOf(errno: number): string {
  const words = getSystemErrorMap().get(-errno)?.[1] ?? `errno ${errno}`;
  return FORBIDDEN.includes(errno) ? `${words} (run it as root)` : words;
}
