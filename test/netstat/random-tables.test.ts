import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { run } from '../cli/in-process.ts';
import { runShipped } from '../cli/shipped.ts';
import { requirement } from '../requirements.ts';
import { Dice, seedOfRun } from './dice.ts';
import { randomTables } from './random-tables.ts';
import { readable } from './synthetic-comparison.ts';
import { netstat, type Outcome, runOn } from './synthetic-proc.ts';

const missing = requirement('netns', 'netstat');

const TREES = 250;
const LINES = [
  ['-gn', '--ax25', '--x25', '--netrom', '--rose', '-a'],
  ['--ipx', '-en', '--x25'],
];

type Tree = Readonly<Record<string, string>>;

/** What netstat says of each tree, with each line of options. */
function theirs(trees: readonly Tree[]): Outcome[] {
  const net = Object.fromEntries(
    trees.flatMap((tree, index) => [
      [`trees/${index}/present`, ''],
      ...Object.entries(tree).map(([name, text]) => [`trees/${index}/${name}`, text]),
    ]),
  );
  const commandLines = trees.flatMap((_, index) =>
    LINES.map((options) => [
      'sh',
      '-c',
      `mount --bind /proc/net/trees/${index} /proc/net; "$@"; status=$?; umount /proc/net; exit $status`,
      'sh',
      ...netstat(options),
    ]),
  );
  return runOn({ net }, commandLines);
}

/** What the command says, in this process. */
async function ours(tree: Tree, options: readonly string[]): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'sockscope-tables-'));
  try {
    for (const [name, text] of Object.entries(tree)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    const shipped = runShipped(options, folder);
    const { stdout, stderr, status } = shipped ?? (await run(options, {}, { netDirectory: folder }));
    const inProc = (text: string): string => text.replaceAll(folder, '/proc/net');
    return { stdout: inProc(stdout), stderr: inProc(stderr), code: status! };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe.skipIf(missing !== undefined)(`random tables beside netstat ${missing ?? ''}`, () => {
  it('groups and legacy sockets', { timeout: 120_000 }, async () => {
    const seed = seedOfRun();
    const dice = new Dice(seed);
    const trees = Array.from({ length: TREES }, () => randomTables(dice));
    const expected = theirs(trees);
    expect(expected.filter(({ code }) => code === 0).length).toBeGreaterThan(TREES / 2);
    for (const [index, tree] of trees.entries()) {
      for (const [place, options] of LINES.entries()) {
        const found = readable(options.join(' '), await ours(tree, options));
        const line = readable(options.join(' '), expected[index * LINES.length + place]!);
        expect({ ...found, tree }, `SOCKSCOPE_SEED=${seed}, tree ${index}`).toEqual({ ...line, tree });
      }
    }
  });
});
