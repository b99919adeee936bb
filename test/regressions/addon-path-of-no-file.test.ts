import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requirement } from '../requirements.ts';

const library = fileURLToPath(new URL('../../dist/index.js', import.meta.url));
const missing = requirement('dist');

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sockscope-addon-'));
  mkdirSync(join(folder, 'folder.node'));
  symlinkSync(join(folder, 'loop.node'), join(folder, 'loop.node'));
  symlinkSync('/dev/zero', join(folder, 'device.node'));
  spawnSync('mkfifo', [join(folder, 'pipe.node')]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** In a process of its own, which can be ended: opening a pipe blocks all of it. */
function open(name: string) {
  const program = `import { openHost } from ${JSON.stringify(library)};
    await openHost({ addonPath: ${JSON.stringify(join(folder, name))} }).catch((error) => console.log(error.message));`;
  const words = ['--input-type=module', '-e', program];
  const { status, stdout, stderr } = spawnSync(process.execPath, words, {
    encoding: 'utf8',
    timeout: 15_000,
  });
  return { status, stdout: stdout.replaceAll(folder, ''), stderr };
}

describe.skipIf(missing !== undefined)(
  `an addonPath that names no regular file${missing ? ` (${missing})` : ''}`,
  () => {
    it.each([
      ['pipe.node', 'it is not a regular file'],
      ['folder.node', 'it is not a regular file'],
      ['device.node', 'it is not a regular file'],
      ['loop.node', "ELOOP: too many symbolic links encountered, open '/loop.node'"],
    ])('is refused in one line: %s', { timeout: 20_000 }, (name, reason) => {
      const stdout = `load /${name}: ${reason} (name the addon of this version's package, or leave addonPath out to use that)\n`;
      expect(open(name)).toEqual({ status: 0, stdout, stderr: '' });
    });
  },
);
