import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requirement } from '../requirements.ts';
import { Published } from './published.ts';

const missing = requirement('dist');
const ATTW = join(
  createRequire(import.meta.url).resolve('@arethetypeswrong/cli/package.json'),
  '../dist/index.js',
);

describe.skipIf(missing !== undefined)(`the tarball, to those who check packages ${missing ?? ''}`, () => {
  let published: Published;
  beforeAll(() => {
    published = new Published();
  });
  afterAll(() => published?.remove());

  it('has a package.json without a fault (publint)', async () => {
    const { messages, pkg } = await publint({ strict: true, pack: { tarball: published.bytes() } });
    expect(pkg.name).toBe('sockscope');
    expect(messages.map((message) => formatMessage(message, pkg, { color: false }))).toEqual([]);
  });

  it('has types for every way to import it that Node.js and bundlers have (attw)', () => {
    const words = [ATTW, published.tarball, '--profile', 'esm-only', '--format', 'json'];
    const { status, stdout, stderr } = spawnSync(process.execPath, words, {
      cwd: published.folder,
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    const { analysis } = JSON.parse(stdout);
    expect(analysis).toMatchObject({ packageName: 'sockscope', types: { kind: 'included' } });
    expect(Object.keys(analysis.entrypoints)).toEqual(['.', './package.json']);
    for (const resolution of ['node16-esm', 'bundler']) {
      const { resolution: found, implementationResolution } =
        analysis.entrypoints['.'].resolutions[resolution];
      expect(found.fileName, resolution).toMatch(/\/dist\/index\.d\.ts$/);
      expect(implementationResolution.fileName, resolution).toMatch(/\/dist\/index\.js$/);
    }
    expect(status, stdout).toBe(0);
  });
});
