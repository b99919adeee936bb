import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { parseRoutes, type Route } from '../../src/kernel-tables/routes.ts';
import { requirement } from '../requirements.ts';
import { runAmongRoutes } from './routes-live-scene.ts';
import { optionsOf, readable } from './synthetic-comparison.ts';
import { netstat, sockscope } from './synthetic-proc.ts';

const missing = requirement('netns', 'netstat', 'ip');
/** Scenes that are looked at, at the most: the kernel counts on while it is looked at. */
const ATTEMPTS = 10;

const LINES = [
  '-rn',
  '-rne',
  '-rnee',
  '-rn6',
  '-rn -6 -4',
  '-rnC',
  '-rnC6',
  '-rnFC -4 -6',
  '-rn -6 --ipx',
  '-rn -A inet6,inet,unix',
];

describe.skipIf(missing !== undefined)(`routes that the kernel has ${missing ?? ''}`, () => {
  it('are shown as netstat shows them', { timeout: 60_000 }, () => {
    let left: readonly string[] = LINES;
    for (let attempt = 0; attempt < ATTEMPTS && left.length > 0; attempt++) {
      const words = left.map(optionsOf);
      const outcomes = runAmongRoutes(
        words.flatMap((line) => [netstat(line), sockscope(line), netstat(line)]),
      );
      left = left.filter((line, index) => {
        const [before, ours, after] = outcomes.slice(3 * index).map((outcome) => readable(line, outcome));
        if (!isDeepStrictEqual(before, after)) return true;
        expect(ours).toEqual(before);
        return false;
      });
    }
    expect(left).toEqual([]);
  });

  it('are rows for the library', { timeout: 60_000 }, () => {
    const [inet, inet6] = runAmongRoutes([
      ['cat', '/proc/net/route'],
      ['cat', '/proc/net/ipv6_route'],
    ]);
    const rows = [...rowsOf(inet!.stdout, 'inet'), ...rowsOf(inet6!.stdout, 'inet6')];
    expect(rows.length).toBeGreaterThan(30);
    const byDestination = (destination: string, metric?: number): Route | undefined =>
      rows.find((row) => row.destination === destination && (metric ?? row.metric) === row.metric);
    expect(byDestination('0.0.0.0', 0)).toMatchObject({
      prefixLength: 0,
      gateway: '192.0.2.254',
      interfaceName: 'veth0',
    });
    expect(byDestination('0.0.0.0', 0xffff_ffff)).toMatchObject({ gateway: '192.0.2.253' });
    expect(byDestination('10.0.0.0', 5)).toMatchObject({
      family: 'inet',
      prefixLength: 8,
      source: undefined,
      gateway: '192.0.2.3',
      flags: 3,
      flagNames: ['up', 'gateway'],
      isReject: false,
      mtu: 1040,
      window: 5000,
      irtt: 300,
    });
    expect(byDestination('10.1.0.0')).toMatchObject({
      isReject: false,
      interfaceName: undefined,
      gateway: undefined,
    });
    expect(byDestination('10.2.0.0')).toMatchObject({ isReject: true, interfaceName: undefined, metric: 7 });
    expect(byDestination('10.3.0.0')).toMatchObject({ isReject: true, flagNames: ['up', 'reject'] });
    expect(byDestination('10.4.0.0')).toMatchObject({ isReject: false, interfaceName: undefined });
    expect(byDestination('10.5.5.5')).toMatchObject({
      prefixLength: 32,
      interfaceName: 'longifname12345',
      flagNames: ['up', 'host'],
      mtu: undefined,
    });
    expect(byDestination('10.8.0.0')).toMatchObject({ gateway: undefined, flagNames: ['up', 'gateway'] });
    expect(byDestination('10.9.0.0')).toBeUndefined();
    expect(byDestination('2001:db8:10::')).toMatchObject({
      family: 'inet6',
      prefixLength: 48,
      gateway: '2001:db8::3',
      metric: 5,
      interfaceName: 'veth0',
      mtu: undefined,
    });
    expect(byDestination('2001:db8:11::')?.flagNames).toContain('expires');
    expect(byDestination('2001:db8:14::')).toMatchObject({
      isReject: true,
      interfaceName: 'lo',
      metric: 0xffff_ffff,
    });
    expect(byDestination('2001:db8:13::')).toMatchObject({ isReject: true });
    expect(byDestination('2001:db8:1a::')).toMatchObject({ interfaceName: 'veth0' });
    expect(byDestination('2001:db8::1')?.flagNames).toContain('local');
    expect(byDestination('::ffff:10.0.0.0')).toMatchObject({ prefixLength: 104 });
  });
});

function rowsOf(text: string, family: 'inet' | 'inet6'): readonly Route[] {
  const { rows, malformed } = parseRoutes(Buffer.from(text, 'latin1'), family);
  expect(malformed).toBe(0);
  expect(rows).toHaveLength(text.trimEnd().split('\n').length - (family === 'inet' ? 1 : 0));
  return rows;
}
