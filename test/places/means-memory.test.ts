import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Load, Tools } from '../../bench/contract.ts';
import { holdSockets } from '../../bench/load/hold.ts';
import { compileTool } from '../../bench/tools.ts';
import { requirement } from '../requirements.ts';
import { COMMAND, PACKAGE } from './means.ts';
import { Cgroup } from './means-cgroup.ts';

const missing = requirement('root', 'memcg', 'netns', 'compiler', 'addon', 'dist');
const SOCKETS = 200_000;
const LIMIT = 256 * 1024 * 1024;

let folder: string;
let load: Load | undefined;
beforeAll(async () => {
  if (missing !== undefined) return;
  folder = mkdtempSync(join(tmpdir(), 'sockscope-means-'));
  const program = compileTool('holdSockets', folder);
  load = await holdSockets({ holdSockets: program } as Tools, SOCKETS, 20);
}, 120_000);
afterAll(async () => {
  await load?.end();
  if (folder !== undefined) rmSync(folder, { recursive: true });
}, 60_000);

interface Ran {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number | null;
  /** Processes that the kernel has killed for want of memory. */
  readonly kills: number;
  /** Bytes that the group has had at the most, what the kernel holds for it included; undefined before Linux 5.19. */
  readonly peak: number | undefined;
}

/** Runs Node.js in a group of 256 MiB, beside the sockets; `counted`: what it writes is counted out here, in lines. */
function inLittleMemory(args: readonly string[], counted: boolean): Ran {
  const group = new Cgroup('memory');
  try {
    group.set(group.isFirst ? 'memory.limit_in_bytes' : 'memory.max', LIMIT);
    const inside = `(echo 0 >${group.door} && exec "$@")`;
    const script = counted ? `${inside} | wc -l; exit "\${PIPESTATUS[0]}"` : inside;
    const beside = ['nsenter', '-t', String(load!.pid), '-n'];
    const words = ['-c', script, 'bash', ...beside, process.execPath, ...args];
    const { error, status, stdout, stderr } = spawnSync('bash', words, { encoding: 'utf8', timeout: 60_000 });
    if (error !== undefined) throw error;
    return { status, stdout, stderr, ...spent(group) };
  } finally {
    group.remove();
  }
}

function spent(group: Cgroup): Pick<Ran, 'kills' | 'peak'> {
  const events = group.read(group.isFirst ? 'memory.oom_control' : 'memory.events');
  const peak = group.isFirst ? 'memory.max_usage_in_bytes' : 'memory.peak';
  return {
    kills: Number(/^oom_kill (\d+)$/m.exec(events)?.[1]),
    peak: group.has(peak) ? Number(group.read(peak)) : undefined,
  };
}

/** What was in the group has ended without a kill, so that it had enough; this is how much that was. */
function checkPeak(peak: number | undefined, what: string): void {
  if (peak === undefined) return;
  expect(peak).toBeLessThan(LIMIT);
  if (process.env.SOCKSCOPE_SAY_PEAK) console.log(what, Math.round(peak / 2 ** 20), 'MiB');
}

// SOCKSCOPE_SAY_PEAK=1 says what each has taken.
describe.skipIf(missing !== undefined)(`256 MiB and 200,000 sockets${missing ? ` (${missing})` : ''}`, () => {
  it.each([
    ['-tan', SOCKETS + 2],
    ['-tan --source procfs', SOCKETS + 2],
    ['-tanp', SOCKETS + 2],
    ['-tanp --owners procfd', SOCKETS + 2],
    ['-tan --json', 1],
  ])('are all listed by %s', { timeout: 60_000 }, (line, lines) => {
    const { status, stdout, stderr, kills, peak } = inLittleMemory([COMMAND, ...line.split(' ')], true);
    expect({ status, lines: Number(stdout), stderr, kills }).toEqual({
      status: 0,
      lines,
      stderr: '',
      kills: 0,
    });
    checkPeak(peak, line);
  });

  it('are all in a table, in batches, and no more of them than maxBytes', { timeout: 60_000 }, () => {
    const agent = join(folder, 'agent.mjs');
    writeFileSync(
      agent,
      `import { openHost } from ${JSON.stringify(join(PACKAGE, 'dist/index.js'))};
      const host = await openHost();
      const tcp = { protocols: ['tcp'] };
      const said = { scan: (await host.scan(tcp)).length, batches: 0, owned: 0 };
      for await (const batch of host.batches(tcp)) said.batches += batch.length;
      for (const row of await host.scan({ ...tcp, owners: 'lowest' })) said.owned += row.owners.length;
      said.few = await host.scan({ ...tcp, maxBytes: 1 << 20 }).catch(({ code, message }) => [code, message]);
      said.after = (await host.scan(tcp)).length;
      await host.close();
      console.log(JSON.stringify(said));`,
    );
    const { status, stdout, stderr, kills, peak } = inLittleMemory([agent], false);
    expect({ status, stderr, kills }).toEqual({ status: 0, stderr: '', kills: 0 });
    expect(JSON.parse(stdout)).toEqual({
      scan: SOCKETS,
      batches: SOCKETS,
      owned: SOCKETS,
      few: [
        'ERR_TOO_LARGE',
        // Whichever comes first: what is held, or what waits for it.
        expect.stringMatching(
          /^(?:scan: the table takes more than 1048576 bytes|dump tcp: more bytes are waiting) /,
        ),
      ],
      after: SOCKETS,
    });
    checkPeak(peak, 'library');
  });
});
