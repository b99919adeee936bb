import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Namespaced } from '../kernel/namespaced.ts';
import { requirement } from '../requirements.ts';
import {
  COMMAND,
  LINES,
  type MeansScene,
  PACKAGE,
  sockscope,
  startMeans,
  textOf,
  wasKilled,
} from './means.ts';

const CONNECTIONS = 20;
/** The two of a listing, and what is behind the last line. */
const HEADING_LINES = 3;
/** What reads many tables at a time, or one while another is opened: there any may be the one too many. */
const HELD_TOGETHER = ['layers', 'layers --json', '-anpe -v'];
const missing = requirement('netns', 'python3', 'dist', 'addon', 'prlimit');

let scene: Namespaced<MeansScene>;
/** A program that does nothing. */
let nothing: string;
beforeAll(async () => {
  nothing = join(mkdtempSync(join(tmpdir(), 'sockscope-means-')), 'nothing.cjs');
  writeFileSync(nothing, '');
  if (missing === undefined) scene = await startMeans(CONNECTIONS);
});
afterAll(async () => {
  rmSync(dirname(nothing), { recursive: true });
  await scene?.stop();
});

/** Listings of the internet: whoever has the descriptors for Node.js itself has an answer. */
const PLAIN = ['-tan', '-tan --source procfs', '-tane', '-tane --source procfs'];

/** The least of these limits that Node.js itself starts with. */
function least(option: string, limits: readonly number[]): number {
  const starts = (limit: number): boolean =>
    spawnSync('prlimit', [`--${option}=${limit}`, process.execPath, nothing]).status === 0;
  return limits.find(starts) ?? Number.NaN;
}

/** Everything that the command shows at a limit: the answer as ever, or words; but no crash, and no lie. */
async function answersOrSays(limit: string): Promise<{ answered: string[]; said: string[] }> {
  const free = await scene.runAll(LINES.map((line) => sockscope(line)));
  const bound = await scene.runAll(LINES.map((line) => sockscope(line, ['prlimit', limit])));
  const answered: string[] = [];
  const said: string[] = [];
  for (const [index, line] of LINES.entries()) {
    const [ever, now] = [textOf(free[index]!), textOf(bound[index]!)];
    expect({ line, limit, killed: wasKilled(now) }).toEqual({ line, limit, killed: false });
    if (now.status === ever.status && isSame(now.stdout, ever.stdout)) {
      answered.push(line);
      continue;
    }
    expect({ line, limit, text: now.stderr }).toMatchObject({
      // The last: what is left to `-M` where the addon itself could not be opened.
      text: expect.stringMatching(
        /EMFILE|Too many open files|could be read for "-p"|^netstat: no support for `ip_masquerade'/,
      ),
    });
    if (/^sockscope: find owners by /m.test(now.stderr) && now.status === 0) {
      // Then the sockets are there, and their owners are not.
      expect({ line, limit, rows: rowsOf(now.stdout) }).toEqual({ line, limit, rows: rowsOf(ever.stdout) });
    } else if (!/could be read for/.test(now.stderr)) {
      expect({ line, limit, status: now.status }).not.toMatchObject({ status: 0 });
    }
    expect(now.stderr).not.toMatch(/^ {4}at /m);
    if (!HELD_TOGETHER.includes(line))
      expect({ line, limit, said: filesNamed(now.stderr) }).toEqual({ line, limit, said: [] });
    said.push(line);
  }
  return { answered, said };
}

/** The command's own files, which a listing has read before it opens what the kernel tells. */
function filesNamed(text: string): string[] {
  return text.split('\n').filter((words) => words.includes(dirname(COMMAND)));
}

/** How many there are, whoever holds them. */
function rowsOf(stdout: string): number {
  return stdout.startsWith('{') ? socketsIn(stdout).length : stdout.split('\n').length;
}

/** The same sockets: of those in JSON the text, which stands in for netlink, tells less. */
function isSame(now: string, ever: string): boolean {
  return now === ever || (now.startsWith('{') && isDeepStrictEqual(socketsIn(now), socketsIn(ever)));
}

/** By inode: netlink tells both families at a time. */
function socketsIn(json: string): unknown[] {
  const { sockets } = JSON.parse(json) as { sockets: Record<string, unknown>[] };
  const inOrder = sockets.toSorted((one, other) => Number(one.inode) - Number(other.inode));
  return inOrder.map(({ protocol, state, local, remote, path, inode, owners }) => {
    return { protocol, state, local, remote, path, inode, owners };
  });
}

describe.skipIf(missing !== undefined)(`few descriptors${missing ? ` (${missing})` : ''}`, () => {
  it('64 are enough', { timeout: 60_000 }, async () => {
    expect(await answersOrSays('--nofile=64')).toEqual({ answered: LINES, said: [] });
  });

  it('less are an answer or words', { timeout: 200_000 }, async () => {
    const floor = least('nofile', [10, 14, 16, 17, 18, 19, 20, 21, 22, 24, 28, 32]);
    const byLimit = new Map<number, { answered: string[]; said: string[] }>();
    for (const limit of [floor, floor + 1, floor + 2, floor + 4]) {
      byLimit.set(limit, await answersOrSays(`--nofile=${limit}`));
    }
    // The command starts where Node.js starts, and a plain listing needs no more than the start does.
    const plain = await scene.runAll(PLAIN.map((line) => sockscope(line, ['prlimit', `--nofile=${floor}`])));
    for (const [index, outcome] of plain.entries()) {
      const { status, stdout, stderr } = textOf(outcome);
      expect({ line: PLAIN[index], status, stderr }).toEqual({ line: PLAIN[index], status: 0, stderr: '' });
      expect(rowsOf(stdout)).toBe(CONNECTIONS * 2 + 2 + HEADING_LINES);
    }
    // The words are seen at the least, and listings without programs come back first.
    expect(byLimit.get(floor)!.said).toContain('-tanp');
    // The sockets are shown all the same.
    const [listed] = await scene.runAll([sockscope('-tanp', ['prlimit', `--nofile=${floor}`])]);
    expect(textOf(listed!)).toMatchObject({
      status: 0,
      stderr: expect.stringMatching(/^sockscope: find owners by [^\n]*EMFILE[^\n]*\n$/),
    });
    expect(listed!.stdout.toString()).toMatch(/127\.0\.0\.1:7001 .*LISTEN +-/);
    expect(byLimit.get(floor + 4)!.answered).toContain('-tan');
  });

  it('the library says so, and goes on', async () => {
    const agent = `
      const { openHost } = await import(${JSON.stringify(join(PACKAGE, 'dist/index.js'))});
      const { openSync, closeSync } = await import('node:fs');
      const host = await openHost();
      const count = async () => (await host.scan({ protocols: ['tcp'] })).length;
      const before = await count();
      await host.routes();
      const held = [];
      try { for (;;) held.push(openSync('/dev/null')); } catch {}
      const said = [];
      for (const ask of ['scan', 'routes', 'interfaces', 'groups', 'statistics', 'natEntries']) {
        said.push(await host[ask]().then(() => ask + ' went well', (error) => error.message));
      }
      for (const fd of held) closeSync(fd);
      console.log(JSON.stringify({ before, after: await count(), said }));
      await host.close();`;
    const command = [`--nofile=64`, process.execPath, '--input-type=module', '-e', agent];
    const outcome = await scene.run('prlimit', command);
    expect(outcome.stderr.toString()).toBe('');
    const { before, after, said } = JSON.parse(outcome.stdout.toString());
    expect([before, after]).toEqual([42, 42]);
    for (const words of said) expect(words).toMatch(/EMFILE/);
  });
});

describe.skipIf(missing !== undefined)(`little room${missing ? ` (${missing})` : ''}`, () => {
  it('for addresses is enough where Node.js itself starts', { timeout: 100_000 }, async () => {
    const MIB = 1024 * 1024;
    const sizes = [600, 700, 800, 1000, 1200, 1600, 2400, 4800].map((size) => size * MIB);
    // Threads reserve 64 MiB each for their memory, and what V8 then cannot have ends the process: not ours to say.
    const floor = least('as', sizes) + 500 * MIB;
    expect(await answersOrSays(`--as=${floor}`)).toEqual({ answered: LINES, said: [] });
  });

  it('of processor time is enough', async () => {
    const [free, bound] = await scene.runAll([
      sockscope('-tanp'),
      sockscope('-tanp', ['prlimit', '--cpu=2']),
    ]);
    expect(textOf(bound!)).toEqual(textOf(free!));
  });
});

describe.skipIf(missing !== undefined)(`a signal in the midst${missing ? ` (${missing})` : ''}`, () => {
  let folder: string;
  let child: ChildProcess | undefined;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sockscope-means-'));
    mkdirSync(join(folder, 'proc/net'), { recursive: true });
    mkdirSync(join(folder, 'tmp'));
    const row =
      '   0: 0100007F:1B59 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 77 1 0 100 0 0 10 0';
    writeFileSync(join(folder, 'proc/net/tcp'), `heading\n${`${row.padEnd(149)}\n`.repeat(20_000)}`);
    writeFileSync(join(folder, 'proc/net/tcp6'), 'heading\n');
  });
  afterEach(() => {
    child?.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  /** A command that waits for the reader of its output, who has had its first bytes. */
  async function waitingCommand(line: string): Promise<{ running: ChildProcess; chunks: Buffer[] }> {
    const args = [COMMAND, `--proc=${join(folder, 'proc')}`, ...line.split(' ')];
    const running = spawn(process.execPath, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, TMPDIR: join(folder, 'tmp') },
    });
    child = running;
    const chunks: Buffer[] = [];
    await new Promise<void>((resolve) => {
      running.stdout.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        if (chunks.length > 1) return;
        running.stdout.pause();
        resolve();
      });
    });
    return { running, chunks };
  }

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    '%s ends it, and nothing is left behind',
    async (signal) => {
      for (const line of ['-tan', '-tanc', '-tan --json']) {
        const { running } = await waitingCommand(line);
        const exited = once(running, 'exit');
        running.kill(signal);
        expect({ line, end: await exited }).toEqual({ line, end: [null, signal] });
      }
      expect(readdirSync(join(folder, 'tmp'))).toEqual([]);
    },
  );

  it('SIGSTOP and SIGCONT take nothing from the answer', async () => {
    const args = [COMMAND, `--proc=${join(folder, 'proc')}`, '-tan'];
    const expected = spawnSync(process.execPath, args, { maxBuffer: 2 ** 28 }).stdout;
    expect(expected.toString().match(/LISTEN/g)).toHaveLength(20_000);
    const { running, chunks } = await waitingCommand('-tan');
    const closed = once(running, 'close');
    running.kill('SIGSTOP');
    await expect.poll(() => stateOf(running.pid!)).toBe('T');
    running.stdout!.resume();
    running.kill('SIGCONT');
    expect(await closed).toEqual([0, null]);
    expect(Buffer.concat(chunks).equals(expected)).toBe(true);
  });
});

function stateOf(pid: number): string | undefined {
  return /\) (\w)/.exec(readFileSync(`/proc/${pid}/stat`, 'latin1'))?.[1];
}
