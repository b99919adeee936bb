import { existsSync } from 'node:fs';
import type { Output } from '../../src/cli/output.ts';
import { type CommandScene, runCommand } from '../../src/cli/run.ts';
import { SockscopeError } from '../../src/errors.ts';
import type { LocalHost } from '../../src/host.ts';
import type { HostOptions } from '../../src/request/host-options.ts';
import type { ScanRequest } from '../../src/request/request.ts';
import { ScanReport } from '../../src/table/report.ts';

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What one run of the command was asked and lent. */
export interface Run extends Ended {
  readonly opened: readonly HostOptions[];
  readonly requests: readonly ScanRequest[];
}

export interface EmptyHost {
  /** Errno for protocols that cannot be read. Default: ENOENT for those without a file in /proc/net. */
  readonly missing?: (protocol: string) => number | undefined;
  readonly malformed?: number;
  readonly source?: string;
  readonly netDirectory?: string;
  /** Whether there is an addon. */
}

/** Runs the command in this process, on a host without a socket. */
export async function run(
  words: readonly string[],
  scene: Partial<CommandScene> = {},
  host: EmptyHost = {},
): Promise<Run> {
  const opened: HostOptions[] = [];
  const requests: ScanRequest[] = [];
  const stdout = collector();
  const stderr = collector();
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
      return emptyHost(host, requests);
    },
    pause: async () => {},
    ...scene,
  });
  return { status, stdout: stdout.text(), stderr: stderr.text(), opened, requests };
}

function collector(): Output & { text(): string } {
  const parts: Buffer[] = [];
  return {
    write: (bytes) => void parts.push(Buffer.from(bytes)),
    isTerminal: () => false,
    text: () => Buffer.concat(parts).toString('latin1'),
  };
}

function emptyHost(host: EmptyHost, requests: ScanRequest[]): LocalHost {
  const { malformed = 0, source = 'procfs', netDirectory = '/proc/net' } = host;
  const missing = host.missing ?? ((name) => (existsSync(`/proc/net/${name}`) ? undefined : 2));
  return {
    sourceOf: async () => source,
    proc: { netDirectory: () => netDirectory },
    close: async () => {},
    batches: (request: ScanRequest) => {
      requests.push(request);
      const protocol = request.protocols![0]!;
      const errno = missing(protocol);
      const report = new ScanReport();
      return {
        report,
        // biome-ignore lint/correctness/useYield: a host without a socket
        async *[Symbol.asyncIterator]() {
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
