import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { requirement } from '../requirements.ts';

const missing = requirement('netns', 'python3', 'dist', 'addon');

const SCRIPT = fileURLToPath(new URL('look_only.py', import.meta.url));
const MAIN = fileURLToPath(new URL('../../dist/cli/main.cjs', import.meta.url));
const SIGSYS = 31;

interface Seen {
  readonly pid: number;
  readonly port: number;
  readonly runs: readonly { readonly status: number; readonly stdout: string; readonly stderr: string }[];
  /** Masks of inotify(7) for the files that another process holds. */
  readonly events: readonly number[];
  /** The same when one of them is opened by its link in /proc. */
  readonly seen: readonly number[];
  readonly killed: readonly number[];
}

/** Runs the command with each list of words where acting on another process is deadly. */
function look(...lines: readonly (readonly string[])[]): Seen {
  const folder = mkdtempSync(join(tmpdir(), 'look-only-'));
  try {
    const commands = lines.map((words) => [process.execPath, MAIN, ...words]);
    const script = ['python3', '-B', SCRIPT, folder, JSON.stringify(commands)];
    const { stdout, stderr } = spawnSync(
      'unshare',
      ['-Urnm', 'sh', '-c', 'ip link set lo up; exec "$@"', 'sh', ...script],
      { encoding: 'utf8' },
    );
    if (stdout === '') throw new Error(stderr);
    return JSON.parse(stdout);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe.skipIf(missing !== undefined)(`whoever looks ${missing ?? ''}`, () => {
  it('opens no file that another process holds, and does nothing to that process', () => {
    const tables = ['-ian', '-rn', '-gn', '-s'].map((words) => [words]);
    const listings = ['netlink', 'procfs'].map((source) => [
      '-tuxanpe',
      '--owners=procfd',
      `--source=${source}`,
    ]);
    const { pid, port, runs, events, seen, killed } = look(...listings, ...tables);
    // The watch and the filter would have noticed.
    expect(seen).not.toEqual([]);
    expect(killed).toEqual([-SIGSYS]);
    expect(runs.map(({ status }) => status)).toEqual(runs.map(() => 0));
    for (const { stdout } of runs.slice(0, 2)) {
      expect(stdout).toMatch(new RegExp(`127\\.0\\.0\\.1:${port} .* LISTEN .* ${pid}/python3`));
    }
    expect(events).toEqual([]);
  });
});
