import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach } from 'vitest';
import { Outside } from '../../../src/doctor/outside.ts';

const roots: string[] = [];
afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true, force: true });
});

/** A root with these files and symbolic links, taken away after the test. */
export function madeUp(
  files: Readonly<Record<string, string>>,
  links: Readonly<Record<string, string>> = {},
  environment: Readonly<Record<string, string>> = {},
): Outside {
  const root = mkdtempSync(join(tmpdir(), 'sockscope-doctor-'));
  roots.push(root);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(root + path), { recursive: true });
    writeFileSync(root + path, text, 'latin1');
  }
  for (const [path, target] of Object.entries(links)) {
    mkdirSync(dirname(root + path), { recursive: true });
    symlinkSync(target, root + path);
  }
  return new Outside(environment, root);
}
