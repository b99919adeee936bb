import type { HostOptions, ScanRequest } from '../../src/index.ts';
import type { Subject } from '../contract.ts';
import { lacksBpf } from './owner-limits.ts';
import { rowsCounted, rowsOfList } from './rows.ts';
import { script, scriptWithoutAddon } from './scripts.ts';

/** What inside/ask.mjs asks a host over and over. */
export interface Question {
  readonly host: HostOptions;
  readonly request: ScanRequest;
  readonly port?: number;
  readonly stream?: boolean;
  readonly iterations?: number;
}

/** A host that is kept, and asked the same again and again: prints what inside/timed.mjs does. */
export function asked(name: string, question: Question): Subject {
  return asking(name, script('ask.mjs', JSON.stringify(question)));
}

/** The same by TypeScript alone. */
export function askedWithoutAddon(name: string, question: Question): Subject {
  return asking(name, scriptWithoutAddon('ask.mjs', JSON.stringify(question)));
}

function asking(name: string, command: readonly string[]): Subject {
  return {
    name,
    command: () => command,
    figures: true,
    witness: () => [...command, '--list'],
    rows: rowsOfList,
  };
}

const tcp: ScanRequest = { protocols: ['tcp'] };

/** All TCP sockets to columns, of a host that stays. */
export const warmNetlinkAlone = asked('host.scan() netlink, 1 thread, warm', {
  host: { source: 'netlink', threads: 1 },
  request: tcp,
  iterations: 5,
});
export const warmNetlink = asked('host.scan() netlink, 2 threads, warm', {
  host: { source: 'netlink', threads: 2 },
  request: tcp,
  iterations: 5,
});
export const warmStream = asked('host.batches() netlink, 2 threads, warm', {
  host: { source: 'netlink', threads: 2 },
  request: tcp,
  stream: true,
  iterations: 5,
});
export const warmProcfs = asked('host.scan() procfs, warm', {
  host: { source: 'procfs' },
  request: tcp,
  iterations: 5,
});
export const warmTypeScript = askedWithoutAddon('host.scan() TypeScript alone, warm', {
  host: {},
  request: tcp,
  iterations: 5,
});

/** The sockets at one local port: picked by the kernel, and picked from the column. */
export function onePortByKernel(port: number): Subject {
  return asking(`host.batches(), port ${port} by the kernel`, script('one-port.mjs', `${port}`));
}
export function onePortByColumn(port: number): Subject {
  return asked(`host.scan(), port ${port} from the column`, {
    host: { source: 'netlink', threads: 2 },
    request: { ...tcp, columns: ['local', 'remote'] },
    port,
  });
}

/** LISTEN alone with owners; of one port, where there is one. */
export function listenersAsked(owners: 'bpf' | 'procfd', port?: number): Subject {
  const of = port === undefined ? '' : ` of port ${port}`;
  const subject = asked(`host.scan() LISTEN${of} with owners, ${owners}`, {
    host: { source: 'netlink', owners },
    request: {
      ...tcp,
      states: ['listen'],
      columns: ['local', 'remote'],
      owners: 'lowest',
      processFields: [],
      remember: false,
    },
    ...(port === undefined ? {} : { port }),
  });
  return owners === 'bpf' ? { ...subject, lacks: lacksBpf } : subject;
}

/** The search for owners without a dump: see inside/owners.mjs. */
export function ownersAlone(owners: 'bpf' | 'procfd', threads: number): Subject {
  const command = script('owners.mjs', owners, `${threads}`);
  return {
    name: `search by ${owners}, ${threads} ${threads === 1 ? 'thread' : 'threads'}, warm`,
    command: () => command,
    figures: true,
    rows: rowsCounted,
    ...(owners === 'bpf' ? { lacks: lacksBpf } : {}),
  };
}
export const ownersTypeScript: Subject = {
  name: 'search by procfd, TypeScript alone, warm',
  command: () => scriptWithoutAddon('owners.mjs', 'procfd', '1'),
  figures: true,
  rows: rowsCounted,
};

/** See inside/memory.mjs. */
export function scanMemory(threads: number): Subject {
  return {
    name: `memory of scan(), ${threads} ${threads === 1 ? 'thread' : 'threads'}`,
    command: () => script('memory.mjs', `${threads}`),
    figures: true,
    rows: rowsCounted,
  };
}
