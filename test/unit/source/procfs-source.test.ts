import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ProcRoot } from '../../../src/proc/proc-root.ts';
import { createProcfsSource } from '../../../src/source/procfs-source.ts';
import { type Dump, type DumpContext, newTally } from '../../../src/source/source.ts';
import type { Batch } from '../../../src/table/batch.ts';
import { Turn } from '../../../src/turn.ts';
import { cutAt, everythingOf, parsePieces, rowsOf } from '../../fuzz/tables.ts';
import { bundle, largeTable, ROWS, run, smallTable } from './procfs-files.ts';

const root = mkdtempSync(join(tmpdir(), 'sockscope-procfs-'));
const net = join(root, 'net');
const workerPath = join(root, 'procfs-worker.cjs');
const scenesPath = join(root, 'procfs-scenes.mjs');
const tcp = everythingOf('tcp');

beforeAll(async () => {
  // Node's own pool of threads starts with the first use.
  await Promise.all(Array.from({ length: 8 }, () => stat(root)));
  mkdirSync(net);
  writeFileSync(join(net, 'tcp'), largeTable());
  writeFileSync(join(net, 'udp'), smallTable(2));
  writeFileSync(join(net, 'udp6'), smallTable(10));
  writeFileSync(join(net, 'unix'), 'Num\n0: 2 0 10000 1 01 5 /a\n');
  mkdirSync(join(net, 'raw'));
  await bundle('src/source/procfs-worker.ts', workerPath, 'cjs');
  await bundle('test/unit/source/procfs-scenes.ts', scenesPath, 'esm');
});
afterAll(() => rmSync(root, { recursive: true }));

const sourceOf = (reader: 'worker' | 'inline' = 'worker', path = workerPath) =>
  createProcfsSource({ root: new ProcRoot(root), reader, workerPath: path, mayUsePool: async () => true });

function contextOf(context: Partial<DumpContext> = {}): DumpContext {
  const { signal } = new AbortController();
  return { signal, threads: 1, maxBytes: 1 << 30, tally: newTally(), turn: new Turn(), ...context };
}

async function readAll(
  source: ReturnType<typeof sourceOf>,
  dump: Dump,
  context = contextOf(),
): Promise<Batch[]> {
  const batches: Batch[] = [];
  for await (const batch of source.read(dump, context)) batches.push(batch);
  return batches;
}

/** Descriptors that are open on the tables. */
function openTables(): string[] {
  return readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).startsWith(root);
    } catch {
      return false;
    }
  });
}

function held(): { tables: string[]; threads: number } {
  return { tables: openTables(), threads: readdirSync('/proc/self/task').length };
}

describe('a procfs source', () => {
  it('reads IPv4, then IPv6', async () => {
    const tally = newTally();
    const rows = rowsOf(await readAll(sourceOf(), everythingOf('udp'), contextOf({ tally })));
    expect(rows.map(({ family }) => family)).toEqual([2, 10]);
    const bytes = readFileSync(join(net, 'udp')).length + readFileSync(join(net, 'udp6')).length;
    expect(tally).toEqual({ rows: 2, bytes, malformed: 0, duplicates: 0, interrupted: false });
  });

  it('reads only the files that it is asked for', async () => {
    const rows = async (dump: Dump) => rowsOf(await readAll(sourceOf(), dump)).length;
    expect(await rows({ ...everythingOf('udp'), families: ['inet6'] })).toBe(1);
    expect(await rows({ ...everythingOf('udp'), families: ['unix'] })).toBe(0);
    expect(await rows({ ...everythingOf('unix'), families: ['inet'] })).toBe(0);
    expect(await rows(everythingOf('unix'))).toBe(1);
  });

  it('takes a missing IPv6 file for a kernel without IPv6', async () => {
    const batches = await readAll(sourceOf(), { ...tcp, families: ['inet6'] });
    expect(batches).toEqual([]);
  });

  it.each([
    ['worker', 'its own', workerPath, undefined],
    ['inline', 'its own', workerPath, undefined],
    [
      'worker',
      'an absent',
      '/nonexistent/worker.cjs',
      /^no reading thread could be started: Cannot find \S+ \S+$/,
    ],
    ['worker', 'no', undefined, /^sockscope has been bundled, and has no file for a reading thread$/],
  ] as const)('reads a large table by %s, with %s worker file', async (reader, _, path, onEventLoop) => {
    const tally = newTally();
    const before = held();
    const source = createProcfsSource({
      root: new ProcRoot(root),
      reader,
      workerPath: path,
      mayUsePool: async () => true,
    });
    const batches = await readAll(source, tcp, contextOf({ tally }));
    const text = readFileSync(join(net, 'tcp'));
    const pieces = cutAt(
      text,
      Array.from({ length: 200 }, (_, index) => index * 50_000),
    );
    const expected = parsePieces(tcp, pieces);
    expect(rowsOf(batches)).toEqual(rowsOf(expected.batches));
    expect(tally).toEqual({
      rows: ROWS,
      bytes: text.length,
      malformed: 1,
      duplicates: 0,
      interrupted: false,
      ...(onEventLoop && { onEventLoop: expect.stringMatching(onEventLoop) }),
    });
    expect(held()).toEqual(before);
  });

  it('reads the tables of this machine', async () => {
    const source = createProcfsSource({
      root: new ProcRoot(),
      reader: 'worker',
      workerPath,
      mayUsePool: async () => true,
    });
    const tally = newTally();
    for (const protocol of ['tcp', 'udp', 'unix'] as const) {
      await readAll(source, everythingOf(protocol), contextOf({ tally }));
    }
    expect(tally).toMatchObject({ malformed: 0 });
    expect(tally.bytes).toBeGreaterThan(0);
  });
});

describe('probing', () => {
  it('says whether the file can be opened', async () => {
    const source = sourceOf();
    expect(await source.probe('tcp')).toEqual({ verdict: 'yes' });
    expect(await source.probe('unix')).toEqual({ verdict: 'yes' });
    expect(await source.probe('udplite')).toMatchObject({ verdict: 'no', errno: 2, absent: true });
  });

  it('does not take a folder or a pipe for a table', async () => {
    const folder = await sourceOf().probe('raw');
    expect(folder).toMatchObject({ verdict: 'no', errno: 21, absent: false });
    expect(folder.reason).toBe(`${join(net, 'raw')}: it is a folder, and no table`);
    const odd = mkdtempSync(join(tmpdir(), 'sockscope-'));
    try {
      mkdirSync(join(odd, 'net'));
      execFileSync('mkfifo', [join(odd, 'net/tcp')]);
      const reader = { reader: 'inline', mayUsePool: async () => true, workerPath } as const;
      const pipe = await createProcfsSource({ root: new ProcRoot(odd), ...reader }).probe('tcp');
      expect(pipe).toMatchObject({ verdict: 'no', errno: 6, absent: false });
      expect(pipe.reason).toBe(`${join(odd, 'net/tcp')}: it is a pipe or a socket, and no table`);
    } finally {
      rmSync(odd, { recursive: true });
    }
  });

  it('does not take a root without tables for a kernel without sockets', async () => {
    const empty = createProcfsSource({
      root: new ProcRoot(join(root, 'nowhere')),
      reader: 'inline',
      mayUsePool: async () => true,
      workerPath,
    });
    const support = await empty.probe('tcp');
    expect(support).toMatchObject({ verdict: 'no', errno: 2, absent: false });
    expect(support.reason).toContain(join(root, 'nowhere/net'));
  });

  it('cannot tell while the process has no descriptor left', async () => {
    const output = await run([
      'sh',
      '-c',
      'ulimit -n 40; exec "$@"',
      'sh',
      process.execPath,
      scenesPath,
      'no descriptor',
      workerPath,
      root,
    ]);
    expect(output).toEqual({ code: 0, stdout: 'unknown 24 ERR_NO_RESOURCES\n' });
  });
});

describe('a table that cannot be read', () => {
  it('says so when the file is missing', async () => {
    await expect(readAll(sourceOf(), everythingOf('udplite'))).rejects.toMatchObject({
      name: 'SockscopeError',
      code: 'ERR_SOURCE_UNAVAILABLE',
      errno: 2,
      syscall: 'open',
      operation: `read ${join(net, 'udplite')}`,
    });
  });

  it.each(['worker', 'inline'] as const)('says what read(2) failed with, %s', async (reader) => {
    await expect(readAll(sourceOf(reader), everythingOf('raw'))).rejects.toMatchObject({
      code: 'ERR_KERNEL',
      errno: 21,
      syscall: 'read',
      reason: 'read: EISDIR',
    });
    expect(openTables()).toEqual([]);
  });

  it.each([
    ['ends', 'setTimeout(() => process.exit(0), 50)', 'ERR_NO_RESOURCES'],
    ['throws', 'setTimeout(() => { throw new Error("broken"); }, 50)', 'ERR_NO_RESOURCES'],
    [
      'tells a failure',
      `parentPort.postMessage({ kind: 'end', tally: { bytes: 0, malformed: 0 },
         failure: { message: 'x', code: 'EIO', errno: -5, syscall: 'read' } })`,
      'ERR_KERNEL',
    ],
  ])('says so when its thread %s', async (name, action, code) => {
    const path = join(root, `${name}.cjs`);
    const start = `const { parentPort } = require('node:worker_threads'); parentPort.postMessage({ kind: 'started' });`;
    writeFileSync(path, `${start}\n${action}`);
    const before = held();
    await expect(readAll(sourceOf('worker', path), tcp)).rejects.toMatchObject({ code });
    expect(held()).toEqual(before);
  });
});

describe.each([
  ['by a thread', (): string => workerPath],
  ['in turns', (): string => '/nonexistent/worker.cjs'],
] as const)('a scan that ends early, %s', (_, path) => {
  it('leaves nothing when its loop is left', async () => {
    const before = held();
    for await (const batch of sourceOf('worker', path()).read(tcp, contextOf())) {
      expect(batch.length).toBeGreaterThan(0);
      break;
    }
    expect(held()).toEqual(before);
  });

  it('throws the reason of an abort, before and between batches', async () => {
    const before = held();
    const reason = new Error('enough');
    const early = contextOf({ signal: AbortSignal.abort(reason) });
    await expect(readAll(sourceOf('worker', path()), tcp, early)).rejects.toBe(reason);

    const control = new AbortController();
    const batches = sourceOf('worker', path()).read(tcp, contextOf({ signal: control.signal }));
    const iterator = batches[Symbol.asyncIterator]();
    await iterator.next();
    control.abort(reason);
    await expect(iterator.next()).rejects.toBe(reason);
    expect(held()).toEqual(before);
  });

  it('throws the reason of an abort to who is waiting', async () => {
    const control = new AbortController();
    const reading = readAll(sourceOf('worker', path()), tcp, contextOf({ signal: control.signal }));
    setImmediate(() => control.abort());
    await expect(reading).rejects.toMatchObject({ name: 'AbortError' });
    expect(openTables()).toEqual([]);
  });

  it('leaves nothing when it is aborted and nobody comes back', async () => {
    const before = held();
    const control = new AbortController();
    const batches = sourceOf('worker', path()).read(tcp, contextOf({ signal: control.signal }));
    await batches[Symbol.asyncIterator]().next();
    control.abort();
    await expect.poll(held).toEqual(before);
  });
});

it('a thread waits for a slow consumer', async () => {
  const context = contextOf({ maxBytes: 1 });
  const iterator = sourceOf().read(tcp, context)[Symbol.asyncIterator]();
  let rows = (await iterator.next()).value!.length;
  await new Promise((resolve) => setTimeout(resolve, 100));
  const [fd] = openTables();
  const position = Number(/pos:\s*(\d+)/.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8'))![1]);
  expect(position).toBeLessThan(readFileSync(join(net, 'tcp')).length);
  for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) {
    rows += next.value.length;
  }
  expect(rows).toBe(ROWS);
});

describe('a process with a scan under way', () => {
  it.each([
    ['abandoned', { code: 0, stdout: 'abandoned\n' }],
    ['awaited', { code: 0, stdout: `${ROWS} rows\n` }],
    ['exit before the first batch', { code: 7, stdout: '' }],
    ['exit between batches', { code: 7, stdout: '' }],
    ['terminated worker', { code: 0, stdout: 'exit code 1\n' }],
  ])('ends as it should: %s', async (scene, expected) => {
    expect(await run([process.execPath, scenesPath, scene, workerPath, root])).toEqual(expected);
  });
});
