import { mkdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { OwnerIndex, OwnerQuestion } from '../../../src/owners/owner-scan.ts';
import { createTypeScriptProcFdScan } from '../../../src/owners/procfd-walk.ts';
import { ProcRoot } from '../../../src/proc/proc-root.ts';
import { nextTurn, Turn } from '../../../src/turn.ts';
import { addProcess, context, procTree, removeTrees, statOf, type TreeProcess } from './proc-trees.ts';

afterAll(removeTrees);

const walk = (proc: ProcRoot, question: Partial<OwnerQuestion> = {}, lent = context()): Promise<OwnerIndex> =>
  createTypeScriptProcFdScan(proc).scan({ holders: 'all', ...question }, lent);

/** Pid and descriptor of each holder of a socket. */
function holdersOf(index: OwnerIndex, inode: number): string[] {
  const { pid, fd } = index.find(Uint32Array.of(inode));
  return [...pid].map((one, at) => `${one}:${fd[at]}`);
}

const SHARED: Readonly<Record<string, TreeProcess>> = {
  20: { fd: { 7: 'socket:[101]', 4: 'socket:[101]', 5: 'socket:[102]', 0: '/dev/null' } },
  3: { fd: { 9: 'socket:[101]' }, files: { stat: statOf(3, 333) } },
  100: { fd: { 1: 'socket:[102]', 2: '[0000]:0x67', 3: 'pipe:[101]' } },
};

describe('the walk over a tree of files', () => {
  it('finds every holder, by ascending pid and descriptor', async () => {
    const index = await walk(procTree(SHARED));
    expect(holdersOf(index, 101)).toEqual(['3:9', '20:4', '20:7']);
    expect(holdersOf(index, 102)).toEqual(['20:5', '100:1']);
    expect(holdersOf(index, 103)).toEqual(['100:2']);
    expect(holdersOf(index, 104)).toEqual([]);
    expect([...index.starts]).toEqual([
      [3, 333],
      [20, 0],
      [100, 0],
    ]);
    expect(index.tally).toEqual({
      processes: 3,
      vanished: 0,
      denied: 0,
      unopened: 0,
      descriptors: 8,
      sockets: 6,
      threads: 0,
    });
  });

  it('finds the lowest holder alone where that is asked', async () => {
    const index = await walk(procTree(SHARED), { holders: 'lowest' });
    expect([101, 102, 103].map((inode) => holdersOf(index, inode))).toEqual([['3:9'], ['20:5'], ['100:2']]);
  });

  it('passes by what is no process and no descriptor', async () => {
    const proc = procTree({
      '05': { fd: { 1: 'socket:[1]' } },
      '0': { fd: { 1: 'socket:[2]' } },
      self: { fd: { 1: 'socket:[3]' } },
      '7x': { fd: { 1: 'socket:[4]' } },
      '4294967297': { fd: { 1: 'socket:[8]' } },
      8: { fd: { x1: 'socket:[5]', '1x': 'socket:[6]', '01': 'socket:[7]', 2: 'socket:[0]' } },
    });
    mkdirSync(join(proc.path, '9'));
    writeFileSync(join(proc.path, '9/fd'), '');
    const index = await walk(proc);
    expect([1, 2, 3, 4, 5, 6, 7, 8].flatMap((inode) => holdersOf(index, inode))).toEqual([]);
    expect(index.tally).toMatchObject({ processes: 1, vanished: 0, denied: 0, descriptors: 1, sockets: 1 });
  });

  it('looks for wanted sockets alone, and stops when it has the lowest holder of each', async () => {
    const wanted = Uint32Array.of(101, 102, 0);
    const lowest = await walk(procTree(SHARED), { holders: 'lowest', wanted });
    expect(lowest.tally.processes).toBe(2);
    expect(holdersOf(lowest, 101)).toEqual(['3:9']);
    expect(holdersOf(lowest, 102)).toEqual(['20:5']);
    const all = await walk(procTree(SHARED), { wanted });
    expect(all.tally.processes).toBe(3);
    expect(holdersOf(all, 102)).toEqual(['20:5', '100:1']);
    expect(holdersOf(all, 103)).toEqual([]);
    const nothing = await walk(procTree(SHARED), { holders: 'lowest', wanted: Uint32Array.of() });
    expect(nothing.tally.processes).toBe(0);
  });

  it('looks at the slots that it is asked about, and at no others', async () => {
    const slots = Uint32Array.of(3, 9, 20, 0, 20, 4, 20, 88, 55, 1);
    const index = await walk(procTree(SHARED), { slots });
    expect(holdersOf(index, 101)).toEqual(['3:9', '20:4']);
    expect(holdersOf(index, 102)).toEqual([]);
    expect(index.tally).toMatchObject({ processes: 2, vanished: 1, descriptors: 4, sockets: 2 });
  });

  it('passes by the processes that it must not look at', async () => {
    const index = await walk(procTree(SHARED), { except: Uint32Array.of(1, 3, 50, 100, 101) });
    expect(holdersOf(index, 101)).toEqual(['20:4', '20:7']);
    expect(holdersOf(index, 103)).toEqual([]);
    expect(index.tally.processes).toBe(1);
    const slots = Uint32Array.of(3, 9, 20, 4);
    expect(holdersOf(await walk(procTree(SHARED), { slots, except: Uint32Array.of(20) }), 101)).toEqual([
      '3:9',
    ]);
  });

  it('looks into threads whose descriptors are others, and does not where it must not', async () => {
    const proc = procTree({
      // A leader that has ended, whose two threads share a table, and a thread with one of its own.
      5: {
        fd: {},
        task: { 6: { 3: 'socket:[1]' }, 7: { 3: 'socket:[1]' }, 8: { 3: 'socket:[1]', 4: 'socket:[2]' } },
      },
      9: { fd: { 3: 'socket:[3]' }, task: { 10: { 3: 'socket:[3]' } } },
    });
    const index = await walk(proc);
    expect([1, 2, 3].map((inode) => holdersOf(index, inode))).toEqual([['5:3'], ['5:4'], ['9:3']]);
    expect(index.tally).toMatchObject({ processes: 2, descriptors: 4 });
    expect(holdersOf(await walk(proc, { slots: Uint32Array.of(5, 4) }), 2)).toEqual(['5:4']);
    const leaders = await walk(proc, { leadersOnly: true });
    expect([1, 2, 3].map((inode) => holdersOf(leaders, inode))).toEqual([[], [], ['9:3']]);
  });

  it('refuses to keep more than it may', async () => {
    const proc = procTree(SHARED);
    const walking = walk(proc, {}, context({ maxBytes: 100 }));
    await expect(walking).rejects.toMatchObject({
      code: 'ERR_TOO_LARGE',
      operation: 'find owners by procfd',
    });
    await expect(walk(proc, {}, context({ maxBytes: 200 }))).resolves.toBeDefined();
  });

  it('says where there is nothing to be listed', async () => {
    const proc = procTree({});
    const scan = createTypeScriptProcFdScan(proc);
    const empty = { verdict: 'no', reason: `${proc.path}: there is no process in it` };
    expect(await scan.probe()).toMatchObject(empty);
    mkdirSync(join(proc.path, 'net'));
    expect(await scan.probe()).toEqual({ verdict: 'yes' });
    rmSync(proc.path, { recursive: true });
    expect(await scan.probe()).toMatchObject({ verdict: 'no', errno: 2, reason: `${proc.path}: ENOENT` });
    await expect(walk(proc)).rejects.toMatchObject({ code: 'ERR_SOURCE_UNAVAILABLE', errno: 2 });
    mkdirSync(proc.path);
  });
});

describe('the walk and the event loop', () => {
  const many = Object.fromEntries(Array.from({ length: 450 }, (_, at) => [String(at), `socket:[${at + 1}]`]));

  it('asks for its turn every hundred descriptors', async () => {
    let asked = 0;
    const turn = new Turn();
    turn.taken = async () => void asked++;
    const index = await walk(procTree({ 1: { fd: many } }), {}, context({ turn }));
    expect(index.tally.sockets).toBe(450);
    expect(asked).toBeGreaterThanOrEqual(4);
    expect(asked).toBeLessThan(20);
  });

  it('ends with the reason of an abort, whatever that is', async () => {
    const proc = procTree({ 1: { fd: many } });
    const turn = new Turn();
    turn.taken = nextTurn;
    for (const reason of [
      new Error('enough'),
      Object.assign(new Error('mine'), { code: 'ENOENT' }),
      'word',
    ]) {
      const abort = new AbortController();
      const walking = walk(proc, {}, context({ turn, signal: abort.signal }));
      setImmediate(() => abort.abort(reason));
      await expect(walking).rejects.toBe(reason);
      await expect(walk(proc, {}, context({ signal: abort.signal }))).rejects.toBe(reason);
    }
  });

  it('counts a process that ends under it', async () => {
    const proc = procTree({ 1: { fd: many }, 2: { fd: many } });
    const turn = new Turn();
    turn.taken = async () => rmSync(join(proc.path, '2'), { recursive: true, force: true });
    const index = await walk(proc, {}, context({ turn }));
    expect(index.tally).toMatchObject({ processes: 1, vanished: 1, sockets: 450 });
  });

  it('leaves no directory open, however it ends', async () => {
    const proc = procTree({ 1: { fd: many } });
    const abort = new AbortController();
    const turn = new Turn();
    let asked = 0;
    turn.taken = async () => {
      if (++asked === 3) abort.abort('enough');
    };
    const before = openDirectories(proc.path);
    await expect(walk(proc, {}, context({ turn, signal: abort.signal }))).rejects.toBe('enough');
    await walk(proc);
    expect(openDirectories(proc.path)).toEqual(before);
    addProcess(proc.path, '2', {});
  });
});

/** Descriptors of this process that lead below the folder. */
function openDirectories(folder: string): string[] {
  const links: string[] = [];
  for (let fd = 0; fd < 256; fd++) {
    try {
      links.push(readlinkSync(`/proc/self/fd/${fd}`));
    } catch {
      // Not open.
    }
  }
  return links.filter((link) => link.startsWith(folder));
}

describe('the walk over the real /proc', () => {
  const servers: Server[] = [];
  afterAll(() => {
    for (const server of servers) server.close();
  });

  it('finds the sockets of this process, and stops once it has what is wanted', async () => {
    const server = createServer();
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const fd = (server as unknown as { _handle: { fd: number } })._handle.fd;
    const inode = Number(/\d+/.exec(readlinkSync(`/proc/self/fd/${fd}`))![0]);
    const { holders, tally, starts } = await found(
      { holders: 'lowest', wanted: Uint32Array.of(inode) },
      inode,
    );
    expect(holders).toEqual([`${process.pid}:${fd}`]);
    expect(starts.get(process.pid)).toBeGreaterThan(0);
    expect(tally.sockets).toBeGreaterThan(0);
    expect((await found({ holders: 'all' }, inode)).holders).toEqual([`${process.pid}:${fd}`]);
    const slots = Uint32Array.of(process.pid, fd);
    expect((await found({ holders: 'all', slots }, inode)).holders).toEqual([`${process.pid}:${fd}`]);
  });

  async function found(question: OwnerQuestion, inode: number) {
    const index = await walk(new ProcRoot(), question);
    return { ...index, holders: holdersOf(index, inode) };
  }
});
