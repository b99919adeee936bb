import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { requirement } from '../requirements.ts';

const missing = requirement('prlimit', 'addon', 'dist');
const main = fileURLToPath(new URL('../../dist/cli/main.cjs', import.meta.url));

/** The command, that has so many megabytes of address space left, as in a process that has come near its limit. */
const NEAR_ITS_LIMIT = `
const { readFileSync } = require('node:fs');
const { spawnSync } = require('node:child_process');
const [main, room] = process.argv.slice(1);
process.argv = [process.execPath, main, '-tln', '--source=procfs'];
const used = 1024 * Number(/VmSize:\\s+(\\d+)/.exec(readFileSync('/proc/self/status', 'latin1'))[1]);
const { status } = spawnSync('prlimit', ['--pid', process.pid, '--as=' + (used + room * 2 ** 20)]);
if (status !== 0) process.exit(3);
require(main);
`;

describe.skipIf(missing !== undefined)(`threads with small stacks${missing ? ` (${missing})` : ''}`, () => {
  // The pool's have 8 MB each all the same: four took 32, which the trial did not ask for.
  it.each([10, 20, 30, 40, 60])('are no sign that %i MB do for the pool', { timeout: 20_000 }, (room) => {
    const words = ['--stack=262144:262144', process.execPath, '-e', NEAR_ITS_LIMIT, main, String(room)];
    const { status, signal, stdout } = spawnSync('prlimit', words, { encoding: 'utf8' });
    expect({ status, signal }).toEqual({ status: 0, signal: null });
    expect(stdout).toMatch(/^Active Internet connections \(only servers\)\n/);
  });
});
