import { chmodSync, copyFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requirement } from '../requirements.ts';
import { firstAndLast, type NodeProgram } from './nodes.ts';
import { answerOf, run } from './run.ts';
import { ADDON, LONG_ROWS, Workshop } from './workshop.ts';

const missing = requirement('addon', 'dist');
const remark = missing ?? requirement('nodes');
const because = remark === undefined ? '' : ` (${remark})`;
const POSTJECT = join(createRequire(import.meta.url).resolve('postject/package.json'), '../dist/cli.js');
/** What Node.js looks for in itself at its start: https://nodejs.org/api/single-executable-applications.html. */
const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';

let workshop: Workshop;
let bundle: string;
beforeAll(async () => {
  if (missing !== undefined) return;
  workshop = new Workshop();
  bundle = await workshop.bundle('single.mjs', 'rolldown', 'cjs');
});
afterAll(() => workshop?.remove());

/** A copy of that Node.js which is the agent; its addon lies beside it and is an asset of it as well. */
async function makeExecutable({ path, major }: NodeProgram): Promise<string> {
  const folder = workshop.alone(`executable-${major}`, [ADDON]);
  const config = {
    main: bundle,
    output: join(folder, 'agent.blob'),
    assets: { 'sockscope.node': ADDON },
    disableExperimentalSEAWarning: true,
  };
  writeFileSync(join(folder, 'agent.json'), JSON.stringify(config));
  const executable = join(folder, 'agent');
  copyFileSync(path, executable);
  chmodSync(executable, 0o755);
  for (const command of [
    [path, '--experimental-sea-config', join(folder, 'agent.json')],
    [process.execPath, POSTJECT, executable, 'NODE_SEA_BLOB', config.output, '--sentinel-fuse', FUSE],
  ] as [string, ...string[]][]) {
    const { code, stdout, stderr } = await run(command);
    if (code !== 0) throw new Error(`${command.join(' ')}: ${stdout}${stderr}`);
  }
  rmSync(config.output);
  rmSync(join(folder, 'agent.json'));
  return executable;
}

describe.skipIf(missing !== undefined).each(firstAndLast())(
  `a single executable of Node.js $major${because}`,
  (program) => {
    let executable: string;
    beforeAll(async () => {
      executable = await makeExecutable(program);
    });
    afterAll(() => rmSync(executable, { force: true }));

    it.each(['beside', 'asset'])('uses the addon: %s', async (way) => {
      const temporary = workshop.make(`temporary-${program.major}`);
      const outcome = await run([executable, way], { TMPDIR: temporary });
      expect({ stderr: outcome.stderr, left: readdirSync(temporary) }).toEqual({ stderr: '', left: [] });
      expect(answerOf(outcome)).toMatchObject({
        tcp: { source: 'netlink', better: [] },
        foundItself: true,
        hasRoutes: true,
      });
    });

    it('reads /proc without, and says what to name', async () => {
      expect(answerOf(await run([executable, 'none']))).toMatchObject({
        tcp: { source: 'procfs', better: [{ remedy: "name the addon's file: addonPath" }] },
        foundItself: true,
        hasRoutes: true,
      });
    });

    it('reads a long table', async () => {
      const answer = answerOf(await run([executable, 'long', workshop.longTable()]));
      expect(answer).toMatchObject({ rows: LONG_ROWS, onEventLoop: expect.stringContaining('bundled') });
    });
  },
);
