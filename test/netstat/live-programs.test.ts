import { symlinkSync } from 'node:fs';
import { release } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Command } from '../kernel/namespaced.ts';
import { Packages } from '../owners/packages.ts';
import { type OwnersScene, type Part, startOwnersScene } from '../owners/scene.ts';
import { nobody } from '../owners/users.ts';
import { requirement } from '../requirements.ts';
import { programLines } from './live-combinations.ts';
import { type Printed, printed, settleTimers, withoutTimers } from './live-comparison.ts';

const missing = requirement('root', 'netns', 'pidns', 'python3', 'netstat', 'setpriv', 'addon', 'dist');
/** In a pid namespace the iterator is asked for one process at a time, which kernels before 6.1 cannot. */
const withoutBpf =
  requirement('bpf') ??
  (/^([1-5]|6\.0)\./.test(release()) ? `bpf is missing: Linux ${release()}` : undefined);

const SOURCES = ['netlink', 'procfs', ''];
/** What SOCKSCOPE_OWNERS says; '' is not set. */
const SCANS = withoutBpf === undefined ? ['procfd', 'bpf', ''] : ['procfd', ''];
const VARIANTS = SOURCES.flatMap((source) => SCANS.map((scan) => ({ source, scan })));
/** Its connections stay in their states for a minute. */
const SCENE_LASTS_MS = 30_000;
const LINES_AT_ONCE = 5;

let packages: Packages;
beforeAll(() => {
  if (missing === undefined) packages = new Packages();
});
afterAll(() => packages?.remove());

/** A scene that is young enough. */
class Scenes {
  readonly #parts: readonly Part[];
  #scene: OwnersScene | undefined;
  #bornMs = 0;

  constructor(parts: readonly Part[]) {
    this.#parts = parts;
  }

  async fresh(): Promise<OwnersScene> {
    if (this.#scene !== undefined && performance.now() - this.#bornMs < SCENE_LASTS_MS) return this.#scene;
    await this.stop();
    // With processes of its own: netstat takes minutes where a host has very many sockets.
    this.#scene = await startOwnersScene(this.#parts, true);
    this.#bornMs = performance.now();
    return this.#scene;
  }

  async stop(): Promise<void> {
    const scene = this.#scene;
    this.#scene = undefined;
    await scene?.stop();
  }
}

function ours(words: readonly string[], { source, scan }: (typeof VARIANTS)[number]): Command {
  const settings = { SOCKSCOPE_SOURCE: source, SOCKSCOPE_OWNERS: scan };
  const env = Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== ''));
  return { command: process.execPath, args: [packages.command('native'), ...words], env };
}

/** The words as a command that runs as nobody. */
function asNobody({ command, args = [], env = {} }: Command): Command {
  const [setpriv, ...options] = nobody;
  return { command: setpriv!, args: [...options, command, ...args], env };
}

/**
 * netstat's output as it would be had it escaped the control bytes of names. Seen: it prints them as they are, a newline
 * too, which makes a row of its own.
 */
function withEscapedNames(netstat: Printed, { description }: OwnersScene): Printed {
  let { stdout } = netstat;
  for (const { pid, program } of description.processes) {
    const name = Buffer.from(program ?? '', 'hex').toString('latin1');
    if (!/[\x00-\x1f\x7f]/.test(name)) continue;
    const hex = (byte: string): string => `\\x${byte.charCodeAt(0).toString(16).padStart(2, '0')}`;
    const escaped = name.replace(/[\x00-\x1f\x7f]/g, hex);
    const cell = (text: string): string => `${pid}/${text}`.slice(0, 19).padEnd(20);
    stdout = stdout.replaceAll(` ${cell(name)}`, ` ${cell(escaped)}`);
  }
  return { ...netstat, stdout };
}

const remark = missing ?? withoutBpf;
const title = `-p beside the real netstat, live${remark === undefined ? '' : ` (${remark})`}`;

describe.skipIf(missing !== undefined)(title, () => {
  const scenes = new Scenes(['sharing', 'names', 'reasons']);
  const threads = new Scenes(['threads', 'sharing']);
  afterAll(async () => {
    await scenes.stop();
    await threads.stop();
  });

  it('prints every pair of options from every source with every owner scan', {
    timeout: 180_000,
  }, async () => {
    const lines = programLines();
    for (let start = 0; start < lines.length; start += LINES_AT_ONCE) {
      const some = lines.slice(start, start + LINES_AT_ONCE);
      const scene = await scenes.fresh();
      const runs = some.map((words) => {
        const netstat = { command: 'netstat', args: words };
        return [netstat, ...VARIANTS.map((variant) => ours(words, variant)), netstat];
      });
      const outcomes = (await scene.runAll(runs.flat())).map(printed);
      for (const [index, words] of some.entries()) {
        const count = runs[index]!.length;
        compare(words, outcomes.slice(index * count, (index + 1) * count), scene);
      }
    }
  });

  function compare(words: readonly string[], runs: readonly Printed[], scene: OwnersScene): void {
    const label = `netstat ${words.join(' ')}`;
    const [before, after] = [runs[0]!, runs.at(-1)!];
    expect(withoutTimers(before), `${label}: the scene stood still`).toEqual(withoutTimers(after));
    const [first, last] = [before, after].map((netstat) => withEscapedNames(netstat, scene)) as [
      Printed,
      Printed,
    ];
    for (const [index, { source, scan }] of VARIANTS.entries()) {
      const settled = settleTimers(first, runs[index + 1]!, last, source !== 'procfs');
      expect(settled, `${label}, source ${source || 'auto'}, owners ${scan || 'auto'}`).toEqual(first);
    }
  }

  it('names the processes of the scene', async () => {
    const scene = await scenes.fresh();
    const { stdout } = await scene.run('netstat', ['-tlnp']);
    const named = scene.description.processes.filter(({ program }) => program !== undefined);
    expect(named.length).toBeGreaterThan(15);
    for (const { pid } of named) expect(stdout.toString('latin1')).toContain(` ${pid}/`);
  });

  it('names the holders of what threads hold alone, where netstat names nobody', async () => {
    const scene = await threads.fresh();
    const [theirs, own] = (
      await scene.runAll([
        { command: 'netstat', args: ['-tanp'] },
        ours(['-tanp'], { source: 'procfs', scan: 'procfd' }),
      ])
    ).map((outcome) => printed(outcome).stdout.split('\n'));
    expect(own).toHaveLength(theirs!.length);
    const different = theirs!.flatMap((line, index) => (line === own![index] ? [] : [[line, own![index]!]]));
    expect(different.length).toBeGreaterThan(0);
    for (const [line, ownLine] of different) {
      expect(line!.slice(80).trimEnd()).toBe('-');
      expect(ownLine!.slice(80)).toMatch(/^\d+\/\S/);
      expect(ownLine!.slice(0, 80)).toBe(line!.slice(0, 80));
    }
  });

  it('prints the same under the name of netstat, which does not look at threads', async () => {
    const link = join(packages.folder, 'native/dist/cli/netstat');
    symlinkSync('main.cjs', link);
    for (const words of [['-tanp'], ['-xp'], ['-tuxpen']]) {
      const scene = await threads.fresh();
      const run = { command: process.execPath, args: [link, ...words] };
      const [theirs, own] = (await scene.runAll([{ command: 'netstat', args: words }, run])).map(printed);
      expect(own).toEqual(theirs);
    }
  });

  it('prints the same, notes and all, as nobody', async () => {
    const scene = await scenes.fresh();
    for (const words of [['-tlnp'], ['-xp'], ['-tuxp', '-n']]) {
      const variants = SOURCES.map((source) => ours(words, { source, scan: 'procfd' }));
      const commands = [{ command: 'netstat', args: words }, ...variants].map(asNobody);
      const [theirs, ...own] = (await scene.runAll(commands)).map(printed);
      expect(theirs!.stderr).toMatch(/^\(Not all processes could be identified/);
      for (const one of own) expect(one).toEqual(withEscapedNames(theirs!, scene));
    }
  });

  it('names every process with --owners-all', async () => {
    const scene = await scenes.fresh();
    const shared = scene.description.sockets.find(({ name }) => name === 'shared over fork')!;
    const pids = [...new Set(shared.holders.map(({ pid }) => pid))];
    expect(pids.length).toBeGreaterThan(2);
    for (const scan of SCANS) {
      const { stdout } = printed(
        (await scene.runAll([ours(['-tln', '--owners-all'], { source: '', scan })]))[0]!,
      );
      const row = stdout.split('\n').find((line) => line.includes(`127.0.0.1:${shared.localPort} `))!;
      const cells = row.slice(80).trimEnd().split(',');
      expect(cells.map((cell) => Number(cell.split('/')[0]))).toEqual(pids);
      expect(cells.every((cell) => /^\d+\/python3/.test(cell))).toBe(true);
    }
  });

  it('shows nobody with --owners=none', async () => {
    const scene = await scenes.fresh();
    const { stdout, stderr } = printed(
      await scene.run(process.execPath, [packages.command('native'), '-tlnp', '--owners=none']),
    );
    const cells = stdout
      .split('\n')
      .slice(2, -1)
      .map((line) => line.slice(79));
    expect(cells.length).toBeGreaterThan(20);
    expect(new Set(cells)).toEqual(new Set([' -                   ']));
    expect(stderr).toBe('');
  });
});
