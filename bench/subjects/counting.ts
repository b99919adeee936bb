import type { Subject } from '../contract.ts';
import { lacksBpf } from './owner-limits.ts';
import { lacksPsutil, MOST_OF_NETSTATS, PYTHON } from './owner-programs.ts';
import { rowsOfCounts } from './rows.ts';
import { inside, script } from './scripts.ts';

/** Sockets counted by state and program, over the columns of a scan. */
export const countByProcfd: Subject = libraryCount('procfd');
export const countByBpf: Subject = { ...libraryCount('bpf'), lacks: lacksBpf };

/** In Python, over psutil's list. */
export const psutilCount: Subject = {
  name: 'psutil, counted in Python',
  yardstick: true,
  command: () => [PYTHON, inside('psutil-count.py')],
  figures: true,
  witness: () => [PYTHON, inside('psutil-count.py'), '--list'],
  rows: rowsOfCounts,
  lacks: lacksPsutil,
};

export const ssCount: Subject = counted(
  'ss -tanpH, awk',
  `ss -tanpH | awk '{ split($6, word, "\\""); sockets[$1 " " word[2]]++ } END { for (key in sockets) print key, sockets[key] }'`,
);
export const netstatCount: Subject = counted(
  'netstat -tanp, awk',
  `netstat -tanp | awk 'NR > 2 { split($7, word, "/"); sockets[$6 " " word[2]]++ } END { for (key in sockets) print key, sockets[key] }'`,
);

function libraryCount(owners: string): Subject {
  return {
    name: `host.scan() by state and program, ${owners}`,
    command: () => script('count.mjs', owners),
    figures: true,
    witness: () => script('count.mjs', owners, '--list'),
    rows: rowsOfCounts,
  };
}

function counted(name: string, words: string): Subject {
  return {
    name,
    yardstick: true,
    command: () => ['sh', '-c', words],
    rows: rowsOfCounts,
    slow: true,
    mostSockets: MOST_OF_NETSTATS,
  };
}
