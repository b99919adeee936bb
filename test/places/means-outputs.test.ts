import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requirement } from '../requirements.ts';
import { TextTree } from './means-tree.ts';

const missing = requirement('dist');
const noMounts = missing ?? requirement('root', 'mountns');

let tree: TextTree;
beforeAll(() => {
  tree = new TextTree();
});
afterAll(() => tree?.remove());

const LOST = 'write to standard output: ENOSPC (make room there, or write elsewhere)';
const OWN = [
  '-tan --json',
  '-rn --json',
  '-s --json',
  'layers',
  'layers --json',
  'delta 0.01',
  'delta --json 0.01',
];

describe.skipIf(missing !== undefined)(`what cannot be written${missing ? ` (${missing})` : ''}`, () => {
  it.each(OWN)('is said of %s, which ends with 1', (line) => {
    const full = openSync('/dev/full', 'w');
    const { status, stderr } = tree.run(tree.words(line), full);
    closeSync(full);
    expect({ status, last: stderr!.trimEnd().split('\n').at(-1) }).toEqual({
      status: 1,
      last: `sockscope: ${LOST}`,
    });
  });

  it('ends what would go on for ever', () => {
    const full = openSync('/dev/full', 'w');
    const { status, stderr } = tree.run(tree.words('delta -c 0.01'), full);
    closeSync(full);
    expect({ status, stderr }).toEqual({ status: 1, stderr: `sockscope: ${LOST}\n` });
  });

  it('takes nothing of the status of a command that was measured', () => {
    for (const [script, expectation] of [
      ['exit 0', 1],
      ['exit 7', 7],
    ] as const) {
      const full = openSync('/dev/full', 'w');
      const { status, stderr } = tree.run([...tree.words('delta'), '--', 'sh', '-c', script], full);
      closeSync(full);
      expect({ status, stderr }).toEqual({ status: expectation, stderr: `sockscope: delta: ${LOST}\n` });
    }
  });

  it.each(['-tan', '-rn', '-s', '-h', '-V'])('is dropped of netstat\u2019s %s, as by netstat', (line) => {
    const full = openSync('/dev/full', 'w');
    const into = tree.run(tree.words(line), full);
    closeSync(full);
    const free = tree.run(tree.words(line));
    expect({ status: into.status, stderr: into.stderr }).toEqual({
      status: free.status,
      stderr: free.stderr,
    });
  });

  it('is said at the limit of file sizes, which kills netstat', () => {
    for (const line of ['-tan', '-tan --json']) {
      const { status, stderr } = tree.shell(`ulimit -f 100; exec "$@" >${tree.folder}/small`, line);
      expect({ status, stderr }).toEqual({
        status: 1,
        stderr: 'sockscope: write to standard output: EFBIG (raise the limit of file sizes (ulimit -f))\n',
      });
      expect(readFileSync(join(tree.folder, 'small')).length).toBe(100 * 1024);
    }
  });
});

describe.skipIf(missing !== undefined)(
  `standard streams that are closed${missing ? ` (${missing})` : ''}`,
  () => {
    it.each([
      ['<&-', '<&-'],
      ['>&-', '>&-'],
      ['2>&-', '2>&-'],
      ['all', '<&- >&- 2>&-'],
    ])('%s: nothing of ours takes their numbers', (_, closing) => {
      const links = join(tree.folder, 'links');
      const tables = readFileSync(join(tree.folder, 'proc/net/tcp'));
      const { status } = tree.shell(
        `exec "$@" -- sh -c 'readlink /proc/$PPID/fd/0 /proc/$PPID/fd/1 /proc/$PPID/fd/2 >${links}' ${closing}`,
        'delta',
      );
      expect(status).toBe(0);
      const [stdin, stdout, stderr] = readFileSync(links, 'latin1').trimEnd().split('\n');
      if (closing.includes('<&-')) expect(stdin).toBe('/dev/null');
      if (/(^| )>&-/.test(closing)) expect(stdout).toBe('/dev/null');
      if (closing.includes('2>&-')) expect(stderr).toBe('/dev/null');
      expect(readFileSync(join(tree.folder, 'proc/net/tcp')).equals(tables)).toBe(true);
    });

    it('leave the other one whole', () => {
      expect(tree.shell('exec "$@" <&- 2>&-', '-tan').stdout.equals(tree.expected)).toBe(true);
      expect(tree.shell('exec "$@" >&-', '-tan --no-such').stderr).toContain('usage: ');
      expect(tree.shell('exec "$@" >&- 2>&- <&-', '-tan').status).toBe(0);
    });
  },
);

describe.skipIf(noMounts !== undefined)(`a full file system${noMounts ? ` (${noMounts})` : ''}`, () => {
  it('holds what it can, and the rest is told of where it is ours', () => {
    const disk = join(tree.folder, 'disk');
    spawnSync('mkdir', ['-p', disk]);
    const script = `mount -t tmpfs -o size=64k tmpfs ${disk}; "$@" >${disk}/out; echo $?; stat -c %s ${disk}/out`;
    const inside = (line: string) => tree.shell(script, line, ['unshare', '-m']);
    const json = inside('-tan --json');
    expect({ out: json.stdout.toString(), stderr: json.stderr }).toEqual({
      out: '1\n65536\n',
      stderr: `sockscope: ${LOST}\n`,
    });
    const table = inside('-tan');
    expect({ out: table.stdout.toString(), stderr: table.stderr }).toEqual({ out: '0\n65536\n', stderr: '' });
    expect(existsSync(join(disk, 'out'))).toBe(false);
  });
});
