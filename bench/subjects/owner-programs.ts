import type { Subject } from '../contract.ts';
import { rowsCounted, rowsOfList, rowsOfLsof, rowsOfSsUsers, rowsWithPid } from './rows.ts';
import { inside, lacking, script } from './scripts.ts';

/** Where Debian's python3-psutil is to be had: another interpreter on the path has other packages. */
export const PYTHON = '/usr/bin/python3';

/** With more sockets what has netstat or ss look for owners takes the time that they take: known, and minutes. */
export const MOST_OF_NETSTATS = 100_000;

export const ssOwners: Subject = {
  name: 'ss -tanpH',
  yardstick: true,
  command: () => ['ss', '-tanpH'],
  rows: rowsOfSsUsers,
  slow: true,
};

export const netstatOwners: Subject = {
  name: 'netstat -tanp',
  yardstick: true,
  command: () => ['netstat', '-tanp'],
  rows: rowsWithPid(2),
  slow: true,
};

export const lsof: Subject = lsofOf('-iTCP');

/** The list of a Python program's own, nothing printed. */
export const psutil: Subject = psutilOf('tcp', 'all');

/** What other programs say of listeners alone; of those at one port. */
export const ssListenersOwners: Subject = {
  name: 'ss -tlnpH',
  yardstick: true,
  command: () => ['ss', '-tlnpH'],
  rows: rowsOfSsUsers,
};
export const netstatListenersOwners: Subject = {
  name: 'netstat -tlnp',
  yardstick: true,
  command: () => ['netstat', '-tlnp'],
  rows: rowsWithPid(2),
  slow: true,
  mostSockets: MOST_OF_NETSTATS,
};
export const lsofListeners: Subject = lsofOf('-iTCP', '-sTCP:LISTEN');
export const psutilListeners: Subject = psutilOf('tcp', 'LISTEN');

export function ssListenersAt(port: number): Subject {
  const command = ['ss', '-tlnpH', `sport = :${port}`];
  return { name: command.join(' '), yardstick: true, command: () => command, rows: rowsOfSsUsers };
}
export function lsofListenersAt(port: number): Subject {
  return lsofOf(`-iTCP:${port}`, '-sTCP:LISTEN');
}

/** Prints the processes' numbers alone. */
export function fuserAt(port: number): Subject {
  const command = ['fuser', '-n', 'tcp', `${port}`];
  return {
    name: command.join(' '),
    yardstick: true,
    command: () => command,
    rows: (stdout) => stdout.trim().split(/\s+/).length,
    lacks: () => lacking('fuser', ['-V']),
  };
}

export function psutilOf(kind: string, status: string): Subject {
  const command = [PYTHON, inside('psutil-connections.py'), kind, status];
  return {
    name: `psutil.net_connections('${kind}')${status === 'all' ? '' : `, ${status}`}`,
    yardstick: true,
    command: () => command,
    figures: true,
    ...(kind === 'tcp' ? { witness: () => [...command, '--list'], rows: rowsOfList } : { rows: rowsCounted }),
    lacks: lacksPsutil,
  };
}

export function lacksPsutil(): string | undefined {
  return lacking(PYTHON, ['-c', 'import psutil'], 'python3-psutil');
}

/** Packages of npm's that have netstat print its owners, and read that: as slow as it is. */
export const systeminformation: Subject = {
  name: 'systeminformation.networkConnections()',
  yardstick: true,
  command: () => script('systeminformation.mjs'),
  figures: true,
  witness: () => script('systeminformation.mjs', '--list'),
  rows: rowsOfList,
  lacks: () => lacksPackage('systeminformation'),
  slow: true,
  mostSockets: MOST_OF_NETSTATS,
};
/** It tells no address of this host: its rows are counted. */
export const nodeNetstat: Subject = {
  name: 'node-netstat',
  yardstick: true,
  command: () => script('node-netstat.mjs'),
  figures: true,
  rows: rowsCounted,
  lacks: () => lacksPackage('node-netstat'),
  slow: true,
  mostSockets: MOST_OF_NETSTATS,
};

function lsofOf(...options: readonly string[]): Subject {
  const command = ['lsof', '-nP', ...options];
  return {
    name: command.join(' '),
    yardstick: true,
    command: () => command,
    rows: rowsOfLsof,
    lacks: () => lacking('lsof', ['-v']),
  };
}

function lacksPackage(name: string): string | undefined {
  return lacking(process.execPath, ['-e', `require.resolve('${name}')`], `the package ${name}`);
}
