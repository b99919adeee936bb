import { existsSync } from 'node:fs';
import type { Output } from '../../src/cli/output.ts';
import { type CommandScene, runCommand } from '../../src/cli/run.ts';
import { SockscopeError } from '../../src/errors.ts';
import type { InnerRequest, LocalHost } from '../../src/host.ts';
import type { OwnerQuestion } from '../../src/owners/owner-scan.ts';
import type { HostOptions } from '../../src/request/host-options.ts';
import type { ScanRequest } from '../../src/request/request.ts';
import { type OwnerReport, RunningReport } from '../../src/table/report.ts';
import { ownersOf } from '../unit/format/owners.ts';

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What one run of the command was asked and lent. */
export interface Run extends Ended {
  readonly opened: readonly HostOptions[];
  readonly requests: readonly ScanRequest[];
  /** Searches for owners, in the order in which they were begun. */
  readonly searches: readonly OwnerQuestion[];
  /** Of each request the search it came with, by its place in `searches`; -1: none. */
  readonly searchOf: readonly number[];
  /** What happened in what order: `search`, `batches tcp`, `found`, and what was written. */
  readonly events: readonly string[];
}

export interface EmptyHost {
  /** Errno for protocols that cannot be read. Default: ENOENT for those without a file in /proc/net. */
  readonly missing?: (protocol: string) => number | undefined;
  readonly malformed?: number;
  readonly source?: string;
  readonly netDirectory?: string;
  /** What a search for owners counts, or fails with. Default: nothing was denied. */
  readonly tally?: Pick<OwnerReport, 'unopened' | 'sockets'> | SockscopeError;
}

/** Runs the command in this process, on a host without a socket. */
export async function run(
  words: readonly string[],
  scene: Partial<CommandScene> = {},
  host: EmptyHost = {},
): Promise<Run> {
  const opened: HostOptions[] = [];
  const log: Log = { requests: [], searches: [], searchOf: [], events: [] };
  const stdout = collector('out', log);
  const stderr = collector('err', log);
  const status = await runCommand({
    program: 'netstat',
    words,
    environment: {},
    selinuxEnabled: () => false,
    stdout,
    stderr,
    version: () => '1.2.3',
    openHost: (options) => {
      opened.push(options);
      return emptyHost(host, log);
    },
    pause: async () => {},
    now: () => 0,
    ...scene,
  });
  return { status, stdout: stdout.text(), stderr: stderr.text(), opened, ...log };
}

interface Log {
  readonly requests: ScanRequest[];
  readonly searches: OwnerQuestion[];
  readonly searchOf: number[];
  readonly events: string[];
}

function collector(name: string, { events }: Log): Output & { text(): string } {
  const parts: Buffer[] = [];
  return {
    write: (bytes) => {
      events.push(name);
      parts.push(Buffer.from(bytes));
    },
    isTerminal: () => false,
    text: () => Buffer.concat(parts).toString('latin1'),
  };
}

type Search = NonNullable<InnerRequest['search']>;

function emptyHost(host: EmptyHost, log: Log): LocalHost {
  const { malformed = 0, source = 'procfs', netDirectory = '/proc/net' } = host;
  const begun: { done: Promise<unknown>; result: Promise<unknown> }[] = [];
  const missing = host.missing ?? ((name) => (existsSync(`/proc/net/${name}`) ? undefined : 2));
  return {
    sourceOf: async () => source,
    proc: { path: '/proc', netDirectory: () => netDirectory },
    close: async () => {},
    searchOwners: (question: OwnerQuestion) => {
      log.searches.push(question);
      log.events.push('search');
      const done = search(host, log);
      done.catch(() => {});
      begun.push({ done, result: done.then(() => ({ index: undefined })) });
      begun.at(-1)!.result.catch(() => {});
      return begun.at(-1);
    },
    // Process 7 holds every socket.
    ownersOf: async (inodes: Uint32Array) =>
      ownersOf(
        Array.from(inodes, () => [7]),
        { 7: 'seven' },
      ),
    batches: (request: ScanRequest, { search }: { readonly search?: Search } = {}) => {
      log.requests.push(request);
      log.searchOf.push(begun.indexOf(search as never));
      const protocol = request.protocols![0]!;
      log.events.push(`batches ${protocol}`);
      const errno = missing(protocol);
      const report = new RunningReport();
      return {
        report,
        // biome-ignore lint/correctness/useYield: a host without a socket
        async *[Symbol.asyncIterator]() {
          await search?.done;
          if (errno !== undefined) {
            throw new SockscopeError('ERR_SOURCE_UNAVAILABLE', 'it is not there', {
              operation: 'read',
              errno,
            });
          }
          report.add({
            protocol,
            source,
            malformed,
            rows: 0,
            bytes: 0,
            milliseconds: 0,
            duplicates: 0,
            interrupted: false,
          });
        },
      };
    },
  } as unknown as LocalHost;
}

async function search(
  { tally = { unopened: 0, sockets: 1 } }: EmptyHost,
  { events }: Log,
): Promise<OwnerReport> {
  await new Promise(setImmediate);
  events.push('found');
  if (tally instanceof SockscopeError) throw tally;
  return {
    source: 'procfd',
    milliseconds: 1,
    processes: 9,
    vanished: 0,
    denied: tally.unopened,
    descriptors: 9,
    threads: 1,
    ...tally,
  };
}
