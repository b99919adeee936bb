import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requirement } from '../requirements.ts';
import { nodePrograms } from './nodes.ts';
import { answerOf, type Outcome, run } from './run.ts';
import { ADDON, LONG_ROWS, PACKAGE, Workshop } from './workshop.ts';

const missing = requirement('addon', 'dist');
const remark = missing ?? requirement('nodes');
const because = remark === undefined ? '' : ` (${remark})`;
const PROC = '--allow-fs-read=/proc/*';
const REST = ['routes', 'interfaces', 'groups', 'statistics'];
const forbidden = (operation: string, flag: string) =>
  `${operation}: Node.js's permission model forbids to read it (start Node.js with ${flag})`;

let workshop: Workshop;
beforeAll(() => {
  workshop = new Workshop();
});
afterAll(() => workshop?.remove());

describe.skipIf(missing !== undefined).each(nodePrograms())(
  `the permission model of Node.js $major${because}`,
  ({ path, major }) => {
    const model = major < 22 ? '--experimental-permission' : '--permission';
    // The agent listens, to be found; sockscope itself never uses node:net.
    const net = major < 25 ? [] : ['--allow-net'];
    /** Runs an agent that may read itself, the package, and what the flags say. */
    const ask = (agent: string, flags: readonly string[], options: object = {}): Promise<Outcome> => {
      const own = [`--allow-fs-read=${workshop.folder}/*`, `--allow-fs-read=${PACKAGE}*`];
      return askBare(agent, [...own, ...flags], options);
    };
    const askBare = (agent: string, flags: readonly string[], options: object = {}): Promise<Outcome> => {
      const words = [...net, '--no-warnings', ...flags, workshop.agent(agent), JSON.stringify(options)];
      return run([path, model, ...words]);
    };

    it('without --allow-addons: /proc is read instead, and the flag is named', async () => {
      const reason = `the addon does not load: ${ADDON}: Node.js was told to load no addon`;
      const remedy = expect.stringMatching(/^start Node\.js with --allow-addons\b/);
      expect(answerOf(await ask('agent.mjs', [PROC]))).toMatchObject({
        tcp: { source: 'procfs', better: [{ source: 'netlink', reason, remedy }] },
        foundItself: true,
        hasRoutes: true,
      });
    });

    it('without --allow-addons: an addon that is named is an error that names the flag', async () => {
      expect(answerOf(await ask('agent.mjs', [PROC], { addonPath: ADDON }))).toMatchObject({
        name: 'SockscopeError',
        message: expect.stringMatching(
          /^load \S+: Node\.js was told to load no addon \(.*--allow-addons.*\)$/,
        ),
      });
    });

    it('without --allow-fs-read=/proc/*: every answer is an error that names the flag', async () => {
      const flag = '--allow-fs-read=/proc/net/*';
      const error = { name: 'SockscopeError', code: 'ERR_SOURCE_UNAVAILABLE' };
      const table = { ...error, message: forbidden('read /proc/net', flag) };
      const scan = {
        ...error,
        message: expect.stringMatching(/^read tcp: .*--allow-fs-read=\/proc\/net\/\*\)$/),
      };
      expect(answerOf(await ask('tables.mjs', []))).toMatchObject({
        tcp: { source: 'none' },
        sockets: scan,
        owners: scan,
        ...Object.fromEntries(REST.map((name) => [name, table])),
      });
    });

    it('without --allow-fs-read=/proc/*: the addon asks the kernel, and owners name the flag', async () => {
      expect(answerOf(await ask('tables.mjs', ['--allow-addons']))).toMatchObject({
        tcp: { source: 'netlink' },
        sockets: true,
        owners: {
          message: expect.stringMatching(
            /^find owners: .*--allow-fs-read=\/proc\/\*, in place of those for folders in it\)$/,
          ),
        },
      });
    });

    it('with --allow-fs-read=/proc/net/*: owners alone are missing', async () => {
      expect(answerOf(await ask('tables.mjs', ['--allow-fs-read=/proc/net/*']))).toMatchObject({
        tcp: { source: 'procfs' },
        sockets: true,
        owners: {
          message: expect.stringMatching(
            /^find owners: .*--allow-fs-read=\/proc\/\*, in place of those for folders in it\)$/,
          ),
        },
        ...Object.fromEntries(REST.map((name) => [name, true])),
      });
    });

    it('without --allow-worker: a long table is read all the same, and the flag is named', async () => {
      const options = { procRoot: workshop.longTable(), source: 'procfs' };
      expect(answerOf(await ask('agent.mjs', [PROC], options))).toMatchObject({
        rows: LONG_ROWS,
        onEventLoop: "Node.js's permission model forbids threads (start Node.js with --allow-worker)",
      });
      const allowed = answerOf(await ask('agent.mjs', [PROC, '--allow-worker'], options));
      expect(allowed).toMatchObject({ rows: LONG_ROWS });
      expect(allowed).not.toHaveProperty('onEventLoop');
    });

    it('without its package.json: the flag is named, and no bundle spoken of', async () => {
      const flags = [
        `--allow-fs-read=${workshop.folder}/*`,
        `--allow-fs-read=${join(PACKAGE, 'dist')}/*`,
        PROC,
      ];
      const { tcp } = answerOf(await askBare('agent.mjs', flags)) as {
        tcp: { better: readonly { reason: string; remedy: string }[] };
      };
      expect(tcp.better[0]!.reason).toMatch(/package\.json: Node\.js's permission model forbids to read it$/);
      expect(tcp.better[0]!.remedy).toMatch(/^start Node\.js with --allow-fs-read=\S+\/\*$/);
    });

    it('from nothing but the code: who adds the flags that are named ends with everything', async () => {
      let flags = [
        `--allow-fs-read=${workshop.folder}/*`,
        `--allow-fs-read=${join(PACKAGE, 'dist')}/*`,
        `--allow-fs-read=${join(PACKAGE, 'package.json')}`,
      ];
      for (let before = ''; before !== `${flags}`; ) {
        before = `${flags}`;
        const { stdout, stderr } = await askBare('tables.mjs', flags);
        expect(stderr).toBe('');
        const named = Array.from(stdout.matchAll(/--allow-[a-z-]+(=[^\s),"]+)?/g), ([flag]) => flag);
        // In place of those for folders in it, as is said.
        flags = [...new Set([...flags, ...named])].filter(
          (flag, _, all) => !all.some((other) => other !== flag && flag.startsWith(other.replace('*', ''))),
        );
      }
      expect(answerOf(await askBare('tables.mjs', [...flags]))).toMatchObject({
        tcp: { source: 'netlink', better: [] },
        sockets: true,
        owners: true,
        ...Object.fromEntries(REST.map((name) => [name, true])),
      });
    });

    it('makes the command end with a line, never a stack', async () => {
      const flags = ['--no-warnings', `--allow-fs-read=${PACKAGE}*`];
      const main = join(PACKAGE, 'dist/cli/main.cjs');
      for (const words of ['-an', '-tn', '-xn', '-rn', '-sn', '-in', '-gn', '-Mn']) {
        const { code, stderr } = await run([path, model, ...flags, main, words]);
        const flag = '--allow-fs-read=/proc/net/*';
        const line = expect.stringMatching(
          /^sockscope: read \/proc\/net\/\w+: .* \(start Node\.js with (\S+)\)(?:; 'sockscope doctor' tells more)?\n$/,
        );
        expect({ words, code, stderr }).toEqual({ words, code: 1, stderr: line });
        expect(stderr).toContain(flag);
      }
    });
  },
);

describe.skipIf(missing !== undefined)(`--no-addons${because}`, () => {
  it('reads /proc, and names the flag', async () => {
    const outcome = await run([process.execPath, '--no-addons', workshop.agent('agent.mjs')]);
    expect(answerOf(outcome)).toMatchObject({
      tcp: { source: 'procfs', better: [{ remedy: 'start Node.js without --no-addons' }] },
      foundItself: true,
    });
  });
});
