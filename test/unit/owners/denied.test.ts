import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ProcessTable } from '../../../src/owners/processes.ts';
import { createTypeScriptProcFdScan } from '../../../src/owners/procfd-walk.ts';
import { ProcRoot } from '../../../src/proc/proc-root.ts';
import { requirement } from '../../requirements.ts';
import { context, procTree, removeTrees } from './proc-trees.ts';

const missing = requirement('root');
const NOBODY = 65_534;

afterAll(removeTrees);

/** Does it as a user who owns nothing. */
async function asNobody<T>(work: () => Promise<T>): Promise<T> {
  process.seteuid!(NOBODY);
  try {
    return await work();
  } finally {
    process.seteuid!(0);
  }
}

const walk = (proc: ProcRoot) => createTypeScriptProcFdScan(proc).scan({ holders: 'all' }, context());

describe.skipIf(missing !== undefined)(`processes that are closed to this user ${missing ?? ''}`, () => {
  it('are counted by the walk, which goes on with the others', async () => {
    const proc = procTree({ 3: { fd: { 1: 'socket:[5]' } }, 4: { fd: { 1: 'socket:[6]' } }, 5: {} });
    chmodSync(proc.path, 0o755);
    chmodSync(join(proc.path, '3/fd'), 0o500);
    const index = await asNobody(() => walk(proc));
    expect(index.tally).toMatchObject({ processes: 2, denied: 1, unopened: 1, vanished: 0, sockets: 1 });
    expect([...index.find(Uint32Array.of(5, 6)).start]).toEqual([0, 0, 1]);
  });

  it('are most of those of a host', async () => {
    const nobodys = await asNobody(() => walk(new ProcRoot()));
    const roots = await walk(new ProcRoot());
    expect(nobodys.tally.denied).toBeGreaterThan(roots.tally.denied);
    expect(nobodys.tally.processes).toBeLessThan(roots.tally.processes);
  });

  it('cannot be listed at all where the root is closed', async () => {
    const closed = new ProcRoot(mkdtempSync(join(tmpdir(), 'sockscope-closed-')));
    const support = await asNobody(() => createTypeScriptProcFdScan(closed).probe());
    expect(support).toMatchObject({ verdict: 'no', errno: 13 });
    await expect(asNobody(() => walk(closed))).rejects.toMatchObject({
      code: 'ERR_SOURCE_UNAVAILABLE',
      errno: 13,
    });
    rmSync(closed.path, { recursive: true });
  });

  it('have an empty name where somebody else has found them', async () => {
    const proc = procTree({ 3: { files: { cmdline: 'secret\0' } } });
    chmodSync(proc.path, 0o755);
    chmodSync(join(proc.path, '3'), 0o700);
    const starts = new Map([[3, 4711]]);
    const processes = await asNobody(() => new ProcessTable(proc).read([3], starts, ['uid'], context()));
    expect(processes.get(3)).toEqual({
      pid: 3,
      startTime: 4711,
      program: '',
      programBytes: new Uint8Array(0),
    });
  });
});
