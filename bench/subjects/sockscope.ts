import { fileURLToPath } from 'node:url';
import type { Subject } from '../contract.ts';
import { lacksBpf } from './owner-limits.ts';
import { netstat, netstatListeners } from './programs.ts';
import { rowsCounted, rowsOfColumns, rowsOfList } from './rows.ts';

export const command = path('../../dist/cli/main.cjs');
const scanScript = path('inside/scan.mjs');
const turnsScript = path('inside/turns.mjs');

/** As its users have it: see tcp-walk.ts for what root has. */
export const listing: Subject = {
  name: 'sockscope -tan',
  command: () => [process.execPath, command, '-tan'],
  rows: rowsOfColumns(2),
  sameBytesAs: netstat,
};

export const netlinkListing: Subject = {
  ...listing,
  name: 'sockscope -tan, netlink',
  environment: { SOCKSCOPE_SOURCE: 'netlink' },
};

export const procfsListing: Subject = {
  ...listing,
  name: 'sockscope -tan, procfs',
  environment: { SOCKSCOPE_SOURCE: 'procfs' },
};

/** The command by TypeScript alone: Node loads no addon. */
export const typeScriptListing: Subject = {
  ...listing,
  name: 'sockscope -tan, TypeScript alone',
  command: () => [process.execPath, '--no-addons', command, '-tan'],
  environment: {},
};

export const listenersListing: Subject = {
  ...listing,
  name: 'sockscope -tln',
  environment: { SOCKSCOPE_SOURCE: 'netlink' },
  command: () => [process.execPath, command, '-tln'],
  sameBytesAs: netstatListeners,
};

export const netlinkScan: Subject = scan('scan() netlink, 2 threads', 'netlink', 2, 1);
export const netlinkScanAgain: Subject = scan('scan() netlink, 2 threads, second call', 'netlink', 2, 2);
export const netlinkScanAlone: Subject = scan('scan() netlink, 1 thread', 'netlink', 1, 1);
export const procfsScan: Subject = scan('scan() procfs', 'procfs', 1, 1);
export const typeScriptScan: Subject = withoutAddon(scan('scan() TypeScript alone', 'procfs', 1, 1));

export const netlinkTurns: Subject = turns('turns during scan() netlink, 2 threads', 'netlink', 2);
export const netlinkTurnsAlone: Subject = turns('turns during scan() netlink, 1 thread', 'netlink', 1);
export const procfsTurns: Subject = turns('turns during scan() procfs', 'procfs', 1);
export const typeScriptTurns: Subject = withoutAddon(
  turns('turns during scan() TypeScript alone', 'procfs', 1),
);
export const procfdTurns: Subject = turns('turns during scan() with owners, procfd', 'netlink', 1, 'procfd');
export const bpfTurns: Subject = {
  ...turns('turns during scan() with owners, bpf', 'netlink', 1, 'bpf'),
  lacks: lacksBpf,
};

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
function turns(name: string, source: string, threads: number, owners?: string): Subject {
  const script = [
    process.execPath,
    turnsScript,
    source,
    String(threads),
    ...(owners === undefined ? [] : [owners]),
  ];
  return { name, command: () => script, figures: true, rows: rowsCounted };
}

/** The same by TypeScript alone: Node's option stands before the script. */
function withoutAddon(subject: Subject): Subject {
  const told = (words: readonly string[]): readonly string[] => [words[0]!, '--no-addons', ...words.slice(1)];
  const { command: timed, witness = timed } = subject;
  return { ...subject, command: (scene) => told(timed(scene)), witness: (scene) => told(witness(scene)) };
}

function path(relative: string): string {
  return fileURLToPath(new URL(relative, import.meta.url));
}
