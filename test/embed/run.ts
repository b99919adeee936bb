import { spawn } from 'node:child_process';

export interface Outcome {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a program may take, before it is taken for one that hangs. */
const PATIENCE_MS = 60_000;

/** Runs a program to its end, without what this process's environment tells every Node.js. */
export function run(
  [command, ...words]: readonly [string, ...string[]],
  environment: NodeJS.ProcessEnv = {},
): Promise<Outcome> {
  const { NODE_OPTIONS: _, NODE_EXTRA_CA_CERTS: __, ...rest } = process.env;
  const child = spawn(command, words, {
    env: { ...rest, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: PATIENCE_MS,
    killSignal: 'SIGKILL',
  });
  const text = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (part: string) => {
      text[name] += part;
    });
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, ...text }));
  });
}

/** The line of JSON that a program has printed. Its words on stderr are shown where there is none. */
export function answerOf({ stdout, stderr, code, signal }: Outcome): unknown {
  try {
    return JSON.parse(stdout);
  } catch {
    throw new Error(`no answer: ended with ${code ?? signal}: ${stdout}${stderr}`);
  }
}
