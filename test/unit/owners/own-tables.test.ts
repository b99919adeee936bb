import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readProcStat } from '../../../src/owners/proc-stat.ts';
import { ProcessTable } from '../../../src/owners/processes.ts';
import { createTypeScriptProcFdScan } from '../../../src/owners/procfd-walk.ts';
import { ProcRoot } from '../../../src/proc/proc-root.ts';
import { requirement } from '../../requirements.ts';
import { context } from './proc-trees.ts';

// The kernel gives what is left of such a process to root.
const missing = requirement('python3', 'root');
const SCRIPT = fileURLToPath(new URL('own_tables.py', import.meta.url));

describe.skipIf(missing !== undefined)(`a process whose first thread has ended ${missing ?? ''}`, () => {
  let child: ChildProcess;
  let inodes: Uint32Array;

  beforeAll(async () => {
    child = spawn('python3', [SCRIPT], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = await once(createInterface(child.stdout!), 'line');
    inodes = Uint32Array.from(String(line).split(' '), Number);
    await ended(`/proc/${child.pid}`);
  });
  afterAll(async () => {
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  });

  const search = (leadersOnly: boolean) =>
    createTypeScriptProcFdScan(new ProcRoot()).scan(
      { holders: 'all', leadersOnly, except: allBut(child.pid!) },
      context(),
    );

  it('holds what its threads hold, each table once', async () => {
    const index = await search(false);
    const { start, pid } = index.find(inodes);
    // The second thread has copies of the shared ones under the same numbers.
    expect([...start]).toEqual([0, 1, 2]);
    expect([...pid]).toEqual([child.pid, child.pid]);
  });

  it('holds nothing where leaders alone are looked at', async () => {
    expect([...(await search(true)).find(inodes).start]).toEqual([0, 0, 0]);
  });

  it('has the name of a thread that lives', async () => {
    const table = new ProcessTable(new ProcRoot());
    const { starts } = await search(false);
    const fields = ['commandLine', 'uid'] as const;
    const read = await table.read([child.pid!], starts, fields, context());
    expect(read.get(child.pid!)).toMatchObject({
      program: expect.stringContaining('python'),
      commandLine: [expect.stringContaining('python'), SCRIPT],
      uid: process.geteuid!(),
      startTime: starts.get(child.pid!),
    });
  });
});

/** Every other process: the machine may have many descriptors. */
function allBut(pid: number): Uint32Array {
  const pids = readdirSync('/proc')
    .map(Number)
    .filter((one) => one > 0 && one !== pid);
  return Uint32Array.from(pids).sort();
}

/** Waits until the first thread has ended. */
async function ended(directory: string): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (readProcStat(directory)?.state !== 'Z') {
    if (performance.now() > deadline) throw new Error('the first thread goes on');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
