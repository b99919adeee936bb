import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { document, ROOT } from './document.ts';

const KINDS = ['Added', 'Changed', 'Deprecated', 'Removed', 'Fixed', 'Security'];
const VERSION = /^(?:Unreleased|(\d+\.\d+\.\d+(?:-[\w.]+)?) - \d{4}-\d{2}-\d{2})$/;

const lines = document('CHANGELOG.md').text.split('\n');
const headings = (level: string): string[] =>
  lines.filter((line) => line.startsWith(`${level} `)).map((line) => line.slice(level.length + 1));

describe('the changelog', () => {
  const versions = headings('##');

  it('has a section for the version of the package, or one for what is not released', () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    const released = versions.map((heading) => VERSION.exec(heading)?.[1]);
    expect(versions.includes('Unreleased') || released.includes(version)).toBe(true);
    expect(released.every((one) => one === undefined || isNotLater(one, version))).toBe(true);
  });

  it('has versions with a date, the newest first', () => {
    expect(versions.filter((heading) => !VERSION.test(heading))).toEqual([]);
    expect(versions.indexOf('Unreleased')).toBeLessThan(1);
    const released = versions.flatMap((heading) => VERSION.exec(heading)?.[1] ?? []);
    for (const [at, version] of released.slice(1).entries()) {
      expect(isNotLater(version, released[at]!)).toBe(true);
    }
  });

  it('has changes by kind, none of them empty', () => {
    expect(headings('###').filter((kind) => !KINDS.includes(kind))).toEqual([]);
    const sections = lines.join('\n').split(/^### /m).slice(1);
    for (const section of sections) expect(section).toMatch(/^- /m);
  });
});

function isNotLater(one: string, other: string): boolean {
  const compared = one.localeCompare(other, 'en', { numeric: true });
  return compared <= 0;
}
