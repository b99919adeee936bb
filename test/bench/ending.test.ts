import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
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
afterEach(() => rmSync(folder, { recursive: true }));

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

function processesOfBench(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && existsSync(`/proc/${name}/cmdline`))
    .map((pid) => commandLine(pid))
    .filter((words) => words.includes(folder));
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
    await said(child, 'round 1 of 3');
    expect(processesOfBench().length).toBeGreaterThan(1);
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
