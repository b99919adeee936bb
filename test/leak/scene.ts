import { type ChildProcess, type StdioOptions, spawn, spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ADDON: string = fileURLToPath(new URL('../../build/Release/sockscope.node', import.meta.url));
const CHILDREN = fileURLToPath(new URL('children', import.meta.url));

export interface Outcome {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Plays a scene of children/scenes.cjs to its end, in a process of its own. */
export function play(scene: string, nodeOptions: readonly string[] = []): Promise<Outcome> {
  return playIn('scenes.cjs', [scene], nodeOptions);
}

/** Plays a scene of another file of children/: `words` are its name and what more it takes. */
export function playIn(
  file: string,
  words: readonly string[],
  nodeOptions: readonly string[] = [],
): Promise<Outcome> {
  return outcomeOfCommand([process.execPath, ...nodeOptions, join(CHILDREN, file), ...words]);
}

/** As `playIn`, in a mount namespace of its own: what the scene mounts is gone with it. Needs root. */
export function playWithMounts(file: string, words: readonly string[]): Promise<Outcome> {
  return outcomeOfCommand(['unshare', '--mount', process.execPath, join(CHILDREN, file), ...words]);
}

/**
 * As `playIn`, in user, network and mount namespaces of its own, with the loopback up and the files of /etc replaced by
 * those of `etc`. Needs netns and ip.
 */
export function playWithEtc(
  etc: Readonly<Record<string, string>>,
  file: string,
  words: readonly string[],
  nodeOptions: readonly string[] = [],
): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'sockscope-etc-'));
  for (const [name, text] of Object.entries(etc)) writeFileSync(join(folder, name), text);
  if (existsSync('/etc/ld.so.cache')) copyFileSync('/etc/ld.so.cache', join(folder, 'ld.so.cache'));
  const prelude = 'ip link set lo up && mount --bind "$0" /etc && exec "$@"';
  const command = [process.execPath, ...nodeOptions, join(CHILDREN, file), ...words];
  const inside = ['unshare', '-Urnm', 'sh', '-c', prelude, folder, ...command];
  return outcomeOfCommand(inside).finally(() => rmSync(folder, { recursive: true }));
}

/** A copy of the addon and the scenes that any user may read: the checkout may lie in somebody's home. */
export function publicCopy(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sockscope-leak-'));
  cpSync(CHILDREN, folder, { recursive: true });
  copyFileSync(ADDON, join(folder, 'sockscope.node'));
  chmodSync(folder, 0o755);
  return folder;
}

/** Starts a scene (of a file of children/, by its name and what more it takes) that is spoken to by lines, as a user whose limits count. */
export function startAsUser(folder: string, file: string, words: readonly string[]): ChildProcess {
  const command = [...asUser(), process.execPath, join(folder, file), ...words];
  const env = environment(join(folder, 'sockscope.node'));
  return spawn(command[0]!, command.slice(1), { env, stdio: ['pipe', 'pipe', 'inherit'] });
}

/** Sets how many processes and threads the user of `startAsUser` may have when `child` wants one more. */
export function limitThreads(child: ChildProcess, threads: number): void {
  const command = [...asUser(), 'prlimit', `--pid=${child.pid}`, `--nproc=${threads}:`];
  const { status, stderr } = spawnSync(command[0]!, command.slice(1), { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command.join(' ')}: ${stderr}`);
}

/** Root is above the limit of processes; `nobody` is not. */
function asUser(): readonly string[] {
  return process.getuid!() === 0 ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : [];
}

function environment(addon: string): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _, NODE_EXTRA_CA_CERTS: __, ...rest } = process.env;
  return { ...rest, SOCKSCOPE_ADDON: addon };
}

function outcomeOfCommand(command: readonly string[]): Promise<Outcome> {
  const stdio: StdioOptions = ['ignore', 'pipe', 'pipe'];
  return outcomeOf(spawn(command[0]!, command.slice(1), { env: environment(ADDON), stdio }));
}

function outcomeOf(child: ChildProcess): Promise<Outcome> {
  const text = { stdout: '', stderr: '' };
  child.stdout!.setEncoding('utf8').on('data', (part: string) => {
    text.stdout += part;
  });
  child.stderr!.setEncoding('utf8').on('data', (part: string) => {
    text.stderr += part;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, ...text }));
  });
}
