import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { KernelTables, type TablesSetting } from '../../src/host-tables.ts';
import { type Host, openHost } from '../../src/index.ts';
import { ProcRoot } from '../../src/proc/proc-root.ts';
import type { Turn } from '../../src/turn.ts';

const HEADING = 'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n';
const ROUTE = 'eth0\t0000000A\t0100A8C0\t0003\t0\t0\t5\t000000FF\t0\t0\t0\n';

let procRoot: string;
let host: Host;
beforeAll(async () => {
  procRoot = mkdtempSync(join(tmpdir(), 'sockscope-tables-'));
  mkdirSync(join(procRoot, 'net'));
  const files = {
    route: HEADING + ROUTE.repeat(20_000),
    ipv6_route: '',
    dev: 'Inter-|\n face |bytes compressed\n  v\u00e9: 1 2 3\n',
    igmp: 'Idx\tDevice    : Count Querier\tGroup    Users Timer\tReporter\n1\tlo        :     1      V3\n\t\t\t\t010000E0     1 0:00000000\t\t0\n',
    snmp: 'Tcp: InSegs\nTcp: 3\n',
    nf_conntrack:
      'ipv4     2 udp      17 29 src=10.0.0.1 dst=10.0.0.9 sport=5 dport=53 src=10.0.0.9 dst=192.0.2.1 sport=53 dport=6 mark=0 zone=0 use=2\n',
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(procRoot, 'net', name), text);
  host = await openHost({ procRoot });
});
afterAll(async () => {
  await host.close();
  rmSync(procRoot, { recursive: true });
});

it('has the tables of the root it was given', async () => {
  expect((await host.routes('inet')).length).toBe(20_000);
  expect((await host.routes())[19_999]).toMatchObject({ family: 'inet', gateway: '192.168.0.1', metric: 5 });
  expect(await host.routes('inet6')).toEqual([]);
  expect(await host.interfaces()).toMatchObject([
    { name: 'v\u00e9', flags: undefined, statistics: { rxBytes: 1n } },
  ]);
  expect(await host.groups()).toMatchObject([{ interfaceName: 'lo', group: '224.0.0.1', users: 1 }]);
  expect(await host.statistics()).toEqual({
    groups: [{ name: 'Tcp', counters: [{ name: 'InSegs', value: 3n }] }],
    malformed: 0,
  });
  const nat = await host.natEntries();
  expect(nat.source).toBe('nf_conntrack');
  expect(nat.row(0)).toMatchObject({ protocol: 'udp', kind: 'source', masqueradePort: 6 });
});

it('says what family is none', async () => {
  for (const family of ['inet7', null, 'unix', 4]) {
    await expect(host.routes(family as 'inet')).rejects.toThrow(
      new TypeError(`routes takes 'inet' or 'inet6', not ${JSON.stringify(family)}`),
    );
  }
});

it('answers many at once without a warning', async () => {
  const warnings: Error[] = [];
  const warn = (warning: Error): number => warnings.push(warning);
  process.on('warning', warn);
  try {
    await Promise.all(Array.from({ length: 50 }, () => [host.natEntries(), host.interfaces()]).flat());
    await new Promise(setImmediate);
    expect(warnings).toEqual([]);
  } finally {
    process.off('warning', warn);
  }
});

it('ends what runs when the host is closed, and begins nothing after', async () => {
  const closed = await openHost({ procRoot });
  const running = closed.routes();
  const others = [closed.natEntries(), closed.interfaces()];
  await closed.close();
  await expect(running).rejects.toMatchObject({ code: 'ERR_CLOSED' });
  await Promise.allSettled(others);
  for (const read of ['routes', 'interfaces', 'groups', 'statistics', 'natEntries'] as const) {
    await expect(closed[read](), read).rejects.toMatchObject({ code: 'ERR_CLOSED' });
  }
});

it('ends a look at the abilities when the host is closed', async () => {
  const closing = new AbortController();
  let cancelled = 0;
  const startConntrack = (maxBytes: number) => {
    // The first answer is enough: a table may have a million connections.
    expect(maxBytes).toBe(0);
    setImmediate(() => closing.abort(new Error('closed')));
    return { end: () => undefined, cancel: () => void cancelled++ };
  };
  const tables = new KernelTables({
    proc: { netDirectory: () => join(procRoot, 'net'), showsOwnNamespace: () => 'yes' },
    addon: { binding: { startConntrack } },
    closing: closing.signal,
    netlink: true,
    text: true,
  } as unknown as TablesSetting);
  await expect(tables.tableAbilities()).rejects.toThrow('closed');
  expect(cancelled).toBeGreaterThan(0);
});

it('gives nothing that it was reading when the host was closed', async () => {
  for (const read of ['routes', 'interfaces', 'groups', 'statistics', 'natEntries'] as const) {
    const closing = new AbortController();
    const tables = new KernelTables({
      proc: new ProcRoot(procRoot),
      addon: { failures: [], reason: 'there is none' },
      closing: closing.signal,
      netlink: true,
      text: true,
      // Read on this thread, in turns: the first of them comes in the midst.
      mayUsePool: async () => false,
      turn: { taken: async () => closing.abort(new Error('closed')) } as unknown as Turn,
    });
    await expect(tables[read](), read).rejects.toThrow('closed');
  }
});
