import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

/** A program in namespaces of its own: what holds a load. It ends at the end of its standard input. */
export interface Started {
  readonly pid: number;
  /** The next line it prints. Throws an Error when it ends without one; why has been on standard error. */
  line(): Promise<string>;
  say(words: string): void;
  /** Resolves when it is gone. */
  end(): Promise<void>;
}

/** Starts a program in a user and a network namespace of its own. Throws an Error when there is no `unshare`. */
export async function startInNamespaces(
  command: readonly string[],
  environment: NodeJS.ProcessEnv = process.env,
): Promise<Started> {
  const child = spawn('unshare', ['-Urn', ...command], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: environment,
  });
  // A write to a program that has ended says less than its end does.
  child.stdin.on('error', () => {});
  const exited = once(child, 'exit');
  await spawned(child, exited);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    pid: child.pid!,
    async line() {
      const line = await lines.next();
      if (line.done !== true) return line.value;
      await exited;
      throw new Error(
        `the load cannot be held: it ended with ${child.exitCode ?? child.signalCode}; it needs user namespaces or root, ` +
          'memory, and descriptors (ulimit -Hn)',
      );
    },
    say: (words) => child.stdin.write(words),
    async end() {
      child.stdin.end();
      await exited;
    },
  };
}

async function spawned(
  child: ChildProcessByStdio<Writable, Readable, null>,
  exited: Promise<unknown>,
): Promise<void> {
  try {
    await Promise.race([once(child, 'spawn'), exited]);
  } catch (error) {
    throw new Error(`the load cannot be held: unshare (of util-linux): ${(error as Error).message}`);
  }
}
