import { expect } from 'vitest';
import type {
  NativeBinding,
  NativeBpf,
  NativeOutcome,
  NativeOwners,
  NativeOwnersRequest,
} from '../../src/addon/native-binding.ts';
import { requirement } from '../requirements.ts';
import { inodeOf, startOf } from './proc-root.ts';

const OK = { status: 'ok', operation: '', errno: 0 };
const ignore = () => undefined;

function everythingIn(procRoot: string): NativeOwnersRequest {
  return { scan: 'procfd', procRoot, lowest: false, leadersOnly: false, threads: 2, maxBytes: 1 << 30 };
}

/** Resolves to what `start` has begun, once it has woken its caller. */
function ended<Begun>(start: (wake: () => void) => Begun): Promise<Begun> {
  return new Promise((resolve) => {
    const begun: Begun = start(() => resolve(begun));
  });
}

interface Early<Begun> {
  readonly start: () => Begun;
  readonly use: (begun: Begun) => unknown;
  readonly leave: (begun: Begun) => void;
}

/** What `use` throws while what `start` has begun still runs; begun anew where it ended meanwhile. */
function thrownWhileRunning<Begun extends { end(): unknown }>({ start, use, leave }: Early<Begun>): unknown {
  for (let tries = 0; tries < 100; tries++) {
    const begun = start();
    let thrown: unknown;
    try {
      use(begun);
    } catch (error) {
      thrown = error;
    }
    const running = begun.end() === undefined;
    leave(begun);
    if (running) return thrown;
  }
  throw new Error('it always ended at once');
}

/** What a program does with owner scans over the hand-made /proc of three processes with four sockets each. */
export async function useOwners(addon: NativeBinding, procRoot: string): Promise<void> {
  const everything = everythingIn(procRoot);
  await readOwners(addon, everything);
  await leaveOwners(addon, everything);
  refuseOwners(addon, everything);
  const live = await ended((wake) => addon.startOwners(everythingIn('/proc'), wake));
  expect(live.end()).toMatchObject(OK);
}

async function readOwners(addon: NativeBinding, everything: NativeOwnersRequest): Promise<void> {
  const owners = await ended((wake) => addon.startOwners(everything, wake));
  expect(owners.end()).toMatchObject({
    ...OK,
    processes: 3,
    vanished: 0,
    denied: 0,
    unopened: 0,
    descriptors: 12,
    sockets: 12,
  });
  expect(owners.end()).toEqual(owners.end());
  expect(owners.processes()).toEqual(Uint32Array.of(1, startOf(1), 2, startOf(2), 3, startOf(3)));
  const inodes = Uint32Array.of(inodeOf(3, 1), 0, 4_000_000_000, inodeOf(1, 0));
  expect(owners.find(inodes)).toEqual({
    start: Uint32Array.of(0, 1, 1, 1, 2),
    pid: Uint32Array.of(3, 1),
    fd: Uint32Array.of(1, 0),
  });
  expect(owners.find(new Uint32Array())).toMatchObject({ start: Uint32Array.of(0), pid: new Uint32Array() });
  expect(() => owners.find([1] as unknown as Uint32Array)).toThrow('inodes must be a Uint32Array');
  const wanted = Uint32Array.of(inodeOf(2, 2));
  const slots = Uint32Array.of(2, 2, 3, 0);
  const some = await ended((wake) => addon.startOwners({ ...everything, wanted, slots, lowest: true }, wake));
  expect(some.processes()).toEqual(Uint32Array.of(2, startOf(2)));
  some.cancel();
  expect(some.end()).toMatchObject(OK);
  expect(some.find(wanted)).toEqual({
    start: Uint32Array.of(0, 1),
    pid: Uint32Array.of(2),
    fd: Uint32Array.of(2),
  });
}

async function leaveOwners(addon: NativeBinding, everything: NativeOwnersRequest): Promise<void> {
  const start = () => addon.startOwners(everything, ignore);
  const leave = (owners: NativeOwners) => owners.cancel();
  const questions = [
    (owners: NativeOwners) => owners.find(new Uint32Array()),
    (owners: NativeOwners) => owners.processes(),
  ];
  for (const use of questions) {
    const early = thrownWhileRunning({ start, use, leave });
    expect(early).toEqual(new TypeError('the owner scan has not ended yet'));
  }
  let woken = false;
  const cancelled = addon.startOwners(everything, () => {
    woken = true;
  });
  cancelled.cancel();
  cancelled.cancel();
  await expect.poll(() => cancelled.end()?.status).toMatch(/^(cancelled|ok)$/);
  const failed = await ended((wake) =>
    addon.startOwners({ ...everything, procRoot: '/no/such/folder' }, wake),
  );
  expect(failed.end()).toMatchObject({ status: 'system', errno: 2 });
  expect(() => failed.find(new Uint32Array())).toThrow(/has failed/);
  expect(() => failed.processes()).toThrow(TypeError);
  const small = await ended((wake) => addon.startOwners({ ...everything, maxBytes: 0 }, wake));
  expect(small.end()).toMatchObject({ status: 'too-large', indexBytes: 0 });
  expect(woken).toBe(false);
}

/** Each field that may be wrong, with what is then said. */
const WRONG: readonly (readonly [Partial<Record<keyof NativeOwnersRequest, unknown>>, string])[] = [
  [{ scan: 'ss' }, "scan must be 'procfd', 'bpf' or 'bpf-pinned'"],
  [{ procRoot: undefined }, 'procRoot must be a string'],
  [{ procRoot: '/proc\0' }, 'procRoot must be a path, without a NUL'],
  [{ lowest: 1 }, 'lowest must be a boolean'],
  [{ leadersOnly: undefined }, 'leadersOnly must be a boolean'],
  [{ wanted: [1] }, 'wanted must be a Uint32Array'],
  [{ wanted: new Uint16Array(2) }, 'wanted must be a Uint32Array'],
  [{ slots: new Uint8Array(2) }, 'slots must be a Uint32Array'],
  [{ slots: new Uint32Array(3) }, 'slots must hold pairs of pid and fd'],
  [{ slots: Uint32Array.of(2, 0, 1, 0) }, 'slots must have ascending pids'],
  [{ scan: 'bpf-pinned', path: '/x', slots: new Uint32Array(2) }, "slots are for scan 'procfd'"],
  [{ threads: 0 }, 'threads must be a whole number from 1 to 64'],
  [{ threads: 65 }, 'threads must be'],
  [{ maxBytes: -1 }, 'maxBytes must be'],
  [{ scan: 'bpf' }, 'bpf must be what loadBpf has given'],
  [{ scan: 'bpf', bpf: {} }, 'bpf must be what loadBpf has given'],
  [{ scan: 'bpf-pinned' }, 'path must be a string'],
];

function refuseOwners(addon: NativeBinding, everything: NativeOwnersRequest): void {
  for (const [wrong, message] of WRONG) {
    const request = { ...everything, ...wrong } as NativeOwnersRequest;
    expect(() => addon.startOwners(request, ignore), JSON.stringify(wrong)).toThrow(message);
  }
  expect(() => addon.startOwners(undefined as never, ignore)).toThrow(TypeError);
  expect(() => addon.startOwners(everything, undefined as never)).toThrow('wake must be a function');
  const owners = addon.startOwners(everything, ignore);
  // Neither another object of the addon nor one with the right prototype is an iterator.
  const bpf = owners as unknown as NativeBpf;
  expect(() => addon.startOwners({ ...everything, scan: 'bpf', bpf }, ignore)).toThrow(
    'bpf must be what loadBpf',
  );
  expect(() => Reflect.construct(owners.constructor as new () => NativeOwners, [])).toThrow(
    'made by startOwners',
  );
  owners.cancel();
}

/** Loads the iterator where that is allowed, looks for owners by it, and lets go of it at each moment. */
export async function useBpf(addon: NativeBinding, procRoot: string): Promise<void> {
  expect(() => addon.loadBpf(undefined as never)).toThrow('wake must be a function');
  if (requirement('bpf') !== undefined) return;
  const byBpf = (bpf: NativeBpf): NativeOwnersRequest => ({ ...everythingIn(procRoot), scan: 'bpf', bpf });
  const early = thrownWhileRunning({
    start: () => addon.loadBpf(ignore),
    use: (bpf) => addon.startOwners(byBpf(bpf), ignore),
    leave: (bpf) => bpf.close(),
  });
  expect(early).toEqual(new TypeError('bpf is still being loaded'));
  let woken = false;
  const closed = addon.loadBpf(() => {
    woken = true;
  });
  closed.close();
  closed.close();
  const bpf = await ended((wake) => addon.loadBpf(wake));
  expect(bpf.end()).toEqual(OK);
  await readByBpf(addon, byBpf(bpf));
  const stranger = Object.setPrototypeOf(addon.startOwners(byBpf(bpf), ignore), Object.getPrototypeOf(bpf));
  expect(() => addon.startOwners(byBpf(stranger as NativeBpf), ignore)).toThrow('bpf must be what loadBpf');
  const running = ended((wake) => addon.startOwners(byBpf(bpf), wake));
  bpf.close();
  expect((await running).end()).toMatchObject(OK);
  expect(bpf.end()).toEqual(OK);
  expect(() => addon.startOwners(byBpf(bpf), ignore)).toThrow('bpf has been closed');
  await expect.poll(() => closed.end()?.status).toMatch(/^(cancelled|ok)$/);
  expect(woken).toBe(false);
}

async function readByBpf(addon: NativeBinding, request: NativeOwnersRequest): Promise<void> {
  for (const threads of [1, 2]) {
    const owners = await ended((wake) => addon.startOwners({ ...request, threads }, wake));
    expect(owners.end()).toMatchObject(OK);
    addon.startOwners({ ...request, threads }, ignore).cancel();
  }
}

/** What takes a path: given wrong ones. */
export function usePinned(take: (path: string) => NativeOutcome, procRoot: string): void {
  const missing = take(`${procRoot}/no/such/folder`);
  expect(missing).toMatchObject({ errno: 2 });
  expect(missing.status).not.toBe('ok');
  expect(() => take('/x\0')).toThrow(/must be a path, without a NUL/);
  expect(() => take(1 as unknown as string)).toThrow(/must be a string/);
}
