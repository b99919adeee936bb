import { describe, expect, it } from 'vitest';
import { TIME_IS_UP } from '../../src/ending.ts';
import { SockscopeError } from '../../src/errors.ts';
import type { OwnerSetting } from '../../src/owner-setting.ts';
import { KnownOwners } from '../../src/owners/known-owners.ts';
import { OwnerMemory } from '../../src/owners/owner-memory.ts';
import type { OwnerQuestion, OwnerScan } from '../../src/owners/owner-scan.ts';
import { MOST_ASKED, ROTATION } from '../../src/owners/poll.ts';
import { type ScanRequest, settleRequest } from '../../src/request/request.ts';
import { State } from '../../src/socket/state.ts';
import type { Batch } from '../../src/table/batch.ts';
import { RunningReport } from '../../src/table/report.ts';
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

/** As a text has them. */
function textual(...inodes: number[]): Batch {
  return batchOf(inodes.map((inode) => ({ ...established, inode, cookie: [0, 0] })));
}

async function* stream(batches: readonly Batch[]): AsyncGenerator<Batch> {
  yield* batches;
}

async function run(request: ScanRequest, setting: OwnerSetting, ...batches: Batch[]): Promise<SocketTable> {
  const report = new RunningReport();
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
      report: new RunningReport(),
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
    const setting = owning(scan, { memory, descriptorsOf: () => 10, ...more });
    /** An inode stands for its socket's cookie as well; a pair is a cookie and an inode. */
    const ask = async (...inodes: (number | readonly [number, number])[]) => {
      asked.length = 0;
      const rows = inodes.map((one) => (typeof one === 'number' ? [one, one] : one));
      const values = rows.map(([cookie, inode]) => ({ ...established, inode: inode!, cookie: [cookie!, 0] }));
      return run({ owners: 'lowest' }, setting, batchOf(values));
    };
    return { scene, asked, ask, setting };
  }

  /** What a poll asks first: the processes whose turn it is, and descriptors. */
  const nearby = (poll: number, ...slots: number[]) => ({
    holders: 'lowest',
    slots: Uint32Array.from(slots),
    share: { index: poll % ROTATION, of: ROTATION },
  });

  it('looks at the processes whose turn it is and no others, where nothing is new', async () => {
    const { ask, asked } = host({ 11: [[20, 3]], 12: [[21, 4]] });
    await ask(11, 12);
    const again = await ask(12, 11);
    expect(holders(again)).toEqual(['21:4', '20:3']);
    expect(asked).toEqual([nearby(2)]);
    expect(again.report.owners).toMatchObject({ source: 'procfd', remembered: 2, descriptors: 0 });
    expect(again.complete).toBe(true);
  });

  it('finds a new socket where one was closed', async () => {
    const { scene, ask, asked } = host({ 11: [[20, 3]], 12: [[20, 4]] });
    await ask(11, 12);
    scene.world = { 11: [[20, 3]], 77: [[20, 4]] };
    expect(holders(await ask(11, 77))).toEqual(['20:3', '20:4']);
    expect(asked).toEqual([nearby(2, 20, 4)]);
  });

  it('finds one there in a later poll, too, and then looks there no more', async () => {
    const { scene, ask, asked } = host({ 11: [[20, 3]], 12: [[20, 4]] });
    await ask(11, 12);
    scene.world = { 11: [[20, 3]] };
    await ask(11);
    expect(asked).toEqual([nearby(2)]);
    scene.world = { 11: [[20, 3]], 77: [[20, 4]] };
    expect(holders(await ask(11, 77))).toEqual(['20:3', '20:4']);
    expect(asked).toEqual([nearby(3, 20, 4)]);
    scene.world = { 11: [[20, 3]], 77: [[20, 4]], 78: [[30, 1]] };
    await ask(11, 77, 78);
    expect(asked[0]).toEqual(nearby(4));
  });

  it('takes a socket for closed that has lost its inode, and looks where it was', async () => {
    const { scene, ask, asked } = host({ 11: [[20, 3]] });
    await ask(11);
    scene.world = { 77: [[20, 3]] };
    expect(holders(await ask([11, 0], 77))).toEqual(['not-accepted', '20:3']);
    expect(asked).toEqual([nearby(2, 20, 3)]);
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

  it('knows how many descriptors a process had that came later', async () => {
    const counts = new Map([[20, 10]]);
    const { scene, ask, asked } = host({ 11: [[20, 9]] }, { descriptorsOf: (pid) => counts.get(pid) });
    await ask(11);
    counts.set(30, 5);
    scene.world = { 11: [[20, 9]], 77: [[30, 4]] };
    await ask(11, 77);
    counts.set(30, 6);
    scene.world = { 11: [[20, 9]], 77: [[30, 4]], 78: [[30, 5]] };
    expect(holders(await ask(11, 77, 78))).toEqual(['20:9', '30:4', '30:5']);
    expect(asked).toHaveLength(1);
  });

  it('finds those of a process that held none', async () => {
    const { scene, ask, asked } = host({ 11: [[20, 3]] });
    await ask(11);
    scene.world = { 11: [[20, 3]], 77: [[30, 8]] };
    expect(holders(await ask(11, 77))).toEqual(['20:3', '30:8']);
    expect(asked).toMatchObject([
      { share: { index: 2 } },
      { holders: 'lowest', wanted: Uint32Array.of(77), except: Uint32Array.of(20) },
    ]);
  });

  it('says what it has not looked for everywhere, does so the next time, and then no more', async () => {
    const { scene, ask, asked } = host({ 11: [[20, 3]] });
    await ask(11);
    scene.world = { 11: [[20, 3]], 77: [[20, 1]] };
    const first = await ask(11, 77, 99);
    expect(holders(first)).toEqual(['20:3', 'not-searched', 'not-searched']);
    expect(first.gaps).toEqual([{ what: 'owners', reason: 'not-searched', rows: 2 }]);
    const second = await ask(11, 77, 99);
    expect(holders(second)).toEqual(['20:3', '20:1', 'no-descriptor']);
    expect(second.complete).toBe(true);
    expect(asked.at(-1)).toEqual({ holders: 'lowest', wanted: Uint32Array.of(77, 99) });
    expect(holders(await ask(11, 77, 99))).toEqual(['20:3', '20:1', 'no-descriptor']);
    expect(asked).toHaveLength(1);
  });

  it('looks once more for what the first search has not found', async () => {
    const { scene, ask } = host({ 11: [[20, 3]] });
    expect(holders(await ask(11, 12))).toEqual(['20:3', 'no-descriptor']);
    scene.world = { 11: [[20, 3]], 12: [[20, 9]] };
    expect(holders(await ask(11, 12))).toEqual(['20:3', '20:9']);
  });

  it('keeps the reason where something may not be looked at', async () => {
    const { scene, ask } = host({ 11: [[20, 3]] });
    scene.denied = 1;
    for (let poll = 0; poll < 4; poll++) {
      const table = await ask(11, 99);
      expect(holders(table)).toEqual(['20:3', 'not-permitted']);
      expect(table.gaps[0]).toEqual({ what: 'owners', reason: 'not-permitted', rows: 1 });
      expect(table.complete).toBe(false);
    }
  });

  it('does not take for forbidden what it has not looked for everywhere', async () => {
    const { scene, ask } = host({ 11: [[20, 3]] });
    scene.denied = 1;
    await ask(11);
    scene.world = { 11: [[20, 3]], 77: [[20, 1]] };
    expect(holders(await ask(11, 77))).toEqual(['20:3', 'not-searched']);
    expect(holders(await ask(11, 77))).toEqual(['20:3', '20:1']);
  });

  it('notices that a process has ended, and who else held its sockets', async () => {
    const processes = new FakeProcesses();
    const world: World = {
      11: [
        [20, 3],
        [21, 3],
      ],
      12: [[20, 4]],
    };
    const { scene, ask } = host(world, { processes });
    expect(holders(await ask(11, 12))).toEqual(['20:3', '20:4']);
    processes.gone = [20];
    scene.world = { 11: [[21, 3]] };
    expect(holders(await ask(11, 12))).toEqual(['21:3', 'not-searched']);
  });

  it.each([
    ['away', [[21, 7]]],
    [
      'to a lower pid as well',
      [
        [19, 8],
        [20, 3],
      ],
    ],
  ] as const)('notices within a rotation that a socket was passed on %s', async (_, now) => {
    const { scene, ask } = host({ 11: [[20, 3]], 12: [[20, 4]] });
    await ask(11, 12);
    scene.world = { 11: now, 12: [[20, 4]] };
    const [pid, fd] = now[0]!;
    let polls = 0;
    for (; polls <= ROTATION; polls++) if (holders(await ask(11, 12))[0] === `${pid}:${fd}`) break;
    expect(polls).toBeLessThan(ROTATION);
  });

  it("looks everywhere for what is nobody's, too, once in a rotation", async () => {
    const { scene, ask } = host({ 11: [[20, 3]] });
    for (let poll = 0; poll < 3; poll++) await ask(11, 99);
    expect(holders(await ask(11, 99))).toEqual(['20:3', 'no-descriptor']);
    scene.denied = 1;
    let polls = 0;
    for (; polls <= ROTATION; polls++) if (holders(await ask(11, 99))[1] === 'not-permitted') break;
    expect(polls).toBeLessThan(ROTATION);
    scene.denied = 0;
    for (polls = 0; polls <= ROTATION; polls++) if (holders(await ask(11, 99))[1] === 'no-descriptor') break;
    expect(polls).toBeLessThan(ROTATION);
  });

  it('looks no more where a process has ended', async () => {
    const processes = new FakeProcesses();
    const { scene, ask, asked } = host({ 11: [[20, 3]], 12: [[21, 4]] }, { processes });
    await ask(11, 12);
    scene.world = { 11: [[20, 3]] };
    await ask(11);
    processes.gone = [21];
    scene.world = { 11: [[20, 3]], 77: [[20, 9]] };
    await ask(11, 77);
    expect(asked[0]).toEqual(nearby(3));
  });

  it('does not look at more descriptors than there are new sockets for', async () => {
    const counts = new Map([[20, 10]]);
    const { scene, ask, asked } = host({ 11: [[20, 9]] }, { descriptorsOf: (pid) => counts.get(pid) });
    await ask(11);
    counts.set(20, 10_000);
    scene.world = { 11: [[20, 9]], 77: [[20, 12]] };
    expect(holders(await ask(11, 77))).toEqual(['20:9', '20:12']);
    expect(asked[0]!.slots!.length).toBe(2 * (4 + 16));
  });

  it('looks everywhere where very much is new, and begins anew', async () => {
    const { scene, ask, asked, setting } = host({ 11: [[20, 3]] });
    await ask(11);
    asked.length = 0;
    scene.world = { 11: [[20, 3]], 100: [[20, 5]] };
    const inodes = Array.from({ length: MOST_ASKED + 1 }, (_, at) => at + 100);
    const batches = Array.from({ length: 5 }, (_, at) =>
      sockets(...inodes.slice(8000 * at, 8000 * (at + 1))),
    );
    const table = await run({ owners: 'lowest' }, setting, sockets(11), ...batches);
    expect(holders(table).slice(0, 3)).toEqual(['20:3', '20:5', 'no-descriptor']);
    expect(asked).toEqual([{ holders: 'lowest' }]);
    await ask(11);
    expect(asked).toEqual([{ holders: 'lowest' }]);
  });

  it('forgets all where a pid was used again while it looked', async () => {
    const { scene, setting, ask } = host({ 11: [[20, 3]], 12: [[21, 4]] });
    await ask(11, 12);
    const walk = setting.walk;
    scene.world = { 11: [[20, 3]], 77: [[21, 4]] };
    const other: OwnerSetting = {
      ...setting,
      walk: async (question, lent) => ({ ...(await walk(question, lent)), starts: new Map([[21, 5]]) }),
    };
    expect(holders(await run({ owners: 'lowest' }, other, sockets(11, 77)))).toEqual(['20:3', '21:4']);
    expect(holders(await ask(11, 77))).toEqual(['20:3', '21:4']);
  });

  it('gives what is known at the deadline, and keeps nothing of it', async () => {
    const { setting, ask, asked, scene } = host({ 11: [[20, 3]] });
    await ask(11);
    const over: OwnerSetting = { ...setting, walk: () => Promise.reject(TIME_IS_UP) };
    const table = await run({ owners: 'lowest' }, over, sockets(11, 77));
    expect(holders(table)).toEqual(['20:3', 'not-searched']);
    expect(table.report.owners).toBeUndefined();
    expect(table.gaps).toEqual([{ what: 'owners', reason: 'deadline', rows: 1 }]);
    const known = await ask(11).then(() => run({ owners: 'lowest' }, over, sockets(11)));
    expect(holders(known)).toEqual(['20:3']);
    expect(known.gaps).toEqual([{ what: 'owners', reason: 'deadline' }]);
    scene.world = { 11: [[20, 3]], 77: [[20, 4]] };
    expect(holders(await ask(11, 77))).toEqual(['20:3', '20:4']);
    expect(asked).toEqual([{ holders: 'lowest' }]);
  });

  it('looks everywhere, by whatever scan can, where the walk has no means', async () => {
    const { setting, ask } = host({ 11: [[20, 3]] });
    await ask(11);
    const error = new SockscopeError('ERR_NO_RESOURCES', 'EMFILE', { operation: 'find owners' });
    const table = await run(
      { owners: 'lowest' },
      { ...setting, walk: () => Promise.reject(error) },
      sockets(11),
    );
    expect(holders(table)).toEqual(['20:3']);
  });

  it('keeps nothing of a stream that was left', async () => {
    const { setting, ask, asked } = host({ 11: [[20, 3]], 12: [[20, 4]] });
    const asking = {
      request: settleRequest({ owners: 'lowest' }),
      setting,
      report: new RunningReport(),
      signal: new AbortController().signal,
    };
    for await (const _ of withOwners(stream([sockets(11), sockets(12)]), asking, undefined)) break;
    expect(holders(await ask(11, 12))).toEqual(['20:3', '20:4']);
    expect(asked).toEqual([{ holders: 'lowest' }]);
  });

  describe('of few sockets', () => {
    const LISTENERS = { owners: 'lowest', states: ['listen'] } as const;
    const few = (world: World) => {
      const { scene, asked, setting } = host(world);
      const ask = (...inodes: number[]) => {
        asked.length = 0;
        const values = inodes.map((inode) => ({ ...established, inode, cookie: [inode, 0] }));
        return run(LISTENERS, setting, batchOf(values));
      };
      return { scene, asked, ask };
    };
    const everywhere = (...inodes: number[]) => ({ holders: 'lowest', wanted: Uint32Array.from(inodes) });

    it('confirms what it knows, and looks nowhere else but where the turn is', async () => {
      const { ask, asked } = few({ 11: [[20, 3]], 12: [[21, 4]] });
      await ask(11, 12);
      expect(asked).toEqual([everywhere(11, 12)]);
      expect(holders(await ask(11, 12))).toEqual(['20:3', '21:4']);
      expect(asked).toEqual([nearby(2, 20, 3, 21, 4)]);
    });

    it('looks everywhere for a new one, in the same poll', async () => {
      const { scene, ask, asked } = few({ 11: [[20, 3]] });
      await ask(11);
      scene.world = { 11: [[20, 3]], 12: [[20, 9]] };
      expect(holders(await ask(11, 12))).toEqual(['20:3', '20:9']);
      expect(asked).toEqual([nearby(2, 20, 3), everywhere(12)]);
    });

    it('notices that one was passed on, and who has it', async () => {
      const { scene, ask, asked } = few({ 11: [[20, 3]], 12: [[20, 4]] });
      await ask(11, 12);
      // The turn shows a holder that is not the lowest.
      scene.world = {
        11: [
          [30, 7],
          [66, 1],
        ],
        12: [[20, 4]],
      };
      expect(holders(await ask(11, 12))).toEqual(['30:7', '20:4']);
      expect(asked).toEqual([nearby(2, 20, 3, 20, 4), everywhere(11)]);
    });

    it('looks everywhere, every time, for one that nobody holds', async () => {
      const { scene, ask, asked } = few({ 11: [[20, 3]] });
      await ask(11, 12);
      for (const poll of [2, 3]) {
        expect(holders(await ask(11, 12))).toEqual(['20:3', 'no-descriptor']);
        expect(asked).toEqual([nearby(poll, 20, 3), everywhere(12)]);
      }
      scene.world = { 11: [[20, 3]], 12: [[40, 1]] };
      expect(holders(await ask(11, 12))).toEqual(['20:3', '40:1']);
    });

    it('takes a lower holder when it has its turn', async () => {
      const { scene, ask } = few({ 11: [[20, 3]] });
      await ask(11);
      scene.world = {
        11: [
          [2, 5],
          [20, 3],
        ],
      };
      expect(holders(await ask(11))).toEqual(['2:5']);
    });
  });

  it('does not remember where it was told not to, nor all holders', async () => {
    const { setting } = host({ 11: [[20, 3]] });
    for (const request of [{ remember: false }, { owners: 'all' }] as const) {
      const { asked, scan } = scanOf({ world: { 11: [[20, 3]] } });
      const lent = { ...setting, ...owning(scan), memory: setting.memory };
      for (let round = 0; round < 2; round++) {
        expect(holders(await run({ owners: 'lowest', ...request }, lent, sockets(11)))).toEqual(['20:3']);
      }
      expect(asked).toHaveLength(2);
    }
  });

  it.each([
    ['owners by BPF', { ownerAbility: async () => ({ source: 'bpf', better: [] }) }, 'netlink'],
    ['sockets without cookies', {}, 'procfs'],
  ])('does not remember %s', async (_, more, source) => {
    const { asked, scan } = scanOf({ world: { 11: [[20, 3]] } });
    const memory = new OwnerMemory(() => new FakeKnownOwners());
    const setting = owning(scan, { memory, ...more });
    for (let round = 0; round < 2; round++) {
      const report = new RunningReport();
      report.sources.tcp = { source, better: [] };
      const { signal } = new AbortController();
      const asking = { request: settleRequest({ owners: 'lowest' }), setting, report, signal };
      for await (const batch of withOwners(stream([sockets(11)]), asking, undefined)) {
        expect(batch.owners?.ownerPid).toEqual(Uint32Array.of(20));
      }
    }
    expect(asked).toEqual([{ holders: 'lowest' }, { holders: 'lowest' }]);
  });

  it('goes by no cookies of a source that another one has given way to', async () => {
    const { asked, scan } = scanOf({ world: { 11: [[20, 3]], 12: [[21, 4]] } });
    const setting = owning(scan, { memory: new OwnerMemory(() => new FakeKnownOwners()) });
    const ask = async (source: 'netlink' | 'procfs') => {
      const report = new RunningReport();
      report.sources.tcp = { source: 'netlink', better: [] };
      const { signal } = new AbortController();
      const asking = { request: settleRequest({ owners: 'lowest' }), setting, report, signal };
      async function* rows() {
        report.sources.tcp = { source, better: [] };
        yield source === 'netlink' ? sockets(11, 12) : textual(11, 12);
      }
      const pids: number[] = [];
      for await (const { owners } of withOwners(rows(), asking, undefined)) pids.push(...owners!.ownerPid);
      return pids;
    };
    // Learned from a text, recalled for one, and neither.
    for (const source of ['procfs', 'netlink', 'procfs', 'netlink', 'netlink'] as const) {
      expect(await ask(source)).toEqual([20, 21]);
    }
    const everywhere = { holders: 'lowest' };
    expect(asked).toEqual([everywhere, everywhere, everywhere, everywhere, expect.anything()]);
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
    memory.giveBack('a', first);
    expect(memory.take('a')).toBe(first);
    memory.lose('a');
    const second = memory.take('a')!;
    expect(second).not.toBe(first);
    memory.giveBack('a', second);
    for (const kind of 'bcde') memory.giveBack(kind, memory.take(kind)!);
    expect(memory.take('a')).not.toBe(second);
  });
});
