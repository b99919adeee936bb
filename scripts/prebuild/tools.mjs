import { spawnSync } from 'node:child_process';
import { heldLocks } from '../lock.mjs';

/** Runs a program of a build. Throws, in words, with what it said, when it is not there or fails. */
export function run(program, words, { cwd, env } = {}) {
  const { status, error, output } = spawnSync(program, words, {
    cwd,
    env: { ...process.env, ...env },
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    stdio: ['pipe', 'pipe', 'pipe', ...heldLocks()],
  });
  if (error !== undefined) throw new Error(`${program} does not run: ${error.message}`);
  if (status !== 0) throw new Error(`${program} ${words[0]} ended with ${status}\n${output.join('').trim()}`);
}

/** Whether a program is there and runs. */
export function isThere(program, ...words) {
  return spawnSync(program, words, { stdio: 'ignore' }).status === 0;
}
