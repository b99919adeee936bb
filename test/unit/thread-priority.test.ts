import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { getPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { openHost } from '../../src/index.ts';
import type { HostOptions } from '../../src/request/host-options.ts';
import { TCP_HEADING } from '../regressions/tcp-text.ts';
import { requirement } from '../requirements.ts';

const USUAL = getPriority(0);
const LOW = Math.min(USUAL + 10, 19);
const LONGEST_TRIAL_MS = 10_000;

/** The priorities of this process's threads, each once: `nice` of /proc/<pid>/task/<tid>/stat. */
function prioritiesOfThreads(): Set<number> {
  const levels = new Set<number>();
  for (const tid of readdirSync('/proc/self/task')) {
    try {
      const stat = readFileSync(`/proc/self/task/${tid}/stat`, 'latin1');
      levels.add(Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16]));
    } catch {
      // It has ended meanwhile.
    }
  }
  return levels;
}

/** What has been seen while scans ran one after the other, until `enough`, or until so many have run. */
async function watched(
  options: HostOptions,
  request: object,
  enough: (seen: ReadonlySet<number>) => boolean,
  most = Number.POSITIVE_INFINITY,
): Promise<Set<number>> {
  const host = await openHost(options);
  const seen = new Set<number>();
  const until = Date.now() + LONGEST_TRIAL_MS;
  try {
    for (let scans = 0; scans < most && !enough(seen) && Date.now() < until; scans += 1) {
      let running = true;
      const scanning = host.scan(request).finally(() => {
        running = false;
      });
      while (running) {
        for (const level of prioritiesOfThreads()) seen.add(level);
        await new Promise((resolve) => setImmediate(resolve));
      }
      await scanning;
    }
  } finally {
    await host.close();
  }
  return seen;
}

const scenes: readonly { name: string; lacks: string | undefined; options: HostOptions; request: object }[] =
  [
    {
      name: 'a dump by netlink',
      lacks: requirement('addon'),
      options: { source: 'netlink', owners: 'none' },
      request: {},
    },
    {
      name: 'a dump on two threads',
      lacks: requirement('addon'),
      options: { source: 'netlink', owners: 'none', threads: 2 },
      request: {},
    },
    {
      name: 'a walk over /proc/<pid>/fd',
      lacks: requirement('addon'),
      options: { source: 'procfs', owners: 'procfd', threads: 2 },
      request: { protocols: ['tcp'], owners: 'all' },
    },
    {
      name: 'a walk by BPF',
      lacks: requirement('addon') ?? requirement('bpf'),
      options: { source: 'procfs', owners: 'bpf' },
      request: { protocols: ['tcp'], owners: 'all' },
    },
  ];

describe('priority low', () => {
  for (const { name, lacks, options, request } of scenes) {
    it.skipIf(lacks !== undefined)(`is that of ${name}, and of nothing behind it${lacks ?? ''}`, async () => {
      const seen = await watched({ ...options, priority: 'low' }, request, (levels) => levels.has(LOW));
      expect([...seen].sort((a, b) => a - b)).toEqual([USUAL, LOW]);
      // The process's own threads have kept theirs.
      expect(getPriority(0)).toBe(USUAL);
      const usual = await watched(options, request, () => false, 20);
      expect([...usual]).toEqual([USUAL]);
    });
  }
});

describe('the thread that reads a long /proc table', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sockscope-priority-'));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const missing = requirement('dist');

  it.skipIf(missing !== undefined)(`has the priority asked for${missing ?? ''}`, async () => {
    mkdirSync(join(folder, 'net'));
    const row =
      '   0: 0100007F:1F90 0100007F:A000 01 00000000:00000000 00:00000000 00000000     0        0 7 1 0000000000000000 20 4 30 10 -1\n';
    writeFileSync(join(folder, 'net/tcp'), TCP_HEADING + row.repeat(50_000));
    for (const [priority, expected] of [
      ['normal', [USUAL]],
      ['low', [USUAL, LOW]],
    ] as const) {
      const host = await openHost({ procRoot: folder, source: 'procfs', owners: 'none', priority });
      // The thread waits for whoever takes the batches.
      const batches = host.batches({ protocols: ['tcp'], maxBytes: 1 })[Symbol.asyncIterator]();
      await batches.next();
      expect([...prioritiesOfThreads()].sort((a, b) => a - b)).toEqual(expected);
      await batches.return?.();
      await host.close();
      expect([...prioritiesOfThreads()]).toEqual([USUAL]);
    }
  });
});
