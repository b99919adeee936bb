import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launch, type Namespaced } from '../kernel/namespaced.ts';

/** A process that has a socket, and by which descriptor. */
export interface ExpectedHolder {
  readonly pid: number;
  readonly fd: number;
  /** /proc/<pid>/fd does not show it: a thread's. */
  readonly hidden: boolean;
}

/** What must be told of one socket. */
export interface ExpectedSocket {
  /** What it stands for; unique. */
  readonly name: string;
  readonly protocol: string;
  readonly family: string;
  /** Absent where nobody can tell: the kernel's own. */
  readonly inode?: number;
  readonly localPort?: number;
  readonly remotePort?: number;
  /** Only some sources show it. */
  readonly embryo?: true;
  /** It is in a thread's table that has as many descriptors as its process's. */
  readonly asMany?: true;
  /** Why nobody holds it; present where `holders` is empty. */
  readonly reason?: string;
  /** By pid and descriptor. */
  readonly holders: readonly ExpectedHolder[];
}

/** What must be told of a process that holds sockets. A field that is absent is not known beforehand. */
export interface ExpectedProcess {
  readonly pid: number;
  readonly startTime: number;
  readonly uid: number;
  readonly cgroup: string;
  /** In hex. */
  readonly program?: string;
  readonly comm?: string;
  readonly commandLine?: readonly string[];
}

export interface OwnersDescription {
  readonly sockets: readonly ExpectedSocket[];
  readonly processes: readonly ExpectedProcess[];
  /** Parts this kernel could not make. */
  readonly missing: readonly { readonly what: string; readonly reason: string }[];
}

export type OwnersScene = Namespaced<OwnersDescription>;

/** Which sockets a scene has: each is a file of this folder. */
export type Part = 'sharing' | 'threads' | 'crowds' | 'names' | 'reasons' | 'churn' | 'reuse' | 'long_walk';

/** Makes a scene; see scene.py. Needs the requirements root, netns and python3, and pidns for `pids`. */
export function startOwnersScene(parts: readonly Part[], pids = false): Promise<OwnersScene> {
  const script = fileURLToPath(new URL('scene.py', import.meta.url));
  return launch<OwnersDescription>({ script, args: parts, pids });
}

/** Every holder that the part `churn` has had so far. */
export function holdersThatWere(scene: OwnersScene): { pid: number; fd: number; inode: number }[] {
  const lines = readFileSync(join(scene.folder, 'holders.log'), 'latin1').split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as { pid: number; fd: number; inode: number });
}
