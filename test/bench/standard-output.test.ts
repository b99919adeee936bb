import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { COMPARE_USAGE } from '../../bench/compare-options.ts';
import { USAGE } from '../../bench/options.ts';
import { writeResult } from '../../bench/result-file.ts';
import { result } from './sample-result.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'sockscope-output-'));
afterAll(() => rmSync(folder, { recursive: true }));

const [first, second] = [join(folder, 'first.json'), join(folder, 'second.json')];
const others = [100, 101, 102, 103, 104];
writeResult(first, result([40, 41, 42, 43, 44], others));
writeResult(second, result([80, 82, 84, 86, 88], others));

const report = ['bench/run.ts', '--report', first];
const comparison = ['bench/compare.ts', first, second];
const failing = [...comparison, '--fail-over', '1.1'];
const commandLine = (words: readonly string[]): string[] => ['--import', 'tsx', ...words];

/** What comes of a program whose reader has gone before it has begun. */
async function unread(words: readonly string[]): Promise<{ code: number | null; stderr: string }> {
  const child = spawn(process.execPath, commandLine(words), { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.destroy();
  const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  return { code, stderr };
}

function run(words: readonly string[], stdout: 'pipe' | number = 'pipe') {
  const stdio = ['ignore', stdout, 'pipe'] as const;
  return spawnSync(process.execPath, commandLine(words), { cwd: root, stdio: [...stdio], encoding: 'utf8' });
}

describe('standard output', () => {
  it('that nobody reads ends the bench in silence', async () => {
    expect(await unread(report)).toEqual({ code: 0, stderr: '' });
    expect(await unread(comparison)).toEqual({ code: 0, stderr: '' });
  });

  it('that nobody reads hides no figure that is worse', async () => {
    const { code, stderr } = await unread(failing);
    expect(code).toBe(1);
    expect(stderr).toContain('compare: sockscope -tan, sample, wallMs: 2.00 times\n');
    expect(stderr).not.toContain('EPIPE');
  });

  it.each([
    ['bench', report],
    ['compare', comparison],
  ])('that is full is told in one line: %s', (program, words) => {
    const full = openSync('/dev/full', 'w');
    try {
      const { status, stderr } = run(words, full);
      expect(status).toBe(1);
      expect(stderr).toMatch(new RegExp(`^${program}: the output cannot be written: ENOSPC.*\n$`));
    } finally {
      closeSync(full);
    }
  });

  it.each([
    ['bench/run.ts', '--help', USAGE],
    ['bench/compare.ts', '-h', COMPARE_USAGE],
  ])('has the usage of %s %s', (script, option, usage) => {
    expect(run([script, option])).toMatchObject({ status: 0, stdout: usage, stderr: '' });
  });
});

describe('the exit code of the bench', () => {
  it('is 2 where an argument is wrong', () => {
    expect(run(['bench/run.ts', '--nonsense'])).toMatchObject({ status: 2, stdout: '' });
    expect(run(['bench/compare.ts', first])).toMatchObject({ status: 2, stdout: '' });
  });

  it('is 1, with one line and before anything is measured, where the result cannot be put', () => {
    const file = join(folder, 'nonexist/x.json');
    expect(run(['bench/run.ts', '--quick', '--json', file])).toMatchObject({
      ...{ status: 1, stdout: '' },
      stderr: `bench: the result cannot go to ${file}: no folder ${folder}/nonexist; --json names another place\n`,
    });
    expect(existsSync(join(folder, 'nonexist'))).toBe(false);
  });
});
