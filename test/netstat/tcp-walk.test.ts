import { existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Command, type Outcome, type Scene, startScene } from '../kernel/scene.ts';
import { requirement } from '../requirements.ts';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
const main = path('../../dist/cli/main.cjs');
const missing =
  requirement('root', 'netns', 'python3', 'netstat', 'addon', 'bpf') ??
  (process.arch === 'x64' ? undefined : `no walk for ${process.arch}`) ??
  (existsSync(main) ? undefined : 'dist/cli/main.cjs is missing: it is not built');
const remark = missing === undefined ? '' : ` (${missing})`;
const TIMEOUT_MS = 60_000;

/** Sockets in every state, few of them: it is told that they are many (walks.cjs). */
describe.skipIf(missing !== undefined)(
  `sockscope -tan by a walk beside netstat, every state${remark}`,
  () => {
    let scene: Scene;
    let folder: string;
    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'sockscope-walk-'));
      scene = await startScene();
    }, TIMEOUT_MS);
    afterAll(async () => {
      await scene?.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    const ours = (words: readonly string[], script = main): Command => ({
      command: process.execPath,
      args: ['--require', path('walks.cjs'), script, ...words],
    });
    const linesOf = ({ stdout }: Outcome): string[] => stdout.toString('latin1').split('\n');

    it.each([['-tan'], ['-tn'], ['-tan', '-4'], ['-tan', '-6'], ['-tanW']])(
      '%s',
      { timeout: TIMEOUT_MS },
      async (...words) => {
        const netstat: Command = { command: 'netstat', args: words };
        const [before, walked, after] = await scene.runAll([netstat, ours([...words]), netstat]);
        expect(linesOf(before!)).toEqual(linesOf(after!));
        expect(linesOf(walked!)).toEqual(linesOf(before!));
        expect(linesOf(walked!).length).toBeGreaterThan(words.includes('-6') ? 10 : 30);
        expect(walked).toMatchObject({ status: 0, stderr: Buffer.from('walk\n') });
      },
    );

    it.each<[string, readonly string[], number]>([
      ['other owner scans are named', ['-tan', '--owners', 'procfd'], 0],
      ['owners are not wanted', ['-tan', '--owners', 'none'], 0],
      ['netlink is named', ['-tan', '--source', 'netlink'], 0],
      ['BPF is named for owners', ['-tan', '--owners', 'bpf'], 1],
      ['more is asked', ['-tane'], 0],
      ['listeners alone are asked for', ['-tln'], 0],
    ])('where %s: %s', { timeout: TIMEOUT_MS }, async (_, words, walks) => {
      const { status, stderr } = await scene.run(process.execPath, ours([...words]).args);
      expect({ status, stderr: stderr.toString() }).toEqual({ status: 0, stderr: 'walk\n'.repeat(walks) });
    });

    it('not where it is called netstat', { timeout: TIMEOUT_MS }, async () => {
      symlinkSync(main, join(folder, 'netstat'));
      const { args } = ours(['-tan'], join(folder, 'netstat'));
      const { status, stderr } = await scene.run(process.execPath, args);
      expect({ status, stderr: stderr.toString() }).toEqual({ status: 0, stderr: '' });
    });

    it.each(['kill', '1'])(
      'and not under a filter that refuses bpf(2): %s',
      { timeout: TIMEOUT_MS },
      async (verdict) => {
        const netstat: Command = { command: 'netstat', args: ['-tan'] };
        const { command, args = [] } = ours(['-tan']);
        const filtered = [path('../owners/filter-bpf.py'), verdict, command, ...args];
        const [before, walked] = await scene.runAll([netstat, { command: 'python3', args: filtered }]);
        expect(linesOf(walked!)).toEqual(linesOf(before!));
        expect(walked).toMatchObject({ status: 0, stderr: Buffer.from('walk\n') });
      },
    );

    it('and the doctor says so', { timeout: TIMEOUT_MS }, async () => {
      for (const [words, by] of [
        [[], 'bpf'],
        [['--owners', 'procfd'], undefined],
        [['--source', 'netlink'], undefined],
      ] as const) {
        const { stdout } = await scene.run(process.execPath, [main, 'doctor', '--json', ...words]);
        const { abilities } = JSON.parse(stdout.toString());
        expect([abilities.tcp.source, abilities.tcp.largeBy]).toEqual(['netlink', by]);
      }
    });
  },
);
