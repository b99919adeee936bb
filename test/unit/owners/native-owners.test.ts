import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { NativeOutcome, NativeOwnersEnd } from '../../../src/addon/native-binding.ts';
import { SockscopeError } from '../../../src/errors.ts';
import { createBpfScan, createPinnedScan, createProcFdScan } from '../../../src/owners/native-owners.ts';
import type { OwnerScan } from '../../../src/owners/owner-scan.ts';
import { ProcRoot } from '../../../src/proc/proc-root.ts';
import { nextTurn } from '../../../src/turn.ts';
import { endOf, FakeBinding, outcome } from './fake-binding.ts';
import { context } from './proc-trees.ts';

const ALL = { holders: 'all' } as const;
const EPERM = 1;
const ENOENT = 2;
const EACCES = 13;

describe('a search by the addon', () => {
  it('hands the question over, and the answer back', async () => {
    const binding = new FakeBinding();
    const scan = createProcFdScan(binding.native, new ProcRoot('/host/proc'));
    const question = {
      holders: 'lowest',
      wanted: Uint32Array.of(5),
      slots: Uint32Array.of(1, 2),
      except: Uint32Array.of(3),
    } as const;
    const searching = scan.scan({ ...question, leadersOnly: true }, context({ threads: 99, maxBytes: 4096 }));
    expect(binding.searches[0]!.request).toEqual({
      scan: 'procfd',
      procRoot: '/host/proc',
      lowest: true,
      wanted: question.wanted,
      slots: question.slots,
      except: question.except,
      leadersOnly: true,
      threads: 64,
      maxBytes: 4096,
    });
    binding.searches[0]!.finish();
    const { tally, starts, find } = await searching;
    expect(tally).toEqual({
      processes: 9,
      vanished: 1,
      denied: 2,
      unopened: 1,
      descriptors: 80,
      sockets: 40,
      threads: 3,
    });
    expect([...starts]).toEqual([
      [7, 700],
      [8, 0xffffffff],
    ]);
    expect(find(Uint32Array.of(3)).pid).toEqual(Uint32Array.of(3));
    expect(binding.searches[0]!.cancelled).toBe(0);
  });

  it('may have ended before it is waited for', async () => {
    const binding = new FakeBinding();
    const start = binding.startOwners.bind(binding);
    binding.startOwners = (request, wake) => {
      const search = start(request, () => {});
      search.finish();
      return Object.assign(search, { wake });
    };
    const scan = createProcFdScan(binding.native, new ProcRoot());
    expect((await scan.scan(ALL, context())).tally.processes).toBe(9);
  });

  it('starts nothing when it is aborted before', async () => {
    const binding = new FakeBinding();
    const scan = createProcFdScan(binding.native, new ProcRoot());
    const signal = AbortSignal.abort('not any more');
    await expect(scan.scan(ALL, context({ signal }))).rejects.toBe('not any more');
    expect(binding.searches).toEqual([]);
  });

  it('is ended by an abort, and lets go of the signal then and at its end', async () => {
    const binding = new FakeBinding();
    const scan = createProcFdScan(binding.native, new ProcRoot());
    const abort = new AbortController();
    const whole = scan.scan(ALL, context({ signal: abort.signal }));
    const cut = scan.scan(ALL, context({ signal: abort.signal }));
    expect(getEventListeners(abort.signal, 'abort')).toHaveLength(2);
    binding.searches[0]!.finish();
    await whole;
    expect(getEventListeners(abort.signal, 'abort')).toHaveLength(1);
    const reason = new Error('enough');
    abort.abort(reason);
    await expect(cut).rejects.toBe(reason);
    expect(binding.searches.map(({ cancelled }) => cancelled)).toEqual([0, 1]);
    expect(getEventListeners(abort.signal, 'abort')).toHaveLength(0);
  });

  it.each<[Partial<NativeOwnersEnd>, string, string]>([
    [
      { status: 'system', operation: 'open /proc', errno: ENOENT },
      'ERR_SOURCE_UNAVAILABLE',
      'open /proc: ENOENT',
    ],
    [{ status: 'system', operation: 'open', errno: 24 }, 'ERR_NO_RESOURCES', 'open: EMFILE'],
    [{ status: 'system', operation: 'open', errno: 23 }, 'ERR_NO_RESOURCES', 'open: ENFILE'],
    [{ status: 'system', operation: 'open', errno: 12 }, 'ERR_NO_RESOURCES', 'open: ENOMEM'],
    [{ status: 'system', operation: 'open', errno: 4000 }, 'ERR_SOURCE_UNAVAILABLE', 'open: errno 4000'],
    [{ status: 'no-memory', operation: 'owners' }, 'ERR_NO_RESOURCES', 'out of memory'],
    [{ status: 'too-large', operation: 'owners' }, 'ERR_TOO_LARGE', 'maxBytes'],
    [{ status: 'malformed', operation: 'read' }, 'ERR_SOURCE_UNAVAILABLE', 'it makes no sense'],
    [{ status: 'not-supported', operation: 'load' }, 'ERR_SOURCE_UNAVAILABLE', 'not supported: load'],
    [{ status: 'cancelled', operation: 'owners' }, 'ERR_CLOSED', 'was ended'],
  ])('that ends with %o is %s', async (fields, code, words) => {
    const binding = new FakeBinding();
    const searching = createProcFdScan(binding.native, new ProcRoot()).scan(ALL, context());
    binding.searches[0]!.finish(endOf(fields));
    const error: unknown = await searching.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(SockscopeError);
    expect(error).toMatchObject({ code, operation: 'find owners by procfd', syscall: fields.operation });
    expect((error as SockscopeError).errno).toBe(fields.errno);
    expect((error as Error).message).toContain(words);
  });
});

describe('the walk over /proc by the addon', () => {
  it('is done on this thread where no other is to be had', async () => {
    const binding = new FakeBinding();
    const searching = createProcFdScan(binding.native, new ProcRoot()).scan(ALL, context());
    binding.searches[0]!.finish(endOf({ status: 'no-thread', operation: 'start thread', errno: 11 }));
    const { tally } = await searching;
    expect(tally.threads).toBe(0);
    expect(tally.processes).toBeGreaterThan(0);
  });

  it('works where processes can be listed', async () => {
    const { native } = new FakeBinding();
    expect(await createProcFdScan(native, new ProcRoot()).probe()).toEqual({ verdict: 'yes' });
    const absent = await createProcFdScan(native, new ProcRoot('/nowhere/proc')).probe();
    expect(absent).toMatchObject({ verdict: 'no', errno: ENOENT, reason: '/nowhere/proc: ENOENT' });
    expect(absent.remedy).toContain('procRoot');
  });
});

describe('BPF', () => {
  function open(permitted = true): { binding: FakeBinding; scan: OwnerScan } {
    const binding = new FakeBinding();
    binding.permitted = permitted;
    return { binding, scan: createBpfScan(binding.native) };
  }

  it('is not called without the capabilities, which may come later', async () => {
    const { binding, scan } = open(false);
    expect(await scan.probe()).toMatchObject({
      verdict: 'no',
      errno: EPERM,
      reason: expect.stringContaining('CAP_BPF'),
    });
    await expect(scan.scan(ALL, context())).rejects.toMatchObject({
      code: 'ERR_SOURCE_UNAVAILABLE',
      errno: EPERM,
    });
    expect(binding.loads).toEqual([]);
    binding.permitted = true;
    const probing = scan.probe();
    binding.loads[0]!.finish();
    expect(await probing).toEqual({ verdict: 'yes' });
  });

  it('is loaded once, for all probes and scans', async () => {
    const { binding, scan } = open();
    const probes = [scan.probe(), scan.probe()];
    binding.loads[0]!.finish();
    expect(await Promise.all(probes)).toEqual([{ verdict: 'yes' }, { verdict: 'yes' }]);
    const searching = scan.scan({ ...ALL, slots: Uint32Array.of(1, 2) }, context());
    await nextTurn();
    expect(binding.searches[0]!.request).toMatchObject({
      scan: 'bpf',
      bpf: binding.loads[0],
      slots: undefined,
    });
    binding.searches[0]!.finish();
    expect((await searching).tally.processes).toBe(9);
    expect(binding.loads).toHaveLength(1);
  });

  it.each([
    [outcome('system', 'load', EPERM), 'sandbox'],
    [outcome('system', 'load', 22), 'Linux 5.8'],
    [outcome('not-supported', 'btf'), 'BTF'],
    [outcome('malformed', 'proof'), 'procfd'],
  ])('that is refused with %o stays refused', async (end, remedy) => {
    const { binding, scan } = open();
    const probing = scan.probe();
    binding.loads[0]!.finish(end);
    const support = await probing;
    expect(support).toMatchObject({ verdict: 'no', remedy: expect.stringContaining(remedy) });
    expect(await scan.probe()).toEqual(support);
    await expect(scan.scan(ALL, context())).rejects.toMatchObject({
      code: 'ERR_SOURCE_UNAVAILABLE',
      reason: support.reason,
    });
    expect(binding.loads).toHaveLength(1);
  });

  it.each([outcome('no-memory'), outcome('no-thread', 'start thread', 11), outcome('system', 'open', 24)])(
    'that had no means (%o) is tried again',
    async (end) => {
      const { binding, scan } = open();
      const probing = scan.probe();
      binding.loads[0]!.finish(end);
      expect(await probing).toMatchObject({ verdict: 'unknown' });
      const again = scan.scan(ALL, context());
      binding.loads[1]!.finish(end);
      await expect(again).rejects.toMatchObject({ code: 'ERR_NO_RESOURCES' });
    },
  );

  it('is loaded anew once it has failed, and not for what was its question', async () => {
    const { binding, scan } = open();
    const probing = scan.probe();
    binding.loads[0]!.finish();
    await probing;
    const searchThatEnds = async (end: NativeOutcome) => {
      const searching = scan.scan(ALL, context());
      await nextTurn();
      binding.searches.at(-1)!.finish(endOf(end));
      await searching.catch(() => {});
    };
    await searchThatEnds(outcome('too-large'));
    expect(await scan.probe()).toEqual({ verdict: 'yes' });
    await searchThatEnds(outcome('system', 'call bpf(2), for which a seccomp filter kills', EPERM));
    expect(binding.loads[0]!.closed).toBe(1);
    const again = scan.probe();
    binding.loads[1]!.finish(outcome('system', 'call bpf(2), for which a seccomp filter kills', EPERM));
    expect(await again).toMatchObject({ verdict: 'no', errno: EPERM });
  });

  it('can be aborted while it is being loaded', async () => {
    const { binding, scan } = open();
    const abort = new AbortController();
    const searching = scan.scan(ALL, context({ signal: abort.signal }));
    abort.abort('enough');
    await expect(searching).rejects.toBe('enough');
    expect(binding.searches).toEqual([]);
  });

  it('is let go of, and then loaded anew', async () => {
    const { binding, scan } = open();
    const probing = scan.probe();
    scan.close!();
    scan.close!();
    expect(await probing).toMatchObject({ verdict: 'unknown' });
    expect(binding.loads[0]!.closed).toBe(1);
    const again = scan.probe();
    binding.loads[1]!.finish();
    expect(await again).toEqual({ verdict: 'yes' });
  });

  it('never throws when it is asked', async () => {
    const { binding, scan } = open();
    binding.loadBpf = () => {
      throw new Error('the environment ends');
    };
    expect(await scan.probe()).toMatchObject({
      verdict: 'unknown',
      reason: expect.stringContaining('environment'),
    });
  });
});

describe('a pinned iterator', () => {
  const open = (...paths: string[]) => {
    const binding = new FakeBinding();
    return { binding, scan: createPinnedScan(binding.native, paths) };
  };

  it('is the first that can be read, and is asked about no more', async () => {
    const { binding, scan } = open('/a', '/b', '/c');
    binding.pinned.set('/b', outcome());
    expect(await scan.probe()).toEqual({ verdict: 'yes' });
    expect(await scan.probe()).toEqual({ verdict: 'yes' });
    expect(binding.probed).toEqual(['/a', '/b']);
    const searching = scan.scan(ALL, context());
    await nextTurn();
    expect(binding.searches[0]!.request).toMatchObject({ scan: 'bpf-pinned', path: '/b' });
    binding.searches[0]!.finish();
    expect((await searching).starts.get(7)).toBe(700);
  });

  it('may come later', async () => {
    const { binding, scan } = open('/a', '/b');
    expect(await scan.probe()).toEqual({
      verdict: 'no',
      reason: '/a: open: ENOENT; /b: open: ENOENT',
      needs: [[{ kind: 'command', name: 'sockscope pin --group GROUP' }]],
      errno: ENOENT,
      remedy: 'sockscope pin --group GROUP',
    });
    await expect(scan.scan(ALL, context())).rejects.toMatchObject({ code: 'ERR_SOURCE_UNAVAILABLE' });
    binding.pinned.set('/a', outcome());
    expect(await scan.probe()).toEqual({ verdict: 'yes' });
  });

  it('that is closed to this user says more than one that is not there', async () => {
    const { binding, scan } = open('/a', '/b');
    binding.pinned.set('/b', outcome('system', 'open', EACCES));
    expect(await scan.probe()).toMatchObject({
      verdict: 'no',
      errno: EACCES,
      reason: '/a: open: ENOENT; /b: open: EACCES',
      remedy: expect.stringContaining('group'),
    });
  });

  it('that has gone, or is of another namespace, is looked for anew', async () => {
    const { binding, scan } = open('/a', '/b');
    binding.pinned.set('/a', outcome());
    const searching = scan.scan(ALL, context());
    await nextTurn();
    binding.searches[0]!.finish(endOf({ status: 'malformed', operation: 'prove on own process' }));
    await expect(searching).rejects.toMatchObject({
      code: 'ERR_SOURCE_UNAVAILABLE',
      reason: expect.stringContaining('namespace'),
    });
    binding.pinned.clear();
    expect(await scan.probe()).toMatchObject({ verdict: 'no' });
  });

  it('cannot be where no path is known', async () => {
    expect(await open().scan.probe()).toMatchObject({ verdict: 'no', reason: 'no path is known' });
  });
});
