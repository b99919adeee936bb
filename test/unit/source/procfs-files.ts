import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inetLine } from '../../fuzz/proc-text.ts';

/** Sockets in the large table: some batches, one of them not full. */
export const ROWS = 50_000;

const socket = {
  family: 2 as 2 | 10,
  state: 1,
  timer: 2,
  ticks: 100,
  retrans: 1,
  probes: 2,
  local: [127, 0, 0, 1],
  remote: [127, 0, 0, 2],
  localPort: 443,
  remotePort: 50_000,
  recvQ: 1,
  sendQ: 2,
  uid: 1000,
};

/** A table of ROWS sockets, which differ by their inodes, and a line that is none. */
export function largeTable(): string {
  const lines = Array.from({ length: ROWS }, (_, index) => inetLine({ ...socket, inode: index + 1 }, index));
  lines.splice(ROWS / 3, 0, 'no socket');
  return `heading\n${lines.join('\n')}\n`;
}

export function smallTable(family: 2 | 10): string {
  const length = family === 2 ? 4 : 16;
  const address = new Array<number>(length).fill(1);
  return `heading\n${inetLine({ ...socket, family, local: address, remote: address, inode: 9 }, 0)}\n`;
}

const rolldown = join(createRequire(import.meta.url).resolve('rolldown/package.json'), '../bin/cli.mjs');

/** One file with all that `input` imports, as the package has its reading thread. Not made here: threads are counted. */
export async function bundle(input: string, file: string, format: 'cjs' | 'esm'): Promise<void> {
  const path = fileURLToPath(new URL(`../../../${input}`, import.meta.url));
  const made = await run([
    process.execPath,
    rolldown,
    path,
    '--file',
    file,
    '--format',
    format,
    '--platform',
    'node',
  ]);
  if (made.code !== 0) throw new Error(`${input} could not be bundled: ${made.stdout}`);
}

/** Runs a program to its end. */
export function run([command, ...args]: string[]): Promise<{ code: number | null; stdout: string }> {
  return new Promise((resolve) => {
    const child = execFile(command!, args, (_, stdout) => resolve({ code: child.exitCode, stdout }));
  });
}
