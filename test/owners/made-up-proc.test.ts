import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { requirement } from '../requirements.ts';
import { ownershipIn } from './expectations.ts';
import { MadeUpProc, type MadeUpProcess, statOf } from './made-up-proc.ts';
import { Packages } from './packages.ts';
import { type Answer, answered, type Failure, type OwnedRow } from './subjects.ts';

const missing = requirement('addon', 'dist');
const HOLDER = 4242;
const INODE = 777;
const KINDS = ['native', 'typescript'] as const;

describe.skipIf(missing !== undefined)(
  `owners in a /proc made by hand${missing === undefined ? '' : ` (${missing})`}`,
  () => {
    let packages: Packages;
    let proc: MadeUpProc | undefined;
    beforeAll(() => {
      packages = new Packages();
    });
    afterEach(() => proc?.remove());
    afterAll(() => packages?.remove());

    const rowsOf = async (
      kind: 'native' | 'typescript',
      owners: 'all' | 'lowest' = 'all',
      options: readonly string[] = [],
    ): Promise<readonly OwnedRow[]> => {
      const host = { procRoot: proc!.path, source: 'procfs', owners: 'procfd' };
      const jobs = JSON.stringify([{ host, requests: [{ protocols: ['tcp'], owners, remember: false }] }]);
      const words = [...options, packages.program('print-owners.mjs'), packages.library(kind), jobs];
      const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
      const [printed] = await Promise.all([text(child.stdout), once(child, 'close')]);
      return answered((JSON.parse(printed) as (Answer | Failure)[])[0]).scans[0]!.rows;
    };

    describe.each(KINDS)('%s', (kind) => {
      it('are found, and told of', async () => {
        proc = new MadeUpProc(
          [INODE],
          [holder({ comm: 'a (b) c\n', status: 'Name:\tx\nUid:\t1\t2\t3\t4\n' })],
        );
        const [row] = await rowsOf(kind);
        expect(row!.owners).toEqual([
          {
            pid: HOLDER,
            fd: 5,
            startTime: 100,
            program: 'server',
            programBytes: Buffer.from('server').toString('hex'),
            comm: 'a (b) c',
            commandLine: ['/bin/server', '-x'],
            uid: 2,
            cgroup: '/two',
          },
        ]);
      });

      it("is nobody where the pid has become another's between search and name", async () => {
        proc = new MadeUpProc([INODE], [holder({})]);
        const place = proc.file(HOLDER, 'stat');
        writeFileSync(`${place}-new`, statOf(HOLDER, 101));
        const rows = await answerLate(
          proc,
          'impostor\0',
          () => renameSync(`${place}-new`, place),
          (options) => rowsOf(kind, 'all', options),
        );
        expect(rows.map(ownershipIn)).toEqual([{ noOwner: 'no-descriptor' }]);
      });

      it('is somebody where it has not, however long the name takes', async () => {
        proc = new MadeUpProc([INODE], [holder({})]);
        const rows = await answerLate(
          proc,
          'itself\0',
          () => {},
          (options) => rowsOf(kind, 'all', options),
        );
        expect(rows[0]!.owners).toMatchObject([{ pid: HOLDER, fd: 5, program: 'itself' }]);
      });

      it('is nobody where the process has gone before it could be named', async () => {
        proc = new MadeUpProc([INODE], [holder({})]);
        const directory = proc.file(HOLDER, '.');
        const rows = await answerLate(
          proc,
          '',
          () => rmSync(directory, { recursive: true }),
          (options) => rowsOf(kind, 'all', options),
        );
        expect(rows.map(ownershipIn)).toEqual([{ noOwner: 'no-descriptor' }]);
      });

      it('are those whom links name, and none that only look so', async () => {
        const odd = [
          'socket:[777]x',
          ' socket:[777]',
          'socket:[]',
          'socket:[-777]',
          'socket:[0777 ]',
          'socket:[4294968073]',
          'socket:[777',
          'pipe:[777]',
          '/tmp/socket:[777]',
          'socket:[18446744073709552393]',
          'socket:777',
        ];
        const links = Object.fromEntries(odd.map((link, index) => [String(10 + index), link]));
        proc = new MadeUpProc(
          [INODE, 4294967295, 0o1234],
          [
            holder({
              fd: { ...links, '3': 'socket:[4294967295]', '+4': 'socket:[777]', '05': 'socket:[777]' },
            }),
            holder({ pid: 9, fd: { 0: '[0000]:777', 4294967295: 'socket:[777]', 7: '[0000]:01234' } }),
            holder({ pid: 10, fd: { 1: 'socket:[777]' } }),
          ],
        );
        const rows = await rowsOf(kind);
        expect(rows.map(ownershipIn)).toEqual([
          {
            owners: [
              { pid: 9, fd: 0 },
              { pid: 9, fd: 4294967295 },
              { pid: 10, fd: 1 },
            ],
          },
          { owners: [{ pid: HOLDER, fd: 3 }] },
          { owners: [{ pid: 9, fd: 7 }] },
        ]);
        expect((await rowsOf(kind, 'lowest')).map(ownershipIn)).toEqual([
          { owners: [{ pid: 9, fd: 0 }] },
          { owners: [{ pid: HOLDER, fd: 3 }] },
          { owners: [{ pid: 9, fd: 7 }] },
        ]);
      });

      it('are processes: numbers, and files of every kind', async () => {
        const fd = { 1: 'socket:[777]' };
        const without = (name: keyof MadeUpProcess): MadeUpProcess => {
          const { [name]: _, ...rest } = holder({ fd });
          return rest as MadeUpProcess;
        };
        proc = new MadeUpProc(
          [INODE],
          [
            holder({ fd }),
            holder({ pid: 'self', fd }),
            holder({ pid: '0', fd }),
            holder({ pid: '007', fd }),
            holder({ pid: '99999999999', fd }),
            holder({ pid: '12x', fd }),
            { ...without('fd'), pid: 20 },
            { ...without('cmdline'), pid: 21 },
            { ...without('cgroup'), pid: 22 },
            holder({ pid: 23, fd, cgroup: '', comm: '', status: '' }),
            holder({ pid: 24, fd, stat: statOf(24, 4294967296 + 7, ') R 9 (((\n') }),
          ],
        );
        writeFileSync(proc.file(20, 'fd'), 'no directory');
        const [row] = await rowsOf(kind);
        expect(row!.owners!.map(({ pid, startTime }) => [pid, startTime])).toEqual([
          [22, 100],
          [23, 100],
          [24, 7],
          [HOLDER, 100],
        ]);
        for (const { program } of row!.owners!) expect(program).toBe('server');
        expect(row!.owners![1]).not.toHaveProperty('uid');
      });
    });

    it('the two walks tell the same of stat files that make no sense', async () => {
      const stats = [
        '',
        'x',
        '1',
        '1 (x',
        '1 (x)',
        '1 (x) S',
        `1 (x) S ${'9 '.repeat(17)}`,
        '1 (x) S 1 2 3 x',
        '\0'.repeat(5000),
      ];
      const fd = { 1: 'socket:[777]' };
      proc = new MadeUpProc(
        [INODE],
        stats.map((stat, index) => holder({ pid: 100 + index, fd, stat })),
      );
      const [native, typescript] = [await rowsOf('native'), await rowsOf('typescript')];
      expect(native).toEqual(typescript);
      expect(native[0]!.owners!.length).toBe(stats.length);
    });

    it('threads are looked at as in any other', async () => {
      const task = { [HOLDER]: {}, 4243: { 1: 'socket:[777]' } };
      proc = new MadeUpProc(
        [INODE],
        // Two threads, the first of which has ended.
        [
          holder({
            fd: {},
            task,
            stat: statOf(HOLDER, 100).replace(' S ', ' Z ').replace(' 1 0 100 ', ' 2 0 100 '),
          }),
        ],
      );
      const [native, typescript] = [await rowsOf('native'), await rowsOf('typescript')];
      expect(native.map(ownershipIn)).toEqual([{ owners: [{ pid: HOLDER, fd: 1 }] }]);
      expect(typescript.map(ownershipIn)).toEqual(native.map(ownershipIn));
    });
  },
);

/** A process with the socket, by descriptor 5, where nothing else is said. */
function holder(facts: Partial<MadeUpProcess>): MadeUpProcess {
  const stat = statOf(Number(facts.pid ?? HOLDER) || HOLDER, 100);
  const cgroup = '1:cpu:/one\n0::/two\n';
  const fd = { 5: `socket:[${INODE}]` };
  return { pid: HOLDER, fd, stat, cgroup, cmdline: '/bin/server\0-x\0', ...facts };
}

/** Options of Node.js that hold up whoever opens `file`, once, until somebody has opened the pipe to write and closed it. */
function heldAt(file: string, pipe: string): string[] {
  const script = `
    import fs from 'node:fs';
    import { syncBuiltinESMExports } from 'node:module';
    const { openSync } = fs;
    fs.openSync = (path, ...rest) => {
      const fd = openSync(path, ...rest);
      if (path === ${JSON.stringify(file)}) {
        fs.openSync = openSync;
        syncBuiltinESMExports();
        fs.readFileSync(${JSON.stringify(pipe)});
      }
      return fd;
    };
    syncBuiltinESMExports();`;
  return ['--import', `data:text/javascript,${encodeURIComponent(script)}`];
}

/**
 * Runs `ask`, which reads the process's command line once `event` has happened, having opened it before: that lies after
 * the search, then, and before the name.
 */
async function answerLate<T>(
  proc: MadeUpProc,
  commandLine: string,
  event: () => void,
  ask: (options: readonly string[]) => Promise<T>,
): Promise<T> {
  const path = proc.file(HOLDER, 'cmdline');
  writeFileSync(path, commandLine);
  const gate = join(proc.path, 'gate');
  if (spawnSync('mkfifo', [gate]).status !== 0) throw new Error('mkfifo failed');
  let isHeld = true;
  // Waits for the reader.
  const opened = open(gate, 'w').then(async (pipe) => {
    if (isHeld) event();
    await pipe.close();
    return isHeld;
  });
  const answer = await ask(heldAt(path, gate));
  isHeld = false;
  // Where nobody has opened it there was nothing to wait for.
  const unread = setTimeout(() => void open(gate, 'r').then((pipe) => pipe.close()), 1000);
  expect(await opened).toBe(true);
  clearTimeout(unread);
  return answer;
}
