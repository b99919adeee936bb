import type { HostOptions } from '../../src/request/host-options.ts';
import type { ScanRequest } from '../../src/request/request.ts';
import type { Packages } from './packages.ts';
import type { OwnersScene } from './scene.ts';

/** A row as print-owners.mjs prints it. */
export interface OwnedRow {
  readonly protocol: string;
  readonly family: string;
  readonly state: string;
  readonly inode: number;
  readonly localPort?: number;
  readonly remotePort?: number;
  readonly path?: string;
  readonly owners?: readonly RowOwner[];
  readonly noOwner?: string;
}

/** `programBytes` in hex. */
export interface RowOwner {
  readonly pid: number;
  readonly fd: number;
  readonly startTime: number;
  readonly program: string;
  readonly programBytes: string;
  readonly comm?: string;
  readonly commandLine?: readonly string[];
  readonly uid?: number;
  readonly cgroup?: string;
}

export interface Ability {
  readonly source: string;
  readonly better: readonly {
    readonly source: string;
    readonly reason: string;
    readonly errno?: number;
    readonly remedy?: string;
  }[];
}

export interface Failure {
  readonly error: {
    readonly name: string;
    readonly code: string;
    readonly message: string;
    readonly errno?: number;
    readonly remedy?: string;
  };
}

export interface OwnedTable {
  readonly rows: readonly OwnedRow[];
  readonly complete: boolean;
  readonly gaps: readonly { readonly what: string; readonly reason: string; readonly rows?: number }[];
  readonly owners?: {
    readonly source: string;
    readonly processes: number;
    readonly vanished: number;
    readonly denied: number;
    readonly descriptors: number;
    readonly sockets: number;
    readonly threads: number;
  };
  readonly source: Ability;
}

export interface Answer {
  readonly ability: Ability;
  readonly scans: readonly OwnedTable[];
}

/** One opening of a host, and what is asked of it. */
export interface Job {
  readonly host: HostOptions;
  readonly requests: readonly ScanRequest[];
  /** How often all of it is asked. Default: once. */
  readonly times?: number;
}

/** The library's ways to find owners, each on the addon or without it. */
export const SUBJECTS = {
  procfd: { kind: 'native', host: { owners: 'procfd' } },
  'procfd, two threads': { kind: 'native', host: { owners: 'procfd', threads: 2 } },
  'procfd beside /proc/net': { kind: 'native', host: { owners: 'procfd', source: 'procfs' } },
  'procfd in TypeScript': { kind: 'typescript', host: { owners: 'procfd' } },
  bpf: { kind: 'native', host: { owners: 'bpf' } },
  'bpf, two threads': { kind: 'native', host: { owners: 'bpf', threads: 2 } },
  'bpf-pinned': { kind: 'native', host: { owners: 'bpf-pinned' } },
} as const satisfies Record<string, { kind: 'native' | 'typescript'; host: HostOptions }>;
export type Subject = keyof typeof SUBJECTS;

/** Runs jobs inside the scene, `as` somebody: words that go before the program. */
export async function ask(
  scene: OwnersScene,
  packages: Packages,
  kind: 'native' | 'typescript',
  jobs: readonly Job[],
  as: readonly string[] = [],
): Promise<(Answer | Failure)[]> {
  const program = [process.execPath, packages.program('print-owners.mjs'), packages.library(kind)];
  const [command, ...args] = [...as, ...program, JSON.stringify(jobs)];
  const { stdout, stderr, status } = await scene.run(command!, args);
  if (status !== 0) throw new Error(`print-owners.mjs ended with ${status}: ${stderr.toString('latin1')}`);
  return JSON.parse(stdout.toString()) as (Answer | Failure)[];
}

/** Runs the command inside the scene, `as` somebody. */
export async function command(
  scene: OwnersScene,
  packages: Packages,
  words: readonly string[],
  { as = [], env = {}, kind = 'native' }: CommandOptions = {},
): Promise<{ readonly status: number; readonly stdout: string; readonly stderr: string }> {
  const [program, ...args] = [...as, process.execPath, packages.command(kind), ...words];
  const { stdout, stderr, status } = await scene.run(program!, args, env);
  return { status, stdout: stdout.toString('latin1'), stderr: stderr.toString('latin1') };
}

export interface CommandOptions {
  readonly as?: readonly string[];
  readonly env?: Record<string, string>;
  readonly kind?: 'native' | 'typescript';
}

/** The answer; throws where the host did not open, or a scan failed. */
export function answered(answer: Answer | Failure | undefined): Answer {
  for (const part of [answer!, ...((answer as Answer).scans ?? [])]) {
    if ('error' in part) throw new Error(`the host failed: ${(part as Failure).error.message}`);
  }
  return answer as Answer;
}

/** Why the host did not open, or its first scan failed; throws where neither did. */
export function failureOf(answer: Answer | Failure | undefined): Failure['error'] {
  const part = 'error' in answer! ? answer : (answer!.scans[0] as unknown as Failure);
  if (!('error' in part)) throw new Error('nothing failed');
  return part.error;
}
