import { cpus } from 'node:os';

/** Of all cores: more than that is told. */
const TOLERABLE = 0.1;
/** In less time the kernel's ticks are too coarse to tell. */
const SHORTEST_MS = 1000;

/** What was used, of all cores since the start of the host and by this process, and when. */
export interface CpuReading {
  readonly atMs: number;
  readonly hostMs: number;
  readonly ownMs: number;
  readonly cores: number;
}

export function readCpu(): CpuReading {
  const { user, system } = process.cpuUsage();
  const cores = cpus();
  const hostMs = cores.reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0);
  return { atMs: performance.now(), hostMs, ownMs: (user + system) / 1e3, cores: cores.length };
}

/**
 * What of the host's CPU time neither the subjects nor the runner have used between two readings, in words; undefined where
 * it is little.
 */
export function otherWork(from: CpuReading, to: CpuReading, subjectsMs: number): string | undefined {
  const tookMs = to.atMs - from.atMs;
  const restMs = to.hostMs - from.hostMs - (to.ownMs - from.ownMs) - subjectsMs;
  const share = restMs / (tookMs * to.cores);
  if (tookMs < SHORTEST_MS || share <= TOLERABLE) return undefined;
  return `what is not measured used ${Math.round(share * 100)} % of the cores during the runs`;
}
