import { fileURLToPath } from 'node:url';
import type { Subject } from '../contract.ts';
import { netstat, netstatListeners } from './programs.ts';
import { rowsCounted, rowsOfColumns, rowsOfList } from './rows.ts';

export const command = path('../../dist/cli/main.cjs');
const scanScript = path('inside/scan.mjs');
const turnsScript = path('inside/turns.mjs');

export const listing: Subject = {
  name: 'sockscope -tan',
  command: () => [process.execPath, command, '-tan'],
  environment: { SOCKSCOPE_SOURCE: 'netlink' },
  rows: rowsOfColumns(2),
  sameBytesAs: netstat,
};

export const procfsListing: Subject = {
  ...listing,
  name: 'sockscope -tan, procfs',
  environment: { SOCKSCOPE_SOURCE: 'procfs' },
};

export const listenersListing: Subject = {
  ...listing,
  name: 'sockscope -tln',
  command: () => [process.execPath, command, '-tln'],
  sameBytesAs: netstatListeners,
};

export const netlinkScan: Subject = scan('scan() netlink, 2 threads', 'netlink', 2, 1);
export const netlinkScanAgain: Subject = scan('scan() netlink, 2 threads, second call', 'netlink', 2, 2);
export const netlinkScanAlone: Subject = scan('scan() netlink, 1 thread', 'netlink', 1, 1);
export const procfsScan: Subject = scan('scan() procfs', 'procfs', 1, 1);

export const netlinkTurns: Subject = turns('turns during scan() netlink, 2 threads', 'netlink', 2);
export const procfsTurns: Subject = turns('turns during scan() procfs', 'procfs', 1);

/** Prints `scanMs`: the last of `calls` calls of scan() in one process. */
function scan(name: string, source: string, threads: number, calls: number): Subject {
  const script = [process.execPath, scanScript, source, String(threads), String(calls)];
  return {
    name,
    command: () => script,
    figures: true,
    witness: () => [...script, '--list'],
    rows: rowsOfList,
  };
}

/** Prints `longestTurnMs`, `activeMs` and `noiseMs`: see inside/turns.mjs. */
function turns(name: string, source: string, threads: number): Subject {
  const script = [process.execPath, turnsScript, source, String(threads)];
  return { name, command: () => script, figures: true, rows: rowsCounted };
}

function path(relative: string): string {
  return fileURLToPath(new URL(relative, import.meta.url));
}
