import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { type Command, type Scene, startScene } from '../kernel/scene.ts';
import { requirement } from '../requirements.ts';
import { type Combination, combinations } from './live-combinations.ts';
import {
  type Printed,
  printed,
  settleTimers,
  withoutRawTable,
  withoutTimers,
  withWholeNames,
} from './live-comparison.ts';

const command = fileURLToPath(new URL('../../dist/cli/main.cjs', import.meta.url));
const missing =
  requirement('netns', 'python3', 'netstat') ??
  (existsSync(command) ? undefined : 'dist/cli/main.cjs is missing: it is not built');

const withoutAddon = requirement('addon');
/** What SOCKSCOPE_SOURCE says; '' is not set. */
const SOURCES = withoutAddon === undefined ? ['netlink', 'procfs', ''] : ['procfs', ''];
/** netstat, ours from every source, netstat again. */
const RUNS = SOURCES.length + 2;
/** Lines compared between two looks at the scene's age. */
const LINES_AT_ONCE = 6;
const LINES_NEED_MS = 20_000;
const GROUP_TIMEOUT_MS = 180_000;
/** `triples` is thorough, and takes minutes. */
const strength = process.env.SOCKSCOPE_COMBINATIONS === 'triples' ? 3 : 2;

const remark = missing ?? withoutAddon;
const title = `beside the real netstat, live${remark === undefined ? '' : ` (${remark})`}`;

describe.skipIf(missing !== undefined)(title, () => {
  let scene: Scene | undefined;
  /** A scene in which nothing will change for as long as a few lines take. */
  const freshScene = async (): Promise<Scene> => {
    if (scene?.lastsFor(LINES_NEED_MS) === true) return scene;
    await scene?.stop();
    scene = undefined;
    scene = await startScene();
    return scene;
  };
  afterAll(() => scene?.stop());

  const groups = missing === undefined ? combinations(strength) : new Map<string, Combination[]>([['', []]]);
  const named = [...groups].map(
    ([tables, lines]) => [tables || 'without a choice of tables', lines] as const,
  );
  it.each(named)(
    '%s',
    async (_, lines) => {
      for (let start = 0; start < lines.length; start += LINES_AT_ONCE) {
        const some = lines.slice(start, start + LINES_AT_ONCE);
        const inScene = await freshScene();
        const outcomes = (await inScene.runAll(some.flatMap(commandsFor))).map(printed);
        for (const [index, line] of some.entries()) {
          compare(line, outcomes.slice(index * RUNS, (index + 1) * RUNS), inScene);
        }
      }
    },
    GROUP_TIMEOUT_MS,
  );
});

function commandsFor({ words }: Combination): Command[] {
  const netstat = { command: 'netstat', args: words };
  const ours = SOURCES.map((source) => ({
    command: process.execPath,
    args: [command, ...words],
    env: source === '' ? {} : { SOCKSCOPE_SOURCE: source },
  }));
  return [netstat, ...ours, netstat];
}

function compare(line: Combination, runs: readonly Printed[], { description }: Scene): void {
  const label = `netstat ${line.words.join(' ')}`;
  const [before, after] = [runs[0]!, runs.at(-1)!];
  expect(withoutTimers(before), `${label}: the scene stood still`).toEqual(withoutTimers(after));
  for (const [index, source] of SOURCES.entries()) {
    const own = runs[index + 1]!;
    const lacksRaw = source === 'netlink' && /^sockscope: .*raw/m.test(own.stderr);
    const [first, last] = [before, after]
      .map((netstat) => withWholeNames(netstat, description))
      .map((netstat) => (lacksRaw ? withoutRawTable(netstat, line) : netstat)) as [Printed, Printed];
    const settled = settleTimers(first, own, last, source !== 'procfs');
    const ours = lacksRaw ? { ...settled, stderr: withoutOwnWords(settled.stderr) } : settled;
    expect(ours, `${label}, source ${source || 'by itself'}`).toEqual(first);
  }
}

/** Standard error without the line that says why the source cannot be used. */
function withoutOwnWords(stderr: string): string {
  return stderr.replace(/^sockscope: .*raw.*\n/m, '');
}
