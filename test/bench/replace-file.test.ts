import { spawnSync } from 'node:child_process';
import {
  closeSync,
  constants,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { replaceFile, replaceFiles } from '../../bench/replace-file.ts';
import { prepareResult, writeResult } from '../../bench/result-file.ts';
import { result } from './sample-result.ts';

const folder = mkdtempSync(join(tmpdir(), 'sockscope-replace-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('replaces the whole text', () => {
  const path = join(folder, 'a');
  replaceFile(path, 'a longer text');
  replaceFile(path, 'short');
  expect(readFileSync(path, 'utf8')).toBe('short');
});

it('replaces none of several when one cannot be written', () => {
  const path = join(folder, 'one');
  writeFileSync(path, 'before');
  const texts = new Map([path, join(folder, 'absent/two')].map((name) => [name, 'after']));
  expect(() => replaceFiles(texts)).toThrow('ENOENT');
  expect(readFileSync(path, 'utf8')).toBe('before');
  expect(readdirSync(folder).filter((name) => name.endsWith('.new'))).toEqual([]);
});

it('writes through a link and into a pipe, which stay what they are', () => {
  const [target, link, pipe] = ['target', 'link', 'pipe'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  writeFileSync(target, 'before');
  symlinkSync(target, link);
  prepareResult(link);
  replaceFile(link, 'after');
  expect([readFileSync(target, 'utf8'), lstatSync(link).isSymbolicLink()]).toEqual(['after', true]);
  expect(spawnSync('mkfifo', [pipe]).status).toBe(0);
  const reader = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
  replaceFile(pipe, 'through');
  expect(readFileSync(reader, 'utf8')).toBe('through');
  closeSync(reader);
  expect(lstatSync(pipe).isFIFO()).toBe(true);
});

it('leaves nothing behind where it fails', () => {
  mkdirSync(join(folder, 'taken'));
  expect(() => replaceFile(join(folder, 'taken'), 'text')).toThrow('taken');
  expect(() => replaceFile(join(folder, 'absent/b'), 'text')).toThrow('ENOENT');
  expect(readdirSync(folder).filter((name) => name.endsWith('.new'))).toEqual([]);
});

it('is told before any timing where no result can be put', () => {
  mkdirSync(join(folder, 'deep'));
  prepareResult(join(folder, 'deep/result.json'));
  expect(() => prepareResult(join(folder, 'deep/er/result.json'))).toThrow(
    `the result cannot go to ${folder}/deep/er/result.json: no folder ${folder}/deep/er;`,
  );
  expect(readdirSync(join(folder, 'deep'))).toEqual([]);
  expect(() => prepareResult(join(folder, 'deep'))).toThrow('it is a folder');
  expect(() => prepareResult(join(folder, 'a/result.json'))).toThrow('--json names another place');
});

it('names the file when the result cannot be written after all', () => {
  expect(() => writeResult('/dev/full', result([40], [100]))).toThrow(
    /^the result cannot be written to \/dev\/full: ENOSPC/,
  );
});
