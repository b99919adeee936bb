import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadAddon } from '../../src/addon/load-addon.ts';
import { nativeBatches } from '../../src/addon/native-batches.ts';
import type { NativeBinding } from '../../src/addon/native-binding.ts';
import type { NativeDumpRequest } from '../../src/addon/native-dump.ts';
import { portAtLeast, portAtMost } from '../../src/filter/bytecode.ts';
import { createNetlinkSource } from '../../src/source/netlink-source.ts';
import { newTally } from '../../src/source/source.ts';
import type { Batch } from '../../src/table/batch.ts';
import { columnSet } from '../../src/table/schema.ts';
import { Turn } from '../../src/turn.ts';
import { requirement } from '../requirements.ts';
import { datagram, done, inetMessage, message } from '../unit/source/netlink-datagrams.ts';
import { useHosts } from './host-exports.ts';
import { useInterfaces } from './interface-exports.ts';
import { useBpf, useOwners, usePinned } from './owner-exports.ts';
import { type HandMadeProc, handMadeProc } from './proc-root.ts';
import { ADDON } from './scene.ts';

const missing = requirement('addon');

const request: NativeDumpRequest = {
  kind: 'unix',
  ipProtocol: 0,
  families: [1],
  states: 0xfff,
  columns: columnSet(['state', 'inode', 'path']),
  threads: 2,
  maxBytes: 1 << 30,
};
const row = message(20, inetMessage(0));
const rows = new Array<Uint8Array>(600).fill(datagram(...new Array<number[]>(100).fill(row)));
const replayed: NativeDumpRequest = { ...request, kind: 'inet', ipProtocol: 6, families: [2] };
/** By two dumps at once. */
const parted: NativeDumpRequest = {
  ...request,
  kind: 'inet',
  ipProtocol: 6,
  families: [2, 10],
  halves: [portAtMost('local', 1024), portAtLeast('local', 1025)],
};

function binding(): NativeBinding {
  const found = loadAddon({ packageRoot: '/', addonPath: ADDON });
  if (!('binding' in found)) throw new Error(found.reason);
  return found.binding;
}

let proc: HandMadeProc;
beforeAll(() => {
  proc = handMadeProc(3, 4);
});
afterAll(() => proc.remove());

type Start = (wake: () => void) => ReturnType<NativeBinding['startDump']>;

function open(start: Start, signal = new AbortController().signal): AsyncGenerator<Batch, void, undefined> {
  return nativeBatches({ start, subject: 'unix', signal, tally: newTally(), turn: new Turn() });
}

/** Reads all, leaves early, aborts before, between and while waiting. */
async function useDump(start: Start): Promise<void> {
  for await (const _ of open(start));
  for await (const _ of open(start)) break;
  await open(start).return();
  const gone = AbortSignal.abort(new Error('before'));
  await expect(open(start, gone).next()).rejects.toThrow('before');
  const abort = new AbortController();
  const aborted = async () => {
    const batches = open(start, abort.signal);
    const first = batches.next();
    abort.abort(new Error('during'));
    await first;
    for await (const _ of batches);
  };
  await expect(aborted()).rejects.toThrow('during');
}

/** Cancels a walk while it loads its program, or runs. */
function leaveWalk(addon: NativeBinding): void {
  const walk = addon.startTcpWalk(replayed, () => undefined);
  walk.cancel();
  expect(walk.take()).toBeUndefined();
}

/** Reads to the end, whatever that is; leaves at once; drops what was read. */
async function useConntrack(addon: NativeBinding): Promise<void> {
  let hasRung = false;
  const left = addon.startConntrack(0, () => {
    hasRung = true;
  });
  left.cancel();
  expect(left.take()).toBeUndefined();
  let wake = (): void => {};
  const woken = new Promise<void>((resolve) => {
    wake = resolve;
  });
  const reading = addon.startConntrack(1 << 20, wake);
  await woken;
  expect(['ok', 'refused', 'system']).toContain(reading.end()?.status);
  while (reading.take() !== undefined);
  reading.cancel();
  reading.cancel();
  await expect.poll(() => left.end()?.status).toBe('cancelled');
  expect(hasRung).toBe(false);
}

/** One for every export: what a program does with it, again and again. */
const leakCases: Record<keyof NativeBinding, (addon: NativeBinding) => unknown> = {
  interfaceVersion: (addon) => addon.interfaceVersion,
  layoutVersion: (addon) => addon.layoutVersion,
  layout: (addon) => addon.layout.map(({ name, width }) => `${name} ${width}`),
  mayStartThreads: (addon) => {
    expect(addon.mayStartThreads(4)).toBe(true);
    expect(() => addon.mayStartThreads(2049)).toThrow('threads must be a whole number from 0 to 2048');
  },
  userName: (addon) => [addon.userName(0), addon.userName(4_000_000_123)],
  groupId: (addon) => {
    expect(['root', 'root\0', 'no such group', '', 'x'.repeat(1 << 20)].map(addon.groupId)).toEqual([
      0,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect(() => addon.groupId(0 as unknown as string)).toThrow('name must be a string');
  },
  openHostLookup: (addon) => useHosts(addon),
  createKnownOwners: (addon) => {
    const known = addon.createKnownOwners();
    known.beginPoll(3);
    known.learn(Uint32Array.of(7, 0), Uint32Array.of(1), Uint32Array.of(2));
    expect(known.find(Uint32Array.of(7, 0)).pid).toEqual(Uint32Array.of(1));
  },
  startInterfaces: (addon) => useInterfaces(addon),
  startOwners: (addon) => useOwners(addon, proc.path),
  startConntrack: async (addon) => {
    await useConntrack(addon);
    expect(() => addon.startConntrack(-1, () => undefined)).toThrow('maxBytes must be');
    expect(() => addon.startConntrack(1, undefined as never)).toThrow('wake must be');
  },
  mayUseBpf: (addon) => expect(typeof addon.mayUseBpf()).toBe('boolean'),
  loadBpf: (addon) => useBpf(addon, proc.path),
  probePinned: (addon) => usePinned((path) => addon.probePinned(path), proc.path),
  pinOwners: (addon) => {
    if (requirement('bpf') === undefined) usePinned((path) => addon.pinOwners(path, 0), proc.path);
    expect(() => addon.pinOwners('/x', 2 ** 32 - 1)).toThrow('gid must be');
  },
  mountBpfFs: (addon) => usePinned((path) => addon.mountBpfFs(path), proc.path),
  unmountBpfFs: (addon) => {
    expect(addon.unmountBpfFs(proc.path)).toEqual({ status: 'ok', operation: '', errno: 0 });
    expect(() => addon.unmountBpfFs('')).toThrow('directory must be a path');
  },
  startDump: async (addon) => {
    await useDump((wake) => addon.startDump(request, wake));
    await useDump((wake) => addon.startDump(parted, wake));
    const start = (halves: unknown) => () => addon.startDump({ ...parted, halves } as never, () => undefined);
    expect(start([portAtMost('local', 80)])).toThrow('halves must be two programs');
    expect(start([new Uint8Array(8), new Uint8Array(7)])).toThrow('halves must be a Uint8Array');
    expect(() => addon.startDump({ ...parted, bytecode: new Uint8Array(8) }, () => undefined)).toThrow(
      'instead of bytecode',
    );
  },
  startTcpWalk: async (addon) => {
    if (requirement('bpf') === undefined) {
      await useDump((wake) => addon.startTcpWalk(replayed, wake));
      leaveWalk(addon);
    }
    expect(() => addon.startTcpWalk(replayed, undefined as never)).toThrow(TypeError);
  },
  replayDump: async (addon) => {
    await useDump((wake) => addon.replayDump(replayed, [...rows, datagram(done())], wake));
    expect(() => addon.replayDump({ ...replayed, threads: 9 as 1 }, rows, () => undefined)).toThrow(
      TypeError,
    );
    expect(() => addon.replayDump(replayed, rows, undefined as never)).toThrow(TypeError);
  },
};

function held(): { descriptors: number; threads: number } {
  return { descriptors: readdirSync('/proc/self/fd').length, threads: readdirSync('/proc/self/task').length };
}

/** A cancelled scan is gone soon, not at once: in either count. */
async function expectNoMoreThan(before: { descriptors: number; threads: number }): Promise<void> {
  const more = () => {
    const now = held();
    return { descriptors: now.descriptors > before.descriptors, threads: now.threads > before.threads };
  };
  await expect.poll(more, { timeout: 10_000 }).toEqual({ descriptors: false, threads: false });
}

describe.skipIf(missing !== undefined)(
  `exports of the addon${missing === undefined ? '' : ` (${missing})`}`,
  () => {
    it('have a leak case each', () => {
      const names = Object.keys(binding());
      expect(names.length).toBeGreaterThan(0);
      expect(names.filter((name) => !(name in leakCases))).toEqual([]);
    });

    it.each(Object.entries(leakCases))('%s leaves no descriptor and no thread', async (_, use) => {
      const addon = binding();
      await use(addon);
      const before = held();
      for (let round = 0; round < 20; round++) await use(addon);
      await expectNoMoreThan(before);
    });

    it('a source that is left and probed again leaves nothing either', async () => {
      const use = async () => {
        const source = createNetlinkSource(binding());
        for (const protocol of ['tcp', 'udp', 'raw', 'unix'] as const) await source.probe(protocol);
      };
      await use();
      const before = held();
      for (let round = 0; round < 20; round++) await use();
      await expectNoMoreThan(before);
    });
  },
);
