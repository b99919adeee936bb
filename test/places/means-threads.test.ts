import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Namespaced } from '../kernel/namespaced.ts';
import { requirement } from '../requirements.ts';
import { LINES, type MeansScene, PACKAGE, sockscope, startMeans, textOf, wasKilled } from './means.ts';
import { Cgroup } from './means-cgroup.ts';

const missing = requirement('netns', 'python3', 'dist', 'addon');
const noCgroup = missing ?? requirement('root', 'pidscg');
const noUsers = missing ?? requirement('root', 'setpriv', 'prlimit');
const NO_THREAD = 'a thread cannot be started: EAGAIN (raise the limit of processes (ulimit -u, pids.max))';
/** A user without any process: RLIMIT_NPROC counts those of the user. */
const LONELY = 61_237;

/** Threads that Node.js has before anything of ours runs. Where it may start fewer, it aborts or hangs by itself. */
const nodes = Number(
  execFileSync(process.execPath, ['-p', 'require("fs").readdirSync("/proc/self/task").length'], {
    encoding: 'latin1',
  }),
);

let scene: Namespaced<MeansScene>;
beforeAll(async () => {
  if (missing === undefined) scene = await startMeans();
});
afterAll(() => scene?.stop());

/** Runs all in a control group that may have so many threads more than Node.js itself starts. */
async function withThreads<T>(more: number, run: (before: readonly string[]) => Promise<T>): Promise<T> {
  const group = new Cgroup('pids');
  try {
    group.set('pids.max', nodes + more);
    return await run(['sh', '-c', `echo 0 >${group.door} && exec "$@"`, 'sh']);
  } finally {
    group.remove();
  }
}

describe.skipIf(noCgroup !== undefined)(
  `the command without threads${noCgroup ? ` (${noCgroup})` : ''}`,
  () => {
    it('that are refused by a control group answers as ever', { timeout: 120_000 }, async () => {
      // Of sockets /proc tells less than netlink does, and interfaces take a thread: see below.
      const lines = LINES.filter((line) => !/^layers|^-i|^-t?anp? --json/.test(line));
      const free = await scene.runAll(lines.map((line) => sockscope(line)));
      const bound = await withThreads(0, (before) =>
        scene.runAll(lines.map((line) => sockscope(line, before))),
      );
      for (const [index, line] of lines.entries()) {
        expect({ line, ...textOf(bound[index]!) }).toEqual({ line, ...textOf(free[index]!) });
      }
      expect(textOf(bound[lines.indexOf('-tanp')]!).stdout).toMatch(
        /127\.0\.0\.1:7001 .*LISTEN +\d+\/python3/,
      );
    });

    it('says what it lacks where nothing stands in', async () => {
      const lines = ['-i --json', 'layers', '-tan --source netlink', '-tanp --owners bpf', 'delta -- true'];
      const [json, layers, netlink, bpf, delta] = (
        await withThreads(0, (before) => scene.runAll(lines.map((line) => sockscope(line, before))))
      ).map(textOf);
      expect(json).toEqual({ status: 1, stdout: '', stderr: `sockscope: list interfaces: ${NO_THREAD}\n` });
      expect(layers).toMatchObject({
        status: 1,
        stderr: `sockscope: layers: list interfaces: ${NO_THREAD}\n`,
      });
      expect(layers!.stdout).toMatch(/TCP +8: 6 established, 2 listen/);
      expect(layers!.stdout).toMatch(/python3 +1 process, 2 listening, 6 connected, 1 other, 1 unix/);
      expect(netlink!.stderr).toBe(
        `sockscope: read tcp: netlink: ${NO_THREAD}; 'sockscope doctor' tells more\n`,
      );
      expect(netlink!.status).toBe(1);
      expect(bpf).toMatchObject({ status: 1, stderr: expect.stringContaining('find owners: bpf: ') });
      expect(delta).toMatchObject({
        status: 126,
        stderr: 'sockscope: delta: true: resource temporarily unavailable\n',
      });
    });

    it('of which a few are left answers as ever', { timeout: 60_000 }, async () => {
      const lines = ['-tanp', '-tan --source procfs', '-rn', '-an --json'];
      const free = (await scene.runAll(lines.map((line) => sockscope(line)))).map(textOf);
      for (const more of [1, 2, 3, 4, 5]) {
        const bound = await withThreads(more, (before) =>
          scene.runAll(lines.map((line) => sockscope(line, before))),
        );
        expect({ more, answers: bound.map(textOf) }).toEqual({ more, answers: free });
      }
    });

    it('looks for no names, and shows addresses', async () => {
      const [outcome] = await withThreads(0, (before) =>
        scene.runAll([sockscope('-ta --resolve-timeout 2', before)]),
      );
      expect(textOf(outcome!)).toMatchObject({ status: 0, stderr: '' });
      expect(outcome!.stdout.toString()).toContain('127.0.0.1:7001');
    });
  },
);

describe.skipIf(noUsers !== undefined)(
  `a user at the limit of processes${noUsers ? ` (${noUsers})` : ''}`,
  () => {
    it('has the tables all the same', { timeout: 60_000 }, async () => {
      const sysfs = ['unshare', '-m', 'sh', '-c', 'mount -t sysfs sysfs /sys && exec "$@"', 'sh'];
      const before = [
        ...sysfs,
        ...['setpriv', `--reuid=${LONELY}`, `--regid=${LONELY}`, '--clear-groups'],
        ...['prlimit', `--nproc=${nodes}`],
      ];
      const lines = ['-tan', '-rn', '-s', '-i', '-ia', '-tan --source procfs', '-rn --json'];
      const free = await scene.runAll(lines.map((line) => sockscope(line)));
      const bound = await scene.runAll(lines.map((line) => sockscope(line, before)));
      for (const [index, line] of lines.entries()) {
        expect({ line, ...textOf(bound[index]!) }).toEqual({ line, ...textOf(free[index]!) });
      }
    });

    it('has the counters of interfaces where /sys is of another network namespace', {
      timeout: 60_000,
    }, async () => {
      const before = [
        ...['setpriv', `--reuid=${LONELY}`, `--regid=${LONELY}`, '--clear-groups'],
        ...['prlimit', `--nproc=${nodes}`],
      ];
      const [free, bound] = (await scene.runAll([sockscope('-in'), sockscope('-in', before)])).map(textOf);
      const words = 'of interfaces the counters alone are known, and IPv6 addresses';
      expect(bound!.stderr).toBe(
        `sockscope: ${words}: list interfaces: ${NO_THREAD}, and /sys/class/net does not show them\n`,
      );
      expect(bound!.status).toBe(0);
      const namesOf = (text: string) => text.split('\n').map((row) => row.split(' ')[0]);
      expect(namesOf(bound!.stdout)).toEqual(namesOf(free!.stdout));
      expect(bound!.stdout).toMatch(/^lo +- +\d+ /m);
    });
  },
);

/** Asks for everything there is, twice, and says what came of it. */
const AGENT = `
const { openHost } = require(process.argv[2]);
(async () => {
  const host = await openHost();
  const said = {};
  const ask = async (name, question) => {
    said[name] = await question().catch((error) => error.message);
  };
  for (let time = 0; time < 2; time++) {
    const tcp = { protocols: ['tcp'] };
    await ask('tcp', async () => (await host.scan(tcp)).length);
    await ask('owned', async () => (await host.scan({ ...tcp, owners: 'lowest' })).row(0).owners[0].comm);
    await ask('routes', async () => (await host.routes()).length > 0);
    await ask('interfaces', async () => (await host.interfaces()).map(({ name }) => name).join());
    await ask('groups', async () => (await host.groups()).length > 0);
    await ask('statistics', async () => (await host.statistics()).groups.length > 3);
    await ask('nat', async () => typeof (await host.natEntries()).length);
  }
  said.source = host.abilities.tcp.source;
  console.log(JSON.stringify(said));
  await host.close();
})();
`;

describe.skipIf(noCgroup !== undefined)(
  `the library without threads${noCgroup ? ` (${noCgroup})` : ''}`,
  () => {
    let folder: string;
    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'sockscope-means-'));
      cpSync(join(PACKAGE, 'dist'), join(folder, 'bare', 'dist'), { recursive: true });
      cpSync(join(PACKAGE, 'package.json'), join(folder, 'bare', 'package.json'));
      writeFileSync(join(folder, 'agent.cjs'), AGENT);
    });
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    const answers = { tcp: 8, owned: 'python3', routes: true, groups: true, statistics: true, nat: 'number' };

    /** What the agent says, with so many threads to be had. */
    async function ask(packageRoot: string, more: number): Promise<unknown> {
      const [outcome] = await withThreads(more, (before) =>
        scene.runAll([
          {
            command: before[0]!,
            args: [
              ...before.slice(1),
              process.execPath,
              '--no-warnings',
              join(folder, 'agent.cjs'),
              join(packageRoot, 'dist/index.js'),
            ],
          },
        ]),
      );
      expect({ killed: wasKilled(outcome!), stderr: outcome!.stderr.toString() }).toEqual({
        killed: false,
        stderr: '',
      });
      return JSON.parse(outcome!.stdout.toString());
    }

    it('answers by text, in turns with its host', { timeout: 60_000 }, async () => {
      expect(await ask(PACKAGE, 0)).toMatchObject({
        ...answers,
        interfaces: `list interfaces: ${NO_THREAD}`,
        source: 'procfs',
      });
    });

    it.each([1, 2, 3, 4, 6])(
      'does not try the pool where %i threads are left and it might abort',
      async (more) => {
        expect(await ask(PACKAGE, more)).toMatchObject({ ...answers, interfaces: 'lo', source: 'netlink' });
      },
    );

    it.each([0, 1, 2, 3, 4, 6])(
      'does so without the addon, with %i threads left',
      { timeout: 60_000 },
      async (more) => {
        expect(await ask(join(folder, 'bare'), more)).toMatchObject({
          ...answers,
          interfaces: 'lo',
          source: 'procfs',
        });
      },
    );
  },
);
