import { fileURLToPath } from 'node:url';
import type { Subject } from '../contract.ts';
import { rowsCounted } from './rows.ts';

export const warmScanAlone: Subject = warmScan('warm scan() netlink, 1 thread', 'one');
export const warmScan2: Subject = warmScan("warm scan netlink, 2 threads, the kernel's order", 'two');
export const warmScanSplit: Subject = warmScan('warm scan() netlink, 2 threads, split by ports', 'split');

/** Prints `bytesPerRow`. */
export const scanMemory: Subject = inside('memory of scan() netlink', 'scan-memory.mjs');

/** Prints `p50Ms` and `usPerRow`: see inside/warm-scan.mjs. */
function warmScan(name: string, way: string): Subject {
  return inside(name, 'warm-scan.mjs', way);
}

function inside(name: string, script: string, ...words: string[]): Subject {
  const path = fileURLToPath(new URL(`inside/${script}`, import.meta.url));
  return { name, command: () => [process.execPath, path, ...words], figures: true, rows: rowsCounted };
}
