import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Subject } from '../contract.ts';
import { rowsOfList, rowsOfLsof, rowsOfSsUsers, rowsWithPid } from './rows.ts';

/** Where Debian's python3-psutil is to be had: another interpreter on the path has other packages. */
export const PYTHON = '/usr/bin/python3';
const psutilScript = fileURLToPath(new URL('inside/psutil-connections.py', import.meta.url));

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

export const lsof: Subject = {
  name: 'lsof -nP -iTCP',
  yardstick: true,
  command: () => ['lsof', '-nP', '-iTCP'],
  rows: rowsOfLsof,
  lacks: () => (runs('lsof', ['-v']) ? undefined : 'missing: lsof'),
};

/** The list of a Python program's own, nothing printed. */
export const psutil: Subject = {
  name: "psutil.net_connections('tcp')",
  yardstick: true,
  command: () => [PYTHON, psutilScript],
  figures: true,
  witness: () => [PYTHON, psutilScript, '--list'],
  rows: rowsOfList,
  lacks: () => (runs(PYTHON, ['-c', 'import psutil']) ? undefined : 'missing: python3-psutil'),
};

function runs(program: string, options: readonly string[]): boolean {
  return spawnSync(program, options, { stdio: 'ignore' }).status === 0;
}
