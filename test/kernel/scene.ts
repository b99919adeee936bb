import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

/** What the kernel must show of one socket. A field that is absent is not known beforehand. */
export interface ExpectedSocket {
  /** What it stands for; unique. */
  readonly name: string;
  readonly protocol: 'tcp' | 'udp' | 'udplite' | 'raw' | 'unix';
  readonly family: 'inet' | 'inet6' | 'unix';
  /** Absent for embryos alone: /proc and netlink have different words for them. */
  readonly state?: string;
  readonly local?: Endpoint;
  readonly remote?: Endpoint;
  /** 0 where no descriptor stands for the row. */
  readonly inode: number;
  readonly uid?: number;
  /** SO_COOKIE, decimal. */
  readonly cookie?: string;
  /** As ioctl and SO_MEMINFO tell it. */
  readonly recvQ?: number;
  readonly sendQ?: number;
  readonly backlog?: number;
  readonly timer?: string;
  readonly retrans?: number;
  readonly probes?: number;
  readonly ifindex?: number;
  readonly unixType?: number;
  readonly unixPeer?: number;
  /** The name's bytes in hex; an abstract one starts with 00. */
  readonly path?: string;
  /** A unix connection that nobody accepted yet. */
  readonly embryo?: true;
}

export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

export interface SceneDescription {
  /** The process that holds the sockets, and whose namespaces they are in. */
  readonly pid: number;
  /** Index of lo, the only device. */
  readonly lo: number;
  readonly inet6: boolean;
  /** For how long no socket leaves the state it is in. */
  readonly stableMs: number;
  /** Parts this kernel could not make. */
  readonly missing: readonly { readonly what: string; readonly reason: string }[];
  readonly sockets: readonly ExpectedSocket[];
}

export interface Command {
  readonly command: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export interface Outcome {
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  readonly status: number;
}

const LAUNCH_TIMEOUT_MS = 30_000;
const COMMAND_TIMEOUT_SECONDS = 20;

type SceneProcess = ChildProcessByStdio<Writable, Readable, Readable>;

/** One socket of every kind, at rest in namespaces of their own; see scene.py. */
export class Scene {
  readonly description: SceneDescription;
  readonly #process: SceneProcess;
  readonly #folder: string;
  readonly #bornMs = performance.now();
  #batches = 0;

  constructor(process: SceneProcess, folder: string, description: SceneDescription) {
    this.#process = process;
    this.#folder = folder;
    this.description = description;
  }

  /** Whether `ms` more can pass before the first socket leaves its state. */
  lastsFor(ms: number): boolean {
    return performance.now() - this.#bornMs + ms < this.description.stableMs;
  }

  /** The expected row of that name; throws when this scene has none. */
  socket(name: string): ExpectedSocket {
    const found = this.description.sockets.find((socket) => socket.name === name);
    if (found === undefined) throw new Error(`the scene has no socket called "${name}"`);
    return found;
  }

  /** Runs one command inside the scene. */
  async run(
    command: string,
    args: readonly string[] = [],
    env: Record<string, string> = {},
  ): Promise<Outcome> {
    const [outcome] = await this.runAll([{ command, args, env }]);
    return outcome!;
  }

  /**
   * Runs commands inside the scene one after the other, with files as their standard streams: a pipe of Node's is a
   * pair of unix sockets, and would be listed itself.
   */
  async runAll(commands: readonly Command[]): Promise<Outcome[]> {
    const stem = join(this.#folder, `run-${this.#batches++}`);
    writeFileSync(
      `${stem}.sh`,
      commands.map((command, index) => shellLine(command, `${stem}-${index}`)).join(''),
    );
    const inside = ['-t', String(this.description.pid), ...foreignNamespaces(this.description.pid)];
    const child = spawn('nsenter', [...inside, '--preserve-credentials', '/bin/sh', `${stem}.sh`], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const complaints = collect(child.stderr);
    const [status] = (await once(child, 'close')) as [number | null];
    if (status !== 0) throw new Error(`commands in the scene ended with ${status}: ${complaints()}`);
    return commands.map((_, index) => outcomeOf(`${stem}-${index}`));
  }

  /** Ends the scene and removes what it left. */
  async stop(): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      const ended = once(this.#process, 'close');
      this.#process.stdin.end();
      await ended;
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Makes a scene. Needs the requirements netns and python3; call `stop` in the end. */
export async function startScene(): Promise<Scene> {
  const folder = mkdtempSync(join(tmpdir(), 'scene-'));
  // Sockets of other users are bound in here, too.
  chmodSync(folder, 0o755);
  const script = fileURLToPath(new URL('scene.py', import.meta.url));
  const args = [...newNamespaces(), '--kill-child', 'python3', '-B', script, folder];
  const child = spawn('unshare', args, { stdio: ['pipe', 'pipe', 'pipe'] });
  const complaints = collect(child.stderr);
  const timer = setTimeout(() => child.kill('SIGKILL'), LAUNCH_TIMEOUT_MS);
  try {
    return new Scene(child, folder, JSON.parse(await firstLine(child.stdout)) as SceneDescription);
  } catch (cause) {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
    throw new Error(`the scene did not start: ${complaints()}`, { cause });
  } finally {
    clearTimeout(timer);
  }
}

/** Root's own user namespace knows every user; anybody else becomes root of a new one that knows one user alone. */
function newNamespaces(): string[] {
  const plain =
    process.getuid?.() === 0 && spawnSync('unshare', ['-nm', 'true'], { stdio: 'ignore' }).status === 0;
  return plain ? ['-nm'] : ['-Urnm'];
}

function foreignNamespaces(pid: number): string[] {
  const sameUsers = spawnSync('test', ['/proc/self/ns/user', '-ef', `/proc/${pid}/ns/user`]).status === 0;
  return sameUsers ? ['-n', '-m'] : ['-U', '-n', '-m'];
}

function shellLine({ command, args = [], env = {} }: Command, stem: string): string {
  const settings = Object.entries(env).map(([name, value]) => quoted(`${name}=${value}`));
  const words = [
    'env',
    ...settings,
    'timeout',
    String(COMMAND_TIMEOUT_SECONDS),
    ...[command, ...args].map(quoted),
  ];
  return `${words.join(' ')} </dev/null >${quoted(`${stem}.out`)} 2>${quoted(`${stem}.err`)}; echo $? >${quoted(`${stem}.rc`)}\n`;
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

function outcomeOf(stem: string): Outcome {
  return {
    stdout: readFileSync(`${stem}.out`),
    stderr: readFileSync(`${stem}.err`),
    status: Number(readFileSync(`${stem}.rc`, 'latin1')),
  };
}

async function firstLine(stream: Readable): Promise<string> {
  let text = '';
  stream.setEncoding('utf8');
  for await (const chunk of stream) {
    text += chunk as string;
    const end = text.indexOf('\n');
    if (end >= 0) return text.slice(0, end);
  }
  throw new Error('no description');
}

function collect(stream: Readable): () => string {
  let text = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    text += chunk;
  });
  return () => text.trim();
}
