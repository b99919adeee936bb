import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { packageAbove } from '../../src/package-root.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sockscope-root-'));
  mkdirSync(join(folder, 'dist'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const module = (): string => pathToFileURL(join(folder, 'dist/index.js')).href;

describe('packageAbove', () => {
  it('finds the package that the file is of', () => {
    writeFileSync(join(folder, 'package.json'), '{ "name": "sockscope" }');
    expect(packageAbove(module())).toEqual({ packageRoot: folder });
  });

  it.each([
    ['another package', '{ "name": "agent" }'],
    ['no package', undefined],
    ['something else', 'null'],
    ['half a file', '{ "name": "sock'],
  ])('finds none where above the file there is %s', (_, text) => {
    if (text !== undefined) writeFileSync(join(folder, 'package.json'), text);
    expect(packageAbove(module())).toEqual({ packageRoot: undefined });
  });

  it.each([undefined, '', 'https://example.test/dist/index.js', 'file:///', 'data:text/javascript,0'])(
    'finds none for a module at %s',
    (url) => {
      expect(packageAbove(url)).toEqual({ packageRoot: undefined });
    },
  );
});
