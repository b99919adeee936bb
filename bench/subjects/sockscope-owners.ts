import { fileURLToPath } from 'node:url';
import type { Subject } from '../contract.ts';
import { lacksBpf } from './owner-limits.ts';
import { netstatListenersOwners, netstatOwners } from './owner-programs.ts';
import { rowsCounted, rowsOfList, rowsWithPid } from './rows.ts';
import { command, netlinkListing } from './sockscope.ts';

const scanScript = path('inside/scan.mjs');
const heldMemoryScript = path('inside/held-memory.mjs');
const pollScript = path('inside/poll.mjs');

/** The command without owners, beside the others: its rows name nobody, and are only counted. */
export const listingWithoutOwners: Subject = {
  name: netlinkListing.name,
  command: netlinkListing.command,
  environment: netlinkListing.environment ?? {},
  rows: (stdout) => rowsWithPid(2)(stdout).length,
};

export const procfdListing: Subject = ownersListing('sockscope -tanp, procfd', 'netlink', 'procfd');
export const procfdTextListing: Subject = ownersListing(
  'sockscope -tanp, procfd, procfs',
  'procfs',
  'procfd',
);
export const bpfListing: Subject = {
  ...ownersListing('sockscope -tanp, bpf', 'netlink', 'bpf'),
  sameBytesAs: procfdListing,
  lacks: lacksBpf,
};

/** The command by TypeScript alone: sockets by procfs, owners by its own walk. */
export const typeScriptOwnersListing: Subject = {
  ...procfdListing,
  name: 'sockscope -tanp, TypeScript alone',
  command: () => [process.execPath, '--no-addons', command, '-tanp'],
  environment: {},
};

/** Listeners alone, with who holds them. */
export const procfdListenersListing: Subject = listenersListing('sockscope -tlnp, procfd', 'procfd');
export const bpfListenersListing: Subject = {
  ...listenersListing('sockscope -tlnp, bpf', 'bpf'),
  sameBytesAs: procfdListenersListing,
  lacks: lacksBpf,
};

export const procfdScan: Subject = ownersScan('procfd');
export const bpfScan: Subject = { ...ownersScan('bpf'), lacks: lacksBpf };

export const procfdPoll: Subject = poll('procfd');
export const bpfPoll: Subject = { ...poll('bpf'), lacks: lacksBpf };

export const procfdHeldMemory: Subject = heldMemory('procfd');
export const bpfHeldMemory: Subject = { ...heldMemory('bpf'), lacks: lacksBpf };

function ownersListing(name: string, source: string, owners: string): Subject {
  return {
    name,
    command: () => [process.execPath, command, '-tanp'],
    environment: { SOCKSCOPE_SOURCE: source, SOCKSCOPE_OWNERS: owners },
    rows: rowsWithPid(2),
    sameBytesAs: netstatOwners,
  };
}

function listenersListing(name: string, owners: string): Subject {
  return {
    ...ownersListing(name, 'netlink', owners),
    command: () => [process.execPath, command, '-tlnp'],
    sameBytesAs: netstatListenersOwners,
  };
}

/** Prints `scanMs` and `scanUsPerSocket` of the second call: what a program that stays pays. */
function ownersScan(owners: string): Subject {
  const script = [process.execPath, scanScript, 'netlink', '2', '2', owners];
  return {
    name: `scan() with owners, ${owners}, 2 threads, second call`,
    command: () => script,
    figures: true,
    witness: () => [...script, '--list'],
    rows: rowsOfList,
  };
}

/** See inside/poll.mjs. */
function poll(owners: string): Subject {
  return {
    name: `a host asked again and again, ${owners}`,
    command: () => [process.execPath, pollScript, owners, '5', '1'],
    figures: true,
    rows: rowsCounted,
    churns: true,
  };
}

/** See inside/held-memory.mjs. */
function heldMemory(owners: string): Subject {
  return {
    name: `what a host keeps, ${owners}`,
    command: () => [process.execPath, '--expose-gc', heldMemoryScript, owners],
    environment: { MALLOC_MMAP_THRESHOLD_: '65536' },
    figures: true,
    rows: rowsCounted,
  };
}

function path(relative: string): string {
  return fileURLToPath(new URL(relative, import.meta.url));
}
