import { spawnSync } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { TableName } from '../../src/kernel-tables/table-abilities.ts';
import { type Command, launch, type Namespaced } from '../kernel/namespaced.ts';
import { type Printed, printed } from '../netstat/live-comparison.ts';
import { Packages } from '../owners/packages.ts';
import { type Requirement, requirement } from '../requirements.ts';
import type { Place, PlaceTools } from './place.ts';

/** What a scene needs. */
export const SCENE_NEEDS: readonly Requirement[] = [
  'root',
  'netns',
  'pidns',
  'mountns',
  'python3',
  'setpriv',
  'netstat',
  'addon',
  'dist',
];

/** Why places cannot be made here, or undefined. */
export function missingFor(...names: Requirement[]): string | undefined {
  return requirement(...SCENE_NEEDS, ...names);
}

/** Who holds which listener: 7001 root's first process, 7002 daemon's, 7003 nobody's, 7005 one of nobody's that is not dumpable. */
export interface PlaceDescription {
  readonly pids: Readonly<Record<'root' | 'daemon' | 'nobody' | 'undumpable', number>>;
  readonly clientPort: number;
  /** The far end of this one's connection was never accepted. */
  readonly waitingPort: number;
}

export interface PassedOver {
  readonly source: string;
  readonly reason: string;
  readonly errno?: number;
  readonly remedy?: string;
}

export interface Ability {
  readonly source: string;
  readonly better: readonly PassedOver[];
}

export interface Failure {
  readonly name: string;
  readonly code: string;
  readonly message: string;
  readonly remedy?: string;
}

export interface AnswerRow {
  readonly state: string;
  readonly localPort: number;
  readonly remotePort: number;
  readonly pids?: readonly number[];
  readonly noOwner?: string;
}

export interface AnswerTable {
  readonly rows: readonly AnswerRow[];
  readonly complete: boolean;
  readonly gaps: readonly { readonly what: string; readonly reason: string; readonly rows?: number }[];
  readonly source: string;
  readonly sources: Used;
  readonly owners?: { readonly processes: number; readonly denied: number };
}

/** Of the table of connections under NAT: what it is of. */
type Size = { readonly size: number; readonly source?: string } | Failure;

/** By subject: what it was really read by. */
export type Used = Readonly<Record<string, string>>;

/** As print-answers.mjs prints them. */
export interface Answers {
  readonly supported: boolean;
  readonly abilities: Readonly<Record<'tcp' | 'udp' | 'udplite' | 'raw' | 'unix' | 'owners', Ability>>;
  readonly rows: AnswerTable;
  readonly owned: AnswerTable & Failure;
  readonly routes: Size;
  readonly interfaces: Size;
  readonly groups: Size;
  readonly statistics: Size;
  readonly natEntries: Size;
  /** Scans of one protocol each. */
  readonly scans: Readonly<Record<string, Used | Failure>>;
  readonly tables: Readonly<
    Record<TableName, Ability & { readonly limits: readonly unknown[]; readonly absent: boolean }>
  >;
}

/** Sockets of several users in namespaces of their own, and the package, to be asked from restricted places. */
export class PlaceScene {
  readonly description: PlaceDescription;
  readonly tools: PlaceTools;
  readonly packages: Packages;
  readonly #inside: Namespaced<PlaceDescription>;

  constructor(inside: Namespaced<PlaceDescription>, packages: Packages) {
    this.#inside = inside;
    this.packages = packages;
    this.description = inside.description;
    const { stdout } = spawnSync('python3', ['-c', 'import sys; print(sys.executable)'], {
      encoding: 'utf8',
    });
    this.tools = { python3: stdout.trim(), refuse: packages.program('refuse.py'), folder: inside.folder };
  }

  /** Runs command lines at the place, once it has proved to be one. */
  async runAll(place: Place, lines: readonly (readonly string[])[]): Promise<Printed[]> {
    const proof = ['sh', '-c', place.proof];
    const outcomes = await this.#inside.runAll([proof, ...lines].map((line) => at(place, line)));
    const [proved, ...rest] = outcomes.map(printed);
    if (proved!.status !== 0)
      throw new Error(`this is not the place: ${place.proof}: ${proved!.status} ${proved!.stderr}`);
    return rest;
  }

  /** The command's own words in front of each list of words. */
  sockscope(place: Place, ...lines: readonly (readonly string[])[]): Promise<Printed[]> {
    return this.runAll(
      place,
      lines.map((words) => [process.execPath, this.packages.command('native'), ...words]),
    );
  }

  async netstat(place: Place, ...lines: readonly (readonly string[])[]): Promise<Printed[]> {
    return this.runAll(
      place,
      lines.map((words) => ['netstat', ...words]),
    );
  }

  /** What the library says there, opened with these options. */
  async answers(
    place: Place,
    options: object = {},
    kind: 'native' | 'typescript' = 'native',
  ): Promise<Answers> {
    const program = [process.execPath, this.packages.program('print-answers.mjs')];
    const [answer] = await this.runAll(place, [
      [...program, this.packages.library(kind), JSON.stringify(options)],
    ]);
    const { stdout, stderr, status } = answer!;
    if (status !== 0 || stderr !== '') throw new Error(`print-answers.mjs ended with ${status}: ${stderr}`);
    return JSON.parse(stdout) as Answers;
  }

  async stop(): Promise<void> {
    await this.#inside.stop();
    this.packages.remove();
  }
}

/** Makes a scene. Needs SCENE_NEEDS; call `stop` in the end. */
export async function startPlaceScene(): Promise<PlaceScene> {
  const packages = new Packages();
  try {
    for (const name of ['refuse.py', 'print-answers.mjs']) copyFileSync(here(name), packages.program(name));
    return new PlaceScene(
      await launch<PlaceDescription>({ script: here('place_scene.py'), pids: true }),
      packages,
    );
  } catch (error) {
    packages.remove();
    throw error;
  }
}

function here(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}

/** What the surroundings of a test may set, and would be said on standard error: certificates, and coverage that cannot be written. */
const FOREIGN = ['-u', 'NODE_EXTRA_CA_CERTS', '-u', 'NODE_V8_COVERAGE', '-u', 'NODE_OPTIONS'];

function at({ words }: Place, line: readonly string[]): Command {
  return { command: 'env', args: [...FOREIGN, ...words, ...line] };
}
