import { fileURLToPath } from 'node:url';
import type { Subject } from '../contract.ts';
import { lacksBpf } from './owner-limits.ts';
import { rowsCounted } from './rows.ts';

const script = fileURLToPath(new URL('inside/poll-cost.mjs', import.meta.url));

const LISTENERS = { states: ['listen'] };
const ADDRESSES = { columns: ['local', 'remote'] };
const OWNERS = { owners: 'lowest' };

/** Node.js with the library loaded, and no host. */
export const noPolls: Subject = subject('no host', 'none');

/** By what is asked, and how it is found out: see inside/poll-cost.mjs. */
export const pollsByQuestion: readonly Subject[] = [
  poll('every column', {}, {}),
  poll('addresses alone', {}, ADDRESSES),
  poll('LISTEN alone', {}, LISTENERS),
  poll('every column, procfs', { source: 'procfs' }, {}),
  poll('owners, procfd, remembered', { owners: 'procfd' }, OWNERS),
  poll('owners, procfd, looked up anew', { owners: 'procfd' }, { ...OWNERS, remember: false }),
  { ...poll('owners, bpf', { owners: 'bpf' }, OWNERS), lacks: lacksBpf },
  poll('LISTEN with owners, procfd', { owners: 'procfd' }, { ...OWNERS, ...LISTENERS }),
  { ...poll('LISTEN with owners, bpf', { owners: 'bpf' }, { ...OWNERS, ...LISTENERS }), lacks: lacksBpf },
];

function poll(name: string, host: object, scan: object): Subject {
  return subject(name, JSON.stringify({ host, scan }));
}

function subject(name: string, question: string): Subject {
  const command = [process.execPath, '--expose-gc', '--max-semi-space-size=1', script, question];
  return {
    name,
    command: () => command,
    figures: true,
    witness: () => [...command, '--count'],
    rows: rowsCounted,
  };
}
