import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { Subject, Tools } from '../../bench/contract.ts';
import { type SocketKind, socketsOnHost } from '../../bench/load/sockets-on-host.ts';
import { otherWork, readCpu } from '../../bench/other-work.ts';
import { crowd, disturbances, tolerable } from '../../bench/quiet.ts';
import { runScenario } from '../../bench/rounds.ts';
import { machine, noLoad, run, scenario } from './sample-result.ts';

describe('a crowd of other sockets', () => {
  it('is more than a thousand, and more than a hundredth of the load', () => {
    expect([tolerable(1000), tolerable(500_000)]).toEqual([1000, 5000]);
  });

  it('is waited for, as those of a load before take a while to go', async () => {
    const left = [3000, 2000, 900];
    expect(await crowd(1000, 10_000, () => left.shift() ?? 0)).toBeUndefined();
    expect(left).toEqual([]);
  });

  it('that stays is told in words', async () => {
    expect(await crowd(1000, 0, () => 1001)).toContain('1001 other sockets on this host');
    expect(await crowd(1000, 0, () => 1000)).toBeUndefined();
  });
});

describe('the sockets of a host', () => {
  const files: Record<string, string> = {
    sockstat:
      'sockets: used 9\nTCP: inuse 1 orphan 2 tw 300 alloc 4000 mem 5\nUDP: inuse 60 mem 7\nUDPLITE: inuse 8\n',
    sockstat6: 'TCP6: inuse 1\nUDP6: inuse 500\nUDPLITE6: inuse 2\n',
    protocols:
      'protocol  size sockets\nUNIX-STREAM 1152      70      -1\nUNIX      1152      5      -1\nUDP 1 9 -1\n',
  };

  it.each([
    ['tcp', 4300],
    ['udp', 560],
    ['unix', 75],
  ] as [SocketKind, number][])('are counted by their kind: %s', (kind, count) => {
    expect(socketsOnHost(kind, (file) => files[file]!)).toBe(count);
    expect(socketsOnHost(kind, () => '')).toBe(0);
  });

  it('have those that this process opens among them', async () => {
    const before = socketsOnHost('udp');
    const sockets = Array.from({ length: 20 }, () => createSocket('udp4'));
    await Promise.all(sockets.map((socket) => once(socket.bind(0, '127.0.0.1'), 'listening')));
    expect(socketsOnHost('udp')).toBeGreaterThanOrEqual(before + 20);
    for (const socket of sockets) socket.close();
  });
});

describe('what disturbs', () => {
  it('is the load of the cores, and a debug build', () => {
    expect(disturbances(machine, [0.5])).toEqual([]);
    expect(disturbances(machine, [0.51])).toEqual([expect.stringContaining('load average 0.51')]);
    expect(disturbances({ ...machine, addon: 'debug build' }, [0])).toEqual(['the addon is a debug build']);
  });
});

describe('the work of others', () => {
  const before = { atMs: 0, hostMs: 1_000_000, ownMs: 500, cores: 2 };
  const after = { atMs: 10_000, hostMs: 1_012_000, ownMs: 1500, cores: 2 };

  it('is what neither subjects nor runner have used of the cores', () => {
    expect(otherWork(before, after, 5000)).toBe(
      'what is not measured used 30 % of the cores during the runs',
    );
    expect(otherWork(before, after, 9500)).toBeUndefined();
    expect(otherWork(before, { ...after, atMs: 900 }, 0)).toBeUndefined();
  });

  it('is read of the host and of this process', () => {
    const first = readCpu();
    while (performance.now() < first.atMs + 200);
    const second = readCpu();
    expect(second.ownMs - first.ownMs).toBeGreaterThan(10);
    // A tick of the kernel is up to 10 ms.
    expect(second.hostMs - first.hostMs).toBeGreaterThan(second.ownMs - first.ownMs - 30);
  });
});

describe('a scenario beside a crowd', () => {
  const idle: readonly Subject[] = [];
  const lonely = { ...scenario([]), subjects: idle, load: async () => noLoad };
  const tools = {} as Tools;
  const crowded = async (): Promise<string> => '9 others';

  it('is refused, with the way out', async () => {
    const refused = runScenario(lonely, run.options, tools, { crowd: crowded });
    await expect(refused).rejects.toThrow('9 others; --busy times all the same');
  });

  it.each(['busy', 'quick'] as const)('is marked where it is run all the same: %s', async (option) => {
    const options = { ...run.options, [option]: true };
    const outcome = await runScenario({ ...lonely, subjects: [idler] }, options, tools, {
      crowd: crowded,
      declined,
    });
    expect(outcome.disturbances).toEqual(['9 others']);
    expect([...outcome.absent.values()]).toEqual(['not today']);
  });
});

const idler: Subject = { name: 'idler', command: () => [], rows: () => 0 };
const declined = (): string => 'not today';
