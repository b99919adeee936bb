import { fileURLToPath } from 'node:url';
import { type Command, launch, type Namespaced, type Outcome } from '../kernel/namespaced.ts';

export const COMMAND = fileURLToPath(new URL('../../dist/cli/main.cjs', import.meta.url));
export const PACKAGE = fileURLToPath(new URL('../..', import.meta.url));

export interface MeansScene {
  readonly pid: number;
}

/** A host with a few sockets: see means_scene.py. Needs netns and python3; call `stop` in the end. */
export function startMeans(connections = 3): Promise<Namespaced<MeansScene>> {
  const script = fileURLToPath(new URL('means_scene.py', import.meta.url));
  return launch({ script, args: [String(connections)], pids: true });
}

/** Lines of options, one for everything that the command shows. */
export const LINES: readonly string[] = [
  '-tan',
  '-tuwan --source procfs',
  '-tanp',
  '-tanp --source procfs',
  '-xan',
  '-anpe -v',
  '-rn',
  '-r6n',
  '-rn -v',
  '-rCn',
  '-i',
  '-gn',
  '-M -n',
  '-s',
  '-s6',
  '-an --json',
  '-tanp --json',
  '-rn --json',
  '-i --json',
  '-gn --json',
  '-s --json',
  '-M --json',
  'layers',
  'layers --json',
];

/** The command with a line of options; `before`: words that start it, such as `prlimit`. */
export function sockscope(line: string, before: readonly string[] = []): Command {
  const [command, ...args] = [...before, process.execPath, COMMAND, ...line.split(' ').filter(Boolean)];
  return { command: command!, args };
}

export function textOf({ stdout, stderr, status }: Outcome): {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number;
} {
  return { stdout: still(stdout.toString()), stderr: stderr.toString(), status };
}

/** What counts on by itself, or is each run's own, is made the same. */
function still(text: string): string {
  return text
    .replaceAll(/"(value|InType\d+|OutType\d+)":\d+/g, '"$1":0')
    .replaceAll(/("[A-Z]\w+":)\d+/g, '$10');
}

/** What a signal ends reads 128 and more in a shell: no answer, and no words. */
export const KILLED = 128;
/** netstat's own status for a table that cannot be had; see judgeMissingTable. */
export const NETSTATS_REFUSAL = 255;

/** Whether a process was ended by a signal: the one thing that a want of means must never lead to. */
export function wasKilled({ status }: Pick<Outcome, 'status'>): boolean {
  return status >= KILLED && status !== NETSTATS_REFUSAL;
}
