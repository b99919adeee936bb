import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DOCUMENTS, ROOT } from './document.ts';

const links = DOCUMENTS.flatMap(({ path, links: own }) =>
  own.map(({ line, text }): [string, string, string] => [`${path}:${line} ${text}`, path, text]),
);

/** Files and folders of this repository in inline code. What is made by a build is not among them. */
const PATH =
  /^(?:\.\/)?(?:src|test|native|scripts|bench|docs|deploy|examples|api|man|completions|\.ci)\/[^\s<>]*$/;
const paths = DOCUMENTS.flatMap(({ path, code }) =>
  code
    .flatMap(({ line, text }) => text.split(' ').map((word) => ({ line, word })))
    .filter(({ word }) => PATH.test(word))
    .map(({ line, word }): [string, string] => [`${path}:${line} ${word}`, word]),
);

describe('links', () => {
  it.each(links)('%s', (_, from, target) => {
    const [path, anchor] = target.split('#') as [string, string | undefined];
    expect(target, 'a link out of the repository is nothing that a test can follow').not.toMatch(/^\w+:/);
    const file = path === '' ? from : normalize(join(dirname(from), path));
    expect(existsSync(join(ROOT, file))).toBe(true);
    if (anchor === undefined) return;
    const document = DOCUMENTS.find((one) => one.path === file);
    expect([...(document?.anchors ?? [])]).toContain(anchor);
  });

  it('are in every document that the README does not stand above', () => {
    const reached = new Set(['README.md', 'CHANGELOG.md']);
    for (const [, from, target] of links) reached.add(normalize(join(dirname(from), target.split('#')[0]!)));
    expect(DOCUMENTS.map(({ path }) => path).filter((path) => !reached.has(path))).toEqual([]);
  });
});

describe('paths', () => {
  it('are named', () => expect(paths.length).toBeGreaterThan(20));

  it.each(paths)('%s', (_, path) => {
    const [folder, name] = [dirname(path), path.split('/').at(-1)!];
    if (!name.includes('*')) expect(existsSync(join(ROOT, path))).toBe(true);
    else expect(readdirSync(join(ROOT, folder)).filter((file) => fits(file, name))).not.toEqual([]);
  });
});

function fits(file: string, pattern: string): boolean {
  const [head, tail] = pattern.split('*') as [string, string];
  return file.startsWith(head) && file.endsWith(tail) && file.length >= head.length + tail.length;
}
