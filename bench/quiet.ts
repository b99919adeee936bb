import { loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { socketsOnHost } from './load/sockets-on-host.ts';
import type { Machine } from './machine.ts';

/** Sockets of a load that has just ended take about a second to go. */
const LONGEST_WAIT_MS = 10_000;

/** Sockets of others that do not matter beside a load of so many. */
export function tolerable(sockets: number): number {
  return Math.max(1000, sockets / 100);
}

/**
 * Waits until others hold few sockets; resolves to what disturbs when they do not cease, in words, and to undefined
 * when all is quiet. `held` counts the sockets of the host; tests bring their own.
 */
export async function crowd(
  sockets: number,
  longestWaitMs = LONGEST_WAIT_MS,
  held: () => number = () => socketsOnHost('tcp'),
): Promise<string | undefined> {
  const patience = performance.now() + longestWaitMs;
  while (held() > tolerable(sockets)) {
    if (performance.now() >= patience) {
      return `${held()} other sockets on this host: every walk of the kernel's table passes them too`;
    }
    await sleep(50);
  }
  return undefined;
}

/** What else may spoil figures, before the start, in words. */
export function disturbances(machine: Machine, [load] = loadavg()): string[] {
  const found: string[] = [];
  if (load !== undefined && load > 0.5) {
    found.push(`load average ${load.toFixed(2)} before the start: somebody else is using the cores`);
  }
  if (machine.addon === 'debug build') found.push('the addon is a debug build');
  return found;
}
