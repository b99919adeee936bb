import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { replaceFile } from '../../bench/replace-file.ts';
import { prepareResult } from '../../bench/result-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'sockscope-replace-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('replaces the whole text', () => {
  const path = join(folder, 'a');
  replaceFile(path, 'a longer text');
  replaceFile(path, 'short');
  expect(readFileSync(path, 'utf8')).toBe('short');
});

it('leaves nothing behind where it fails', () => {
  mkdirSync(join(folder, 'taken'));
  expect(() => replaceFile(join(folder, 'taken'), 'text')).toThrow('taken');
  expect(() => replaceFile(join(folder, 'absent/b'), 'text')).toThrow('ENOENT');
  expect(readdirSync(folder).filter((name) => name.endsWith('.new'))).toEqual([]);
});

it('is told before any timing where no result can be put', () => {
  prepareResult(join(folder, 'deep/er/result.json'));
  expect(readdirSync(join(folder, 'deep'))).toEqual(['er']);
  expect(() => prepareResult(join(folder, 'a/result.json'))).toThrow('--json names another place');
});
