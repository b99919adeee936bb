import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requirement } from '../requirements.ts';

const missing = requirement('dist');
const COMMAND = fileURLToPath(new URL('../../dist/cli/main.cjs', import.meta.url));

const DEV =
  'Inter-|   Receive                                                |  Transmit\n' +
  ' face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed\n' +
  '  \u00e90:     100       1    2    0    0     0          0         0      200       2    0    0    0     0       0          0\n' +
  ' \u001b[31m:       0       0    0    0    0     0          0         0        0       0    0    0    0     0       0          0\n';

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'sockscope-foreign-'));
  mkdirSync(join(root, 'net'));
  writeFileSync(join(root, 'net/dev'), DEV);
  writeFileSync(join(root, 'net/tcp'), '');
});
afterAll(() => rmSync(root, { recursive: true }));

function sockscope(...words: string[]): { stdout: string; stderr: string; status: number | null } {
  const { stdout, stderr, status } = spawnSync(process.execPath, [COMMAND, ...words], { encoding: 'utf8' });
  return { stdout, stderr, status };
}

/** Another network namespace's tables, as those of a host that a container looks at. */
describe.skipIf(missing !== undefined)(`a foreign root ${missing ?? ''}`, () => {
  it('has interfaces of which nobody knows whether they are up: none is left out', () => {
    const { stdout, stderr, status } = sockscope('-i', '--json', `--proc=${root}`);
    const { interfaces } = JSON.parse(stdout);
    expect(interfaces.map(({ name }: { name: string }) => name)).toEqual(['\u001b[31m', '\u00e90']);
    expect(stderr).toMatch(/^sockscope: of interfaces the counters alone are known.*\n$/);
    expect(status).toBe(0);
    const one = sockscope('-I', '\u00e90', '--json', `--proc=${root}`);
    expect(JSON.parse(one.stdout).interfaces).toHaveLength(1);
    expect(sockscope('-I', '\u00e91', '--json', `--proc=${root}`)).toMatchObject({
      stdout: '',
      stderr: expect.stringContaining('-I \u00e91: no such interface\n'),
      status: 1,
    });
  });

  it('shows layers that can be read, and says which cannot', () => {
    const { stdout, stderr, status } = sockscope('layers', `--proc=${root}`);
    expect(stdout).toMatch(/^LINK {8}2 interfaces +-ia\n/);
    expect(stdout).toMatch(
      /\n {2}\u00e90 +MTU|\n {2}\u00e90 +100\.0 B received, 200\.0 B sent, 2 errors +-ie\n/,
    );
    expect(stdout).toContain('\n  \\x1b[31m ');
    expect(stdout).not.toContain('down');
    expect(stdout).toContain('\nTRANSPORT   0 sockets');
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    rmSync(join(root, 'net/dev'));
    const lacking = sockscope('layers', `--proc=${root}`);
    expect(lacking.stdout).toMatch(/^LINK {8}0 interfaces/);
    expect(lacking.stderr).toMatch(/^sockscope: layers: ENOENT.*dev'?\n$/);
    expect(lacking.status).toBe(1);
    writeFileSync(join(root, 'net/dev'), DEV);
  });

  it('has to be there', () => {
    for (const verb of ['layers', 'delta']) {
      expect(sockscope(verb, '--proc=/nonexistent')).toEqual({
        stdout: '',
        stderr: `sockscope: ${verb}: --proc: there is no folder /nonexistent/net\n`,
        status: 1,
      });
    }
  });

  it('is asked for an interface that is not there', () => {
    expect(sockscope('delta', '-I', 'nope', '.01', `--proc=${root}`).status).toBe(1);
    expect(sockscope('delta', '-I', '\u00e90', '.01', `--proc=${root}`).status).toBe(0);
  });

  it('is refused in JSON where there is none', () => {
    for (const line of ['-rC', '-rx', '-sx', '--ipx', '-2']) {
      const { stdout, stderr, status } = sockscope(line, '--json', `--proc=${root}`);
      expect(stderr).toMatch(/^sockscope: there is no JSON of .*\n$/);
      expect({ line, stdout, status }).toEqual({ line, stdout: '', status: 1 });
    }
  });
});
