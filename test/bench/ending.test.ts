import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { requirement } from '../requirements.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const missing =
  requirement('netns') ??
  requirement('compiler') ??
  requirement('dist') ??
  requirement('netstat') ??
  requirement('ss');

/** The bench's temporary folder: its C programs are in it, and so is its name in the command line of whoever runs inside. */
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sockscope-ending-'));
});
afterEach(() => {
  for (const { pid } of processesOfBench()) process.kill(pid, 'SIGKILL');
  rmSync(folder, { recursive: true });
});

function bench(...words: readonly string[]): ChildProcess {
  return spawn(process.execPath, ['--import', 'tsx', 'bench/run.ts', ...words], {
    cwd: root,
    env: { ...process.env, TMPDIR: folder },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
}

/** Resolves when it has said so on standard error. */
async function said(child: ChildProcess, words: string): Promise<void> {
  for await (const line of createInterface({ input: child.stderr! })) if (line.includes(words)) return;
  throw new Error(`the bench ended and had not said "${words}"`);
}

function processesOfBench(): { readonly pid: number; readonly words: string }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .map((pid) => ({ pid: Number(pid), words: commandLine(pid) }))
    .filter(({ words }) => words.includes(folder) && !words.includes('bench/run.ts'));
}

/** Whoever is stopped does not end by itself: it has to be killed. */
async function stopSubject(): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    const subject = processesOfBench().find(({ words }) => /^\S*node .*neighbour\.mjs/.test(words));
    if (subject !== undefined) {
      process.kill(subject.pid, 'SIGSTOP');
      return;
    }
    await sleep(10);
  }
  throw new Error('no subject runs');
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

describe.skipIf(missing !== undefined)(`a bench that is ended${missing ? ` (${missing})` : ''}`, () => {
  it.each(['SIGTERM', 'SIGINT', 'SIGKILL'] as const)('by %s leaves no process', async (signal) => {
    // Polls of an echo server: the subject has children of its own.
    const result = join(folder, 'result.json');
    const child = bench(
      '--scenario',
      'neighbour',
      '--sockets',
      '100',
      '--runs',
      '3',
      '--busy',
      '--json',
      result,
    );
    const exited = once(child, 'exit');
    await said(child, 'round 1 of ');
    await stopSubject();
    child.kill(signal);
    const [code] = await exited;
    expect(code).toBe(signal === 'SIGKILL' ? null : 128 + constants.signals[signal]);
    for (let tries = 0; tries < 100 && processesOfBench().length > 0; tries += 1) await sleep(50);
    expect(processesOfBench()).toEqual([]);
    // What is killed cannot tidy up.
    if (signal !== 'SIGKILL')
      expect(readdirSync(folder).filter((name) => name.startsWith('sockscope-bench-'))).toEqual([]);
  });
});
