import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sockscope-'));
  cpSync(join(root, 'dist'), join(folder, 'dist'), { recursive: true });
  cpSync(join(root, 'package.json'), join(folder, 'package.json'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a module's text, with `scan` and `openHost` of the package that lacks the addon. */
function runModule(text: string) {
  const script = `import { openHost, scan } from ${JSON.stringify(pathToFileURL(join(folder, 'dist/index.js')).href)};\n${text}`;
  return spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
}

describe('a package without its addon', () => {
  it('lists sockets through /proc/net', () => {
    const result = spawnSync(process.execPath, [join(folder, 'dist/cli/main.cjs'), '-tan'], {
      encoding: 'utf8',
    });
    expect(result).toMatchObject({ status: 0, stderr: '' });
    expect(result.stdout.split('\n')[0]).toBe('Active Internet connections (servers and established)');
  });

  it('says what would be better, and why it is not used', () => {
    const { stdout, stderr } = runModule(
      'const host = await openHost(); console.log(JSON.stringify(host.abilities.tcp)); await host.close();',
    );
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toMatchObject({
      source: 'procfs',
      better: [{ source: 'netlink', reason: expect.stringMatching(/no addon/) }],
    });
  });

  it('does not fall back from a source that was named', () => {
    const { stdout } = runModule(
      "await scan({ source: 'netlink' }).catch((error) => console.log(error.name, error.code));",
    );
    expect(stdout).toBe('SockscopeError ERR_SOURCE_UNAVAILABLE\n');
  });

  it('does not fall back from a file that was named', () => {
    const { stdout } = runModule(
      "await scan({ addonPath: '/nonexistent.node' }).catch((error) => console.log(error.name, error.code));",
    );
    expect(stdout).toBe('SockscopeError ERR_SOURCE_UNAVAILABLE\n');
  });
});
