import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

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

export interface LaunchOptions {
  /** Says what it has made in one line of JSON, then keeps it until its standard input ends. Gets an empty folder. */
  readonly script: string;
  readonly args?: readonly string[];
  /** A pid namespace as well, and a /proc of it. Default: false. */
  readonly pids?: boolean;
}

const LAUNCH_TIMEOUT_MS = 30_000;
const COMMAND_TIMEOUT_SECONDS = 20;

type Process = ChildProcessByStdio<Writable, Readable, Readable>;

/** A python script in network and mount namespaces of its own. Call `stop` in the end. */
export class Namespaced<Description> {
  readonly description: Description;
  /** The folder that the script was given; commands may use it, too. */
  readonly folder: string;
  readonly #process: Process;
  /** What nsenter is to enter. */
  readonly #inside: readonly string[];
  #batches = 0;

  /** `target`: a process inside, by its pid out here. */
  constructor(process: Process, target: number, folder: string, description: Description) {
    this.#process = process;
    this.folder = folder;
    this.description = description;
    this.#inside = ['-t', String(target), ...foreignNamespaces(target)];
  }

  /** Runs one command inside. */
  async run(
    command: string,
    args: readonly string[] = [],
    env: Record<string, string> = {},
  ): Promise<Outcome> {
    const [outcome] = await this.runAll([{ command, args, env }]);
    return outcome!;
  }

  /**
   * Runs commands inside one after the other, with files as their standard streams: a pipe of Node's is a pair of unix
   * sockets, and would be listed itself.
   */
  async runAll(commands: readonly Command[]): Promise<Outcome[]> {
    const stem = join(this.folder, `run-${this.#batches++}`);
    writeFileSync(
      `${stem}.sh`,
      commands.map((command, index) => shellLine(command, `${stem}-${index}`)).join(''),
    );
    const child = spawn('nsenter', [...this.#inside, '--preserve-credentials', '/bin/sh', `${stem}.sh`], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const complaints = collect(child.stderr);
    const [status] = (await once(child, 'close')) as [number | null];
    if (status !== 0) throw new Error(`commands in the scene ended with ${status}: ${complaints()}`);
    return commands.map((_, index) => outcomeOf(`${stem}-${index}`));
  }

  /** Ends the script and removes what it left. */
  async stop(): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      const ended = once(this.#process, 'close');
      this.#process.stdin.end();
      await ended;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Starts the script. Needs the requirements netns and python3, and pidns for pids. */
export async function launch<Description>(options: LaunchOptions): Promise<Namespaced<Description>> {
  const folder = mkdtempSync(join(tmpdir(), 'scene-'));
  // Other users are in there, too.
  chmodSync(folder, 0o755);
  const pids = options.pids === true;
  const program = ['python3', '-B', options.script, folder, ...(options.args ?? [])];
  const args = [...newNamespaces(), ...(pids ? ['-p', '--mount-proc'] : []), '--kill-child', ...program];
  const child = spawn('unshare', args, { cwd: dirname(options.script), stdio: ['pipe', 'pipe', 'pipe'] });
  const complaints = collect(child.stderr);
  const timer = setTimeout(() => child.kill('SIGKILL'), LAUNCH_TIMEOUT_MS);
  try {
    const description = JSON.parse(await firstLine(child.stdout)) as Description;
    return new Namespaced(child, onlyChildOf(child.pid!), folder, description);
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

/** unshare waits for its child: the script, whose pid reads otherwise in a pid namespace. */
function onlyChildOf(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').trim());
}

function foreignNamespaces(pid: number): string[] {
  const options = { user: '-U', net: '-n', mnt: '-m', pid: '-p' };
  return Object.entries(options).flatMap(([name, option]) => (isOurs(pid, name) ? [] : [option]));
}

function isOurs(pid: number, namespace: string): boolean {
  const [theirs, ours] = [`/proc/${pid}/ns/${namespace}`, `/proc/self/ns/${namespace}`];
  return spawnSync('test', [theirs, '-ef', ours]).status === 0;
}

function shellLine({ command, args = [], env = {} }: Command, stem: string): string {
  const settings = Object.entries({ ...COVERAGE, ...env }).map(([name, value]) => quoted(`${name}=${value}`));
  const words = [
    'env',
    ...settings,
    'timeout',
    String(COMMAND_TIMEOUT_SECONDS),
    ...[command, ...args].map(quoted),
  ];
  return `${words.join(' ')} </dev/null >${quoted(`${stem}.out`)} 2>${quoted(`${stem}.err`)}; echo $? >${quoted(`${stem}.rc`)}\n`;
}

/** Set by `npm run coverage`: where Node.js is to write what it has run. */
const COVERAGE =
  process.env.SOCKSCOPE_COVERAGE === undefined ? {} : { NODE_V8_COVERAGE: process.env.SOCKSCOPE_COVERAGE };

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
