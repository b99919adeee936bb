import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { getSystemErrorMap } from 'node:util';

/** How a command ended. */
export interface CommandEnd {
  /**
   * Its exit status as a shell has it: 128 and the signal's number for what a signal ended; 127 where there is no such
   * command, 126 where it cannot be run.
   */
  readonly status: number;
  /** Why it was not run, in words. */
  readonly failure?: string;
}

/** Signals that a terminal sends to the command as well: whether it ends is its own affair, and what it did is told. */
const LEFT_TO_IT = ['SIGINT', 'SIGQUIT'] as const;
const PASSED_ON = ['SIGTERM', 'SIGHUP'] as const;
const NOT_FOUND = 127;
const NOT_RUN = 126;

/** Runs a command with the streams of this process and waits for its end. */
export async function runMeasured(words: readonly string[]): Promise<CommandEnd> {
  let child: ChildProcess | undefined;
  const ignore = (): void => {};
  const passOn = (signal: NodeJS.Signals): void => void child?.kill(signal);
  for (const signal of LEFT_TO_IT) process.on(signal, ignore);
  for (const signal of PASSED_ON) process.on(signal, passOn);
  try {
    return await new Promise<CommandEnd>((resolve, reject) => {
      child = begin(words);
      child.once('error', reject);
      child.once('close', (code, signal) => {
        resolve({ status: signal === null ? (code ?? 0) : 128 + constants.signals[signal] });
      });
    });
  } catch (error) {
    const { errno } = error as NodeJS.ErrnoException;
    if (errno === undefined) throw error;
    const failure = getSystemErrorMap().get(errno)?.[1] ?? `errno ${-errno}`;
    return { status: errno === -constants.errno.ENOENT ? NOT_FOUND : NOT_RUN, failure };
  } finally {
    for (const signal of LEFT_TO_IT) process.off(signal, ignore);
    for (const signal of PASSED_ON) process.off(signal, passOn);
  }
}

function begin([file = '', ...args]: readonly string[]): ChildProcess {
  // Node.js refuses an empty name where execvp(3) finds no file.
  if (file === '') throw Object.assign(new Error('an empty name'), { errno: -constants.errno.ENOENT });
  return spawn(file, args, { stdio: 'inherit' });
}
