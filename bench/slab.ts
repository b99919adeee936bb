import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Readings this close to one another, 50 ms apart, count as a kernel at rest. What is freed after a grace period takes a while. */
const AT_REST_BYTES = 256 * 1024;
const LONGEST_WAIT_MS = 5000;

/** Bytes that the kernel holds in slabs, once that has settled. Kernel: SReclaimable and SUnreclaim of /proc/meminfo. */
export async function settledSlabBytes(): Promise<number> {
  let last = slabBytes();
  for (let quiet = 0, waited = 0; quiet < 3 && waited < LONGEST_WAIT_MS; waited += 50) {
    await sleep(50);
    const now = slabBytes();
    quiet = Math.abs(now - last) <= AT_REST_BYTES ? quiet + 1 : 0;
    last = now;
  }
  return last;
}

function slabBytes(): number {
  const text = readFileSync('/proc/meminfo', 'latin1');
  const kib = (name: string): number => Number(new RegExp(`^${name}: +(\\d+) kB`, 'm').exec(text)?.[1] ?? 0);
  return (kib('SReclaimable') + kib('SUnreclaim')) * 1024;
}
