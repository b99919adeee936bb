import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { document, ROOT, tableOf } from './document.ts';

const security = document('SECURITY.md');

/** Tests that a text names. */
function testsIn(text: string): string[] {
  return [...text.matchAll(/`((?:native\/)?test\/[^`]+)`/g)].map((match) => match[1]!);
}

/** The list of a section: each item with its lines. */
function itemsOf(heading: string): string[] {
  const section = security.text.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0];
  if (section === undefined) throw new Error(`there is no section "${heading}"`);
  return section.split(/\n- /).slice(1);
}

describe('a claim of SECURITY.md', () => {
  const inputs = tableOf(security, 'input').map((row): [string, string] => [row[0]!, row.at(-1)!]);
  const promises = itemsOf('What a scan does not do').map((item): [string, string] => [
    item.slice(0, 60),
    item,
  ]);

  it.each([...inputs, ...promises])('%s: is shown by tests that there are', (_, text) => {
    const tests = testsIn(text);
    expect(tests.length).toBeGreaterThan(0);
    expect(tests.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
    expect(tests.filter((path) => !/\.test\.ts$|_test\.cc$/.test(path))).toEqual([]);
  });
});
