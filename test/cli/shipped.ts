import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const COMMAND = fileURLToPath(new URL('../../dist/cli/main.cjs', import.meta.url));
/** Runs of a test file that go through what ships, where `npm run coverage` asks: each takes some 60 ms. */
let left = process.env.SOCKSCOPE_COVERAGE === undefined ? 0 : 150;

export interface Shipped {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * With `npm run coverage`: what the command that ships says of the tables in a directory, so that it is seen what of it
 * runs. Undefined elsewhere, and when a test file has had its share.
 */
export function runShipped(words: readonly string[], netDirectory: string): Shipped | undefined {
  if (left === 0) return undefined;
  left--;
  const root = mkdtempSync(join(tmpdir(), 'sockscope-shipped-'));
  try {
    symlinkSync(netDirectory, join(root, 'net'));
    const { status, stdout, stderr } = spawnSync(process.execPath, [COMMAND, `--proc=${root}`, ...words], {
      encoding: 'latin1',
      env: { ...process.env, NODE_V8_COVERAGE: process.env.SOCKSCOPE_COVERAGE },
      maxBuffer: 2 ** 28,
    });
    const inPlace = (text: string): string => text.replaceAll(`${root}/net`, netDirectory);
    return { status: status ?? -1, stdout: inPlace(stdout), stderr: inPlace(stderr) };
  } finally {
    rmSync(root, { recursive: true });
  }
}
