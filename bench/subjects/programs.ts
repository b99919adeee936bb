import type { Subject } from '../contract.ts';
import { rowsCounted, rowsOfColumns, rowsOfProcfs } from './rows.ts';
import { lacking } from './scripts.ts';

/** The floor for netlink: see bench/limits/drain-dump.c. */
export const drainDump: Subject = {
  name: 'drain-dump (C)',
  yardstick: true,
  command: ({ tools }) => [tools.drainDump],
  figures: true,
  rows: rowsCounted,
};

/** The floor for a command of Node's by netlink: the start of a process that does nothing, and the dump. */
export const drainDumpAfterNode: Subject = {
  ...drainDump,
  name: 'node -e 0, then drain-dump',
  command: ({ tools }) => ['sh', '-c', '"$1" -e 0 && exec "$2"', 'sh', process.execPath, tools.drainDump],
};

export const ss: Subject = {
  name: 'ss -tanH',
  yardstick: true,
  command: () => ['ss', '-tanH'],
  rows: rowsOfColumns(0),
};

export const netstat: Subject = {
  name: 'netstat -tan',
  yardstick: true,
  command: () => ['netstat', '-tan'],
  rows: rowsOfColumns(2),
};

export const busybox: Subject = {
  name: 'busybox netstat -tan',
  yardstick: true,
  command: () => ['busybox', 'netstat', '-tan'],
  rows: rowsOfColumns(2),
  lacks: () => lacking('busybox', ['netstat', '-rn'], 'busybox with netstat'),
};

/** The floor for procfs: the kernel writes its text, nobody reads it. */
export const catProcfs: Subject = {
  name: 'cat /proc/net/tcp',
  yardstick: true,
  command: () => ['cat', '/proc/net/tcp'],
  rows: rowsOfProcfs,
};

export const ssListeners: Subject = {
  name: 'ss -tlnH',
  yardstick: true,
  command: () => ['ss', '-tlnH'],
  rows: rowsOfColumns(0),
};

/** The sockets at one local port, picked by the kernel; the floor for it, and those of netstat's that a text filter picks. */
export function ssAtPort(port: number): Subject {
  const command = ['ss', '-tanH', `sport = :${port}`];
  return { name: command.join(' '), yardstick: true, command: () => command, rows: rowsOfColumns(0) };
}
export function drainDumpAtPort(port: number): Subject {
  return {
    ...drainDump,
    name: `drain-dump of port ${port} (C)`,
    command: ({ tools }) => [tools.drainDump, `${port}`],
  };
}
export function netstatAtPort(port: number): Subject {
  const command = ['sh', '-c', `netstat -tan | awk '$4 ~ /:${port}$/'`];
  return {
    name: `netstat -tan, awk, port ${port}`,
    yardstick: true,
    command: () => command,
    rows: rowsOfColumns(0),
  };
}

export const netstatListeners: Subject = {
  name: 'netstat -tln',
  yardstick: true,
  command: () => ['netstat', '-tln'],
  rows: rowsOfColumns(2),
};

/** An empty table: to see so the kernel walks past every connection of the host. */
export const catProcfs6: Subject = {
  name: 'cat /proc/net/tcp6',
  yardstick: true,
  command: () => ['cat', '/proc/net/tcp6'],
  rows: rowsOfProcfs,
};
