import { describe, expect, it } from 'vitest';
import { changesBetween } from '../../../src/kernel-tables/counter-changes.ts';
import type { CounterGroup } from '../../../src/kernel-tables/statistics.ts';

function group(name: string, counters: Record<string, bigint>): CounterGroup {
  return { name, counters: Object.entries(counters).map(([counter, value]) => ({ name: counter, value })) };
}

describe('changes between two readings', () => {
  it('are differences of what moved, in the order of the later reading', () => {
    const before = [group('Ip', { a: 1n, b: 5n, c: 2n ** 63n }), group('Tcp', { x: 1n })];
    const after = [group('Tcp', { x: 1n }), group('Ip', { c: 2n ** 64n - 1n, b: 5n, a: 4n })];
    expect(changesBetween(before, after)).toEqual([
      {
        name: 'Ip',
        kind: 'stayed',
        changes: [
          { name: 'c', kind: 'counted', difference: 2n ** 63n - 1n },
          { name: 'a', kind: 'counted', difference: 3n },
        ],
      },
    ]);
  });

  it('are none where nothing moved', () => {
    const reading = [group('Ip', { a: 1n }), group('IpExt', {})];
    expect(changesBetween(reading, reading)).toEqual([]);
  });

  it('say of a counter that is less that it began anew, never a difference', () => {
    expect(
      changesBetween([group('eth0', { rxBytes: 2n ** 32n - 1n })], [group('eth0', { rxBytes: 3n })]),
    ).toEqual([
      {
        name: 'eth0',
        kind: 'stayed',
        changes: [{ name: 'rxBytes', kind: 'restarted', before: 2n ** 32n - 1n, after: 3n }],
      },
    ]);
  });

  it('of a group that began anew are no differences at all, those of one that wrapped are', () => {
    const [reset] = changesBetween(
      [group('v0', { a: 9n, b: 1n, c: 4n })],
      [group('v0', { a: 2n, b: 7n, c: 4n, d: 1n })],
    );
    expect(reset?.changes).toEqual([
      { name: 'a', kind: 'restarted', before: 9n, after: 2n },
      { name: 'b', kind: 'restarted', before: 1n, after: 7n },
      { name: 'd', kind: 'restarted', before: 0n, after: 1n },
    ]);
    const [wrapped] = changesBetween(
      [group('v0', { a: 2n ** 32n - 9n, b: 1n })],
      [group('v0', { a: 2n, b: 7n })],
    );
    expect(wrapped?.changes.map(({ kind }) => kind)).toEqual(['restarted', 'counted']);
  });

  it('of numbers that are no counts go up and down', () => {
    const before = [group('Tcp', { CurrEstab: 5n }), group('Udp', { CurrEstab: 5n })];
    const after = [group('Tcp', { CurrEstab: 2n }), group('Udp', { CurrEstab: 2n })];
    expect(changesBetween(before, after).map(({ changes }) => changes[0]!.kind)).toEqual([
      'level',
      'restarted',
    ]);
  });

  it('count from 0 what was not there before, and name what has gone', () => {
    const before = [group('Icmp', { a: 1n, old: 7n }), group('v0', { rxBytes: 1n })];
    const after = [
      group('Icmp', { a: 1n, InType3: 2n, zero: 0n }),
      group('v1', { rxBytes: 9n }),
      group('v2', {}),
    ];
    expect(changesBetween(before, after)).toEqual([
      {
        name: 'Icmp',
        kind: 'stayed',
        changes: [
          { name: 'InType3', kind: 'counted', difference: 2n },
          { name: 'old', kind: 'gone', before: 7n },
        ],
      },
      { name: 'v1', kind: 'new', changes: [{ name: 'rxBytes', kind: 'counted', difference: 9n }] },
      { name: 'v2', kind: 'new', changes: [] },
      { name: 'v0', kind: 'gone', changes: [] },
    ]);
  });
});
