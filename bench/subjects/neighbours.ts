import { fileURLToPath } from 'node:url';
import type { Scene, Subject } from '../contract.ts';
import { lacksBpf } from './owner-limits.ts';
import { rowsCounted } from './rows.ts';
import { command as listing } from './sockscope.ts';

/** How inside/polls.mjs polls; `none` not at all. */
type How =
  | 'none'
  | { readonly host: Readonly<Record<string, unknown>>; readonly owners?: 'lowest' }
  | { readonly run: readonly string[]; readonly heading?: number };

/** Where the echo server is: a process beside the one that polls, or that one. */
type Place = 'beside' | 'here';

/** What stands beside one another around an echo server; the names are the same at both places. */
export interface Neighbours {
  readonly none: Subject;
  readonly oneThread: Subject;
  readonly lowPriority: Subject;
  readonly twoThreads: Subject;
  readonly text: Subject;
  readonly procfd: Subject;
  readonly bpf: Subject;
  readonly ss: Subject;
  readonly command: Subject;
}

const script = fileURLToPath(new URL('inside/neighbour.mjs', import.meta.url));

/** See inside/neighbour.mjs. */
export function neighbours(place: Place): Neighbours {
  const poll = (name: string, how: How): Subject => neighbour(name, place, how);
  return {
    none: poll('no polls', 'none'),
    oneThread: poll('scan()', { host: {} }),
    lowPriority: poll('scan(), low priority', { host: { priority: 'low' } }),
    twoThreads: poll('scan(), 2 threads', { host: { threads: 2 } }),
    text: poll('scan(), procfs', { host: { source: 'procfs' } }),
    procfd: poll('scan() with owners, procfd', { host: { owners: 'procfd' }, owners: 'lowest' }),
    bpf: {
      ...poll('scan() with owners, bpf', { host: { owners: 'bpf' }, owners: 'lowest' }),
      lacks: lacksBpf,
    },
    ss: poll('ss -tanH', { run: ['ss', '-tanH'] }),
    command: poll('sockscope -tan', { run: [process.execPath, listing, '-tan'], heading: 2 }),
  };
}

function neighbour(name: string, place: Place, how: How): Subject {
  const words = how === 'none' ? how : JSON.stringify(how);
  const command = ({ tools }: Scene): string[] => {
    const server = place === 'here' ? place : tools.echoServer;
    return [process.execPath, '--expose-gc', script, server, tools.echoClient, words];
  };
  return {
    name,
    command,
    figures: true,
    witness: (scene) => [...command(scene), '--count'],
    rows: rowsCounted,
  };
}
