import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LAYOUT_VERSION } from '../../src/table/schema.ts';
import { requirement } from '../requirements.ts';
import { answerOf, type Outcome, run } from './run.ts';
import { PACKAGE, Workshop } from './workshop.ts';

const missing = requirement('addon', 'dist');
const because = missing === undefined ? '' : ` (${missing})`;

let workshop: Workshop;
let copies: string[];
beforeAll(() => {
  if (missing !== undefined) return;
  workshop = new Workshop();
  copies = ['1.0.0', '2.0.0'].map((version) => copyOf(version));
});
afterAll(() => workshop?.remove());

/** A copy of the package with its addon, as of another version; gives its index. */
function copyOf(version: string, layout = LAYOUT_VERSION): string {
  const folder = workshop.make(`copy-${version}`);
  for (const part of ['dist', 'build/Release/sockscope.node']) {
    cpSync(join(PACKAGE, part), join(folder, part), { recursive: true });
  }
  const manifest = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8')) as object;
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ ...manifest, version }));
  const index = join(folder, 'dist/index.js');
  const text = readFileSync(index, 'utf8');
  // As the bundler leaves a constant.
  const check = `addon.layoutVersion !== ${LAYOUT_VERSION}) return \`the addon has layout \${addon.layoutVersion}, \${needs(${LAYOUT_VERSION})}`;
  if (!text.includes(check)) throw new Error(`${index} has no "${check}"`);
  const other = check
    .replace(`!== ${LAYOUT_VERSION}`, `!== ${layout}`)
    .replace(`needs(${LAYOUT_VERSION})`, `needs(${layout})`);
  writeFileSync(index, text.replace(check, other));
  return pathToFileURL(index).href;
}

const play = (scene: string, libraries: readonly string[] = copies): Promise<Outcome> =>
  run([process.execPath, workshop.agent('copies.mjs'), scene, ...libraries], {
    LONG_TABLE: workshop.longTable(),
  });

describe.skipIf(missing !== undefined)(`two versions of the package in one process${because}`, () => {
  it('scan at the same time, each with its own addon', async () => {
    expect(answerOf(await play('together'))).toEqual({
      found: true,
      scans: 20,
      sources: new Array(2).fill({ source: 'netlink', better: [] }),
    });
  });

  it('have errors of their own, alike by name and code', async () => {
    const error = { name: 'SockscopeError', code: 'ERR_SOURCE_UNAVAILABLE' };
    expect(answerOf(await play('errors'))).toEqual([
      { ...error, classes: [true, false] },
      { ...error, classes: [false, true] },
    ]);
  });

  it('scan in threads and in main at the same time', async () => {
    expect(answerOf(await play('threads'))).toEqual({
      found: true,
      scans: new Array(2).fill({ all: true, some: true }),
    });
  });

  it.each([
    ['a scan', 'reloads'],
    ['reading /proc by a thread of their own', 'readers'],
  ])('leave nothing of threads that are ended in the midst of %s', async (_, scene) => {
    const outcome = await play(scene);
    expect(answerOf(outcome)).toEqual({ found: 50, more: [] });
    expect(outcome.stderr).toBe('');
  });

  it('let the process end in the midst of their scans', async () => {
    expect(await play('exit')).toEqual({ code: 7, signal: null, stdout: '"exiting"\n', stderr: '' });
  });

  it('refuse an addon of another layout, and say which', async () => {
    const strange = copyOf('3.0.0', LAYOUT_VERSION + 1);
    const { sources, found } = answerOf(await play('together', [copies[0]!, strange])) as {
      sources: { source: string; better: { reason: string }[] }[];
      found: boolean;
    };
    expect({ found, names: sources.map(({ source }) => source) }).toEqual({
      found: true,
      names: ['netlink', 'procfs'],
    });
    expect(sources[1]!.better[0]!.reason).toContain(
      `the addon has layout ${LAYOUT_VERSION}, this version of sockscope needs ${LAYOUT_VERSION + 1}`,
    );
  });
});
