import { copyFileSync, existsSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launch, type Namespaced } from '../kernel/namespaced.ts';
import { requirement } from '../requirements.ts';
import { type Answer, type Project, Workplace } from './consumer.ts';
import { compileForeignAddon } from './foreign-addon.ts';
import { NODES, NPMS, root } from './toolchain.ts';

const lacking = requirement('nodes', 'prebuilds', 'dist', 'netns', 'python3');
const withoutCompiler = requirement('compiler', 'addon');
const versions = Object.entries(NODES);
const [npm11] = Object.values(NPMS);
const COMMAND = join(root, 'dist/cli/main.cjs');

let scene: Namespaced<{ sockets: number }>;
let workplace: Workplace;
/** With the package as it comes. */
let project: Project;

describe.skipIf(lacking !== undefined)('a consumer', () => {
  beforeAll(async () => {
    workplace = new Workplace();
    scene = await launch({ script: fileURLToPath(new URL('consumer_scene.py', import.meta.url)) });
    project = install('project', npm11!);
  });
  afterAll(async () => {
    await scene?.stop();
    workplace?.remove();
  });

  function install(name: string, npm: (typeof NPMS)[string]): Project {
    const made = workplace.project(name);
    const words = ['install', workplace.tarball(npm), '--loglevel=notice'];
    const ended = workplace.npm(npm, words, made.folder);
    // One package, and not a word of scripts, of funds, or of what is deprecated.
    expect(ended.stdout).toMatch(/^\s*added 1 package in \S+\s*$/);
    expect(ended).toMatchObject({ status: 0, stderr: '' });
    return made;
  }

  /** What the checkout's own command prints of the same sockets. */
  async function expected(source: string): Promise<string> {
    const { stdout } = await scene.run(process.execPath, [COMMAND, `--source=${source}`, '-tan']);
    const text = stdout.toString();
    expect(text.trim().split('\n')).toHaveLength(2 + scene.description.sockets);
    return text;
  }

  async function answers(where: Project, node: string): Promise<Answer[]> {
    const outcomes = await scene.runAll([where.ask('ask.mjs', [node]), where.ask('ask.cjs', [node])]);
    return outcomes.map(({ status, stdout, stderr }) => {
      expect({ status, stderr: stderr.toString() }).toEqual({ status: 0, stderr: '' });
      return JSON.parse(stdout.toString());
    });
  }

  /** All three ways to the sockets answer through /proc, and say why there is nothing better, in these words. */
  async function answersThroughProc(where: Project, node: string, reason: string): Promise<void> {
    const answer = { source: 'procfs', reason, rows: scene.description.sockets, complete: true };
    expect(await answers(where, node)).toEqual([answer, answer]);
    const [plain, named] = await scene.runAll([
      where.bin(node, ['-tan']),
      where.bin(node, ['--source=netlink', '-tan']),
    ]);
    expect(plain).toMatchObject({ status: 0, stderr: Buffer.alloc(0) });
    expect(plain!.stdout.toString()).toBe(await expected('procfs'));
    expect(named!.status).toBe(1);
    expect(named!.stderr.toString()).toContain(reason);
  }

  it.each(Object.entries(NPMS))(
    'installs it with %s, which runs nothing and warns of nothing',
    (title, npm) => {
      const made = install(title.replace(' ', '-'), npm);
      expect(existsSync(made.addon())).toBe(true);
      expect(existsSync(join(made.installed, 'build'))).toBe(false);
      const lock = JSON.parse(readFileSync(join(made.folder, 'package-lock.json'), 'utf8'));
      expect(Object.keys(lock.packages)).toEqual(['', 'node_modules/sockscope']);
      expect(lock.packages['node_modules/sockscope']).not.toHaveProperty('hasInstallScript');
    },
  );

  it.each(Object.entries(NPMS))('installs the command for everybody with %s', (title, npm) => {
    const prefix = join(workplace.folder, `global-${title.replace(' ', '-')}`);
    const words = ['install', '--global', `--prefix=${prefix}`, workplace.tarball(npm)];
    expect(workplace.npm(npm, words)).toMatchObject({ status: 0, stderr: '' });
    const installed = join(prefix, 'lib/node_modules/sockscope');
    expect(realpathSync(join(prefix, 'bin/sockscope'))).toBe(join(installed, 'dist/cli/main.cjs'));
    // npm links no manual since its version 12.
    const manual = join(prefix, 'share/man/man1/sockscope.1');
    if (title === 'npm 11') expect(realpathSync(manual)).toBe(join(installed, 'man/sockscope.1'));
    else expect(existsSync(manual)).toBe(false);
  });

  describe.each(versions)('on %s', (_, node) => {
    it('imports it, requires it and runs its command, with the addon', async () => {
      const answer = { source: 'netlink', rows: scene.description.sockets, complete: true };
      expect(await answers(project, node)).toEqual([answer, answer]);
      const [plain, named] = await scene.runAll([
        project.bin(node, ['-tan']),
        project.bin(node, ['--source=netlink', '-tan']),
      ]);
      for (const { status, stdout, stderr } of [plain!, named!]) {
        expect({ status, stderr: stderr.toString() }).toEqual({ status: 0, stderr: '' });
        expect(stdout.toString()).toBe(await expected('netlink'));
      }
    });

    it('does so through /proc without the addon', async () => {
      const without = workplace.copyOf(project, `without-${versions.findIndex(([, path]) => path === node)}`);
      rmSync(join(without.installed, 'prebuilds'), { recursive: true });
      await answersThroughProc(without, node, `there is no addon for linux-${process.arch}`);
    });
  });

  describe('whose addon', () => {
    const node = process.execPath;

    it('is cut short goes on through /proc, and hears of it', async () => {
      const made = workplace.copyOf(project, 'cut-short');
      const path = made.addon();
      writeFileSync(path, readFileSync(path).subarray(0, 40_000));
      const { reason } = (await answers(made, node))[0]!;
      expect(reason).toMatch(/: the file was cut short: it has 40000 of \d+ bytes and more$/);
      await answersThroughProc(made, node, reason!);
    });

    it('is for another architecture goes on through /proc, and hears of it', async () => {
      const made = workplace.copyOf(project, 'other-architecture');
      const path = made.addon();
      const other = process.arch === 'x64' ? 'arm64' : 'x64';
      copyFileSync(made.addon(other), path);
      const words = `it is for ${other}, this Node.js for ${process.arch}`;
      await answersThroughProc(made, node, `the addon does not load: ${path}: ${words}`);
    });

    it.skipIf(withoutCompiler !== undefined)('has another layout goes on through /proc', async () => {
      const made = workplace.copyOf(project, 'other-layout');
      const path = made.addon();
      compileForeignAddon(path);
      const words = 'the addon has layout 9999, this version of sockscope needs';
      const [answer] = await answers(made, node);
      expect(answer!.reason).toContain(`the addon does not load: ${path}: ${words} `);
      await answersThroughProc(made, node, answer!.reason!);
    });
  });
});
