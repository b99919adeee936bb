import { copyFileSync, cpSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requirement } from '../requirements.ts';
import { answerOf, type Outcome, run } from './run.ts';
import { ADDON, type Bundler, type Format, LONG_ROWS, PACKAGE, Workshop } from './workshop.ts';

const missing = requirement('addon', 'dist');
const because = missing === undefined ? '' : ` (${missing})`;
const BUNDLED = {
  source: 'netlink',
  reason: 'sockscope has been bundled, and does not know where its addon is',
  remedy: "name the addon's file: addonPath",
};

let workshop: Workshop;
beforeAll(() => {
  workshop = new Workshop();
});
afterAll(() => workshop?.remove());

const ask = (program: string, options: object): Promise<Outcome> =>
  run([process.execPath, program, JSON.stringify(options)]);

describe.skipIf(missing !== undefined).each<[Bundler, Format]>([
  ['rolldown', 'cjs'],
  ['rolldown', 'esm'],
  ['esbuild', 'cjs'],
  ['esbuild', 'esm'],
])(`an agent bundled by %s into one file, %s,${because} alone with the addon`, (bundler, format) => {
  let folder: string;
  let program: string;
  beforeAll(async () => {
    const bundle = await workshop.bundle('agent.mjs', bundler, format);
    folder = workshop.alone(`${bundler}-${format}/alone`, [bundle, ADDON]);
    program = join(folder, basename(bundle));
  });

  it('uses the addon it names', async () => {
    const addonPath = join(folder, 'sockscope.node');
    expect(answerOf(await ask(program, { addonPath }))).toMatchObject({
      tcp: { source: 'netlink', better: [] },
      foundItself: true,
      hasRoutes: true,
    });
  });

  it('reads /proc without, and says what to name', async () => {
    expect(answerOf(await ask(program, {}))).toMatchObject({
      tcp: { source: 'procfs', better: [BUNDLED] },
      foundItself: true,
      hasRoutes: true,
    });
  });

  it('gets an error of one line for a wrong name', async () => {
    const path = join(folder, 'no-such.node');
    expect(answerOf(await ask(program, { addonPath: path }))).toEqual({
      name: 'SockscopeError',
      code: 'ERR_SOURCE_UNAVAILABLE',
      message: `load ${path}: there is no such file (name the addon of this version's package, or leave addonPath out to use that)`,
    });
  });

  it('reads a long table all the same, and says where', async () => {
    const procRoot = workshop.longTable();
    expect(answerOf(await ask(program, { procRoot, source: 'procfs' }))).toMatchObject({
      rows: LONG_ROWS,
      onEventLoop: 'sockscope has been bundled, and has no file for a reading thread',
    });
  });

  it('loads nothing that happens to lie where the package would have it', async () => {
    copyFileSync(ADDON, join(workshop.make(`${bundler}-${format}/build/Release`), 'sockscope.node'));
    const trap = join(workshop.make(`${bundler}-${format}/dist/worker`), 'procfs-worker.cjs');
    writeFileSync(trap, 'process.exit(9)');
    const answer = answerOf(await ask(program, { procRoot: workshop.longTable() }));
    expect(answer).toMatchObject({ tcp: { better: [BUNDLED] }, rows: LONG_ROWS });
  });
});

describe.skipIf(missing !== undefined)(`esbuild${because}`, () => {
  it.each([
    ["a checkout's dist/", PACKAGE, ['empty-import-meta']],
    ['the installed package', undefined, []],
  ])('warns of import.meta as docs/embedding.md says, of %s', async (_, linked, expected) => {
    const project = workshop.make(`warned-${expected.length}`);
    const place = join(workshop.make(`warned-${expected.length}/node_modules`), 'sockscope');
    if (linked !== undefined) symlinkSync(linked, place);
    else
      for (const path of ['dist', 'package.json'])
        cpSync(join(PACKAGE, path), join(place, path), { recursive: true });
    writeFileSync(join(project, 'agent.mjs'), "import { scan } from 'sockscope';\nscan();\n");
    const { warnings } = await build({
      entryPoints: [join(project, 'agent.mjs')],
      outfile: join(project, 'agent.cjs'),
      bundle: true,
      platform: 'node',
      logLevel: 'silent',
    });
    expect(warnings.map(({ id }) => id)).toEqual(expected);
  });
});

describe.skipIf(missing !== undefined)(`an agent bundled into a folder${because}`, () => {
  it('has everything', async () => {
    const program = await workshop.bundleInParts('agent.mjs', 'parts/agent');
    expect(answerOf(await ask(program, { addonPath: ADDON }))).toMatchObject({
      tcp: { source: 'netlink' },
      foundItself: true,
      hasRoutes: true,
    });
  });
});

describe.skipIf(missing !== undefined)(`an agent that is not bundled${because}`, () => {
  it('has the addon and the reading thread of the package', async () => {
    const program = workshop.agent('agent.mjs');
    expect(answerOf(await ask(program, {}))).toMatchObject({ tcp: { source: 'netlink' }, foundItself: true });
    const long = answerOf(await ask(program, { procRoot: workshop.longTable(), source: 'procfs' }));
    expect(long).toMatchObject({ rows: LONG_ROWS });
    expect(long).not.toHaveProperty('onEventLoop');
  });
});
