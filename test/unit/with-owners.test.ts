import { describe, expect, it } from 'vitest';
import type { OwnerSetting } from '../../src/owner-setting.ts';
import { KnownOwners } from '../../src/owners/known-owners.ts';
import { OwnerMemory } from '../../src/owners/owner-memory.ts';
import type { OwnerQuestion, OwnerScan } from '../../src/owners/owner-scan.ts';
import { ROTATION } from '../../src/owners/poll.ts';
import { type ScanRequest, settleRequest } from '../../src/request/request.ts';
import { State } from '../../src/socket/state.ts';
import type { Batch } from '../../src/table/batch.ts';
import { ScanReport } from '../../src/table/report.ts';
import { SocketTable } from '../../src/table/socket-table.ts';
import { withOwners } from '../../src/with-owners.ts';
import { FakeKnownOwners } from './owners/fake-known-owners.ts';
import { FakeProcesses, indexOf, owning, type World } from './owning.ts';
import { batchOf } from './table/batches.ts';

const established = { protocol: 1, state: State.established };

/** Sockets by inode; the cookie is the same number. */
function sockets(...inodes: number[]): Batch {
  return batchOf(inodes.map((inode) => ({ ...established, inode, cookie: [inode, 0] })));
}

async function* stream(batches: readonly Batch[]): AsyncGenerator<Batch> {
  yield* batches;
}

async function run(request: ScanRequest, setting: OwnerSetting, ...batches: Batch[]): Promise<SocketTable> {
  const report = new ScanReport();
  const { signal } = new AbortController();
  const asking = { request: settleRequest(request), setting, report, signal };
  const rows: Batch[] = [];
  for await (const batch of withOwners(stream(batches), asking, undefined)) rows.push(batch);
  report.ended = true;
  return new SocketTable(rows, report);
}

/** Each row's holders as `pid:fd`, or the reason why there are none. */
function holders(table: SocketTable): string[] {
  return Array.from(
    table,
    ({ owners, noOwner }) => owners?.map(({ pid, fd }) => `${pid}:${fd}`).join(' ') ?? `${noOwner}`,
  );
}

/** A scan of a world that can change, and the questions it was asked. */
function scanOf(scene: { world: World; denied?: number }) {
  const asked: OwnerQuestion[] = [];
  const scan: OwnerScan['scan'] = async (question) => {
    asked.push(question);
    return indexOf(scene.world, question, scene.denied);
  };
  return { asked, scan };
}

describe('rows with owners', () => {
  const world: World = {
    11: [[20, 3]],
    12: [
      [20, 4],
      [21, 9],
    ],
    13: [[22, 5]],
  };

  it('has the lowest holder of each, or all of them', async () => {
    const lowest = await run(
      { owners: 'lowest' },
      owning(scanOf({ world }).scan),
      sockets(11, 12),
      sockets(99),
    );
    expect(holders(lowest)).toEqual(['20:3', '20:4', 'no-descriptor']);
    const all = await run({ owners: 'all' }, owning(scanOf({ world }).scan), sockets(12));
    expect(holders(all)).toEqual(['20:4 21:9']);
  });

  it('looks everywhere for most sockets, and only for those that are there of few', async () => {
    const { asked, scan } = scanOf({ world });
    await run({ owners: 'lowest' }, owning(scan), sockets(11));
    expect(asked).toEqual([{ holders: 'lowest' }]);
    const narrow = await run(
      { owners: 'all', states: ['listen'] },
      owning(scan),
      sockets(11, 0),
      sockets(13),
    );
    expect(asked[1]).toEqual({ holders: 'all', wanted: Uint32Array.of(11, 13) });
    expect(holders(narrow)).toEqual(['20:3', 'not-accepted', '22:5']);
  });

  it('reads each process once, and leaves out those that have ended', async () => {
    const processes = new FakeProcesses();
    processes.gone = [22];
    const table = await run(
      { owners: 'lowest' },
      owning(scanOf({ world }).scan, { processes }),
      sockets(11, 12),
      sockets(11, 13),
    );
    expect(holders(table)).toEqual(['20:3', '20:4', '20:3', 'no-descriptor']);
    expect(processes.asked).toEqual([20]);
  });

  it('says what may be hidden', async () => {
    const table = await run(
      { owners: 'lowest' },
      owning(scanOf({ world, denied: 2 }).scan),
      sockets(11, 98, 99),
    );
    expect(holders(table)).toEqual(['20:3', 'not-permitted', 'not-permitted']);
    expect(table.gaps).toEqual([{ what: 'owners', reason: 'not-permitted', rows: 2 }]);
    expect(table.report.owners).toMatchObject({ source: 'procfd', denied: 2 });
    expect(table.complete).toBe(false);
  });

  it('ends the search when the loop is left', async () => {
    let aborted = false;
    const scan: OwnerScan['scan'] = async (question, { signal }) => {
      signal.addEventListener('abort', () => (aborted = true));
      return indexOf(world, question);
    };
    const asking = {
      request: settleRequest({ owners: 'all' }),
      setting: owning(scan),
      report: new ScanReport(),
      signal: new AbortController().signal,
    };
    for await (const _ of withOwners(stream([sockets(11), sockets(12)]), asking, undefined)) break;
    expect(aborted).toBe(true);
    expect(asking.report.owners).toBeUndefined();
  });
});

describe('a host that remembers owners', () => {
  function host(world: World, more: Partial<OwnerSetting> = {}) {
    const scene: { world: World; denied?: number } = { world };
    const { asked, scan } = scanOf(scene);
    const memory = new OwnerMemory(() => new FakeKnownOwners());
    const setting = owning(scan, { memory, ...more });
    const ask = async (...inodes: number[]) => {
      asked.length = 0;
      return run({ owners: 'lowest' }, setting, sockets(...inodes));
    };
    return { scene, asked, ask, setting };
  }

  it('asks nobody where nothing is new', async () => {
    const { ask, asked } = host({ 11: [[20, 3]], 12: [[21, 4]] });
    await ask(11, 12);
    const again = await ask(12, 11);
    expect(holders(again)).toEqual(['21:4', '20:3']);
    expect(asked).toEqual([]);
    expect(again.report.owners).toMatchObject({ remembered: 2, descriptors: 0 });
  });

  it('finds a new socket where one was closed', async () => {
    const { scene, ask, asked } = host({ 11: [[20, 3]], 12: [[20, 4]] });
    await ask(11, 12);
    scene.world = { 11: [[20, 3]], 77: [[20, 4]] };
    expect(holders(await ask(11, 77))).toEqual(['20:3', '20:4']);
    expect(asked).toEqual([{ holders: 'lowest', wanted: Uint32Array.of(77), slots: Uint32Array.of(20, 4) }]);
  });

  it('finds new sockets above the highest descriptor of a process that has more', async () => {
    const counts = new Map([[20, 10]]);
    const { scene, ask, asked } = host({ 11: [[20, 9]] }, { descriptorsOf: (pid) => counts.get(pid) });
    await ask(11);
    counts.set(20, 12);
    scene.world = { 11: [[20, 9]], 77: [[20, 10]], 78: [[20, 25]] };
    expect(holders(await ask(11, 77, 78))).toEqual(['20:9', '20:10', '20:25']);
    expect(asked).toHaveLength(1);
  });

  it('finds those of a process that held none', async () => {
    const { scene, ask, asked } = host({ 11: [[20, 3]] });
    await ask(11);
    scene.world = { 11: [[20, 3]], 77: [[30, 8]] };
    expect(holders(await ask(11, 77))).toEqual(['20:3', '30:8']);
    expect(asked).toEqual([{ holders: 'lowest', wanted: Uint32Array.of(77), except: Uint32Array.of(20) }]);
  });

  it('looks everywhere for what it has missed once, and not again', async () => {
    const { scene, ask, asked } = host({ 11: [[20, 3]] });
    await ask(11);
    scene.world = { 11: [[20, 3]], 77: [[20, 1]] };
    expect(holders(await ask(11, 77, 99))).toEqual(['20:3', 'no-descriptor', 'no-descriptor']);
    expect(holders(await ask(11, 77, 99))).toEqual(['20:3', '20:1', 'no-descriptor']);
    expect(asked.at(-1)).toEqual({ holders: 'lowest', wanted: Uint32Array.of(77, 99) });
    expect(holders(await ask(11, 77, 99))).toEqual(['20:3', '20:1', 'no-descriptor']);
    expect(asked).toEqual([]);
  });

  it('notices that a process has ended, and who else held its sockets', async () => {
    const processes = new FakeProcesses();
    const { scene, ask } = host(
      {
        11: [
          [20, 3],
          [21, 3],
        ],
        12: [[20, 4]],
      },
      { processes },
    );
    expect(holders(await ask(11, 12))).toEqual(['20:3', '20:4']);
    processes.gone = [20];
    scene.world = { 11: [[21, 3]] };
    expect(holders(await ask(11, 12))).toEqual(['21:3', 'no-descriptor']);
  });

  it('notices within a rotation that a socket was passed on', async () => {
    const { scene, ask } = host({ 11: [[20, 3]], 12: [[20, 4]] });
    await ask(11, 12);
    scene.world = { 11: [[21, 7]], 12: [[20, 4]] };
    let polls = 0;
    for (; polls <= ROTATION; polls++) if (holders(await ask(11, 12))[0] === '21:7') break;
    expect(polls).toBeLessThan(ROTATION);
  });

  it('does not remember where it was told not to, nor all holders, nor few sockets', async () => {
    const { setting } = host({ 11: [[20, 3]] });
    for (const request of [{ remember: false }, { owners: 'all' }, { states: ['listen'] }] as const) {
      const { asked, scan } = scanOf({ world: { 11: [[20, 3]] } });
      const lent = { ...setting, ...owning(scan), memory: setting.memory };
      for (let round = 0; round < 2; round++) {
        expect(holders(await run({ owners: 'lowest', ...request }, lent, sockets(11)))).toEqual(['20:3']);
      }
      expect(asked).toHaveLength(2);
    }
  });

  it('lets questions of one kind run at once, without memory', async () => {
    const { setting } = host({ 11: [[20, 3]] });
    const both = await Promise.all([1, 2].map(() => run({ owners: 'lowest' }, setting, sockets(11))));
    expect(both.map(holders)).toEqual([['20:3'], ['20:3']]);
  });

  it('keeps the last few kinds of questions', () => {
    const memory = new OwnerMemory(() => new FakeKnownOwners());
    const first = memory.take('a')!;
    expect(first).toBeInstanceOf(KnownOwners);
    expect(memory.take('a')).toBeUndefined();
    memory.giveBack(first);
    expect(memory.take('a')).toBe(first);
    memory.giveBack(first);
    for (const kind of 'bcde') memory.giveBack(memory.take(kind)!);
    expect(memory.take('a')).not.toBe(first);
  });
});
