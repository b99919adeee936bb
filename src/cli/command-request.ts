import type { Programs, Which } from '../format/listing.ts';
import type { OwnerScanName } from '../owners/owner-scan.ts';
import type { SourceName } from '../source/source.ts';
import type { NetstatFamily } from './netstat-options.ts';

export const INTERNET_PROTOCOLS = ['tcp', 'sctp', 'udp', 'udplite', 'raw'] as const;
export type InternetProtocol = (typeof INTERNET_PROTOCOLS)[number];

/** What is shown: sockets, `-r`, `-i`, `-s`, `-M`. */
export type Mode = 'sockets' | 'routes' | 'interfaces' | 'statistics' | 'nat';

/** What the command line asks for, before netstat's rules about what follows from it. */
export interface CommandRequest {
  readonly mode: Mode;
  /** In the order in which they were named. */
  readonly families: ReadonlySet<NetstatFamily>;
  /** As they were named: a family may be there more than once. */
  readonly familyList: readonly NetstatFamily[];
  readonly protocols: ReadonlySet<InternetProtocol>;
  /** `-2` or `-f`. */
  readonly bluetooth: boolean;
  /** `-a` wins over `-l`. */
  readonly which: Which;
  readonly groups: boolean;
  /** `-p`; `all` for `--owners-all`. */
  readonly programs: Programs;
  readonly wide: boolean;
  readonly extend: boolean;
  /** How often `-e` was given. */
  readonly extendCount: number;
  readonly timers: boolean;
  /** `-Z`. */
  readonly context: boolean;
  /** `-F`, `-C`. */
  readonly fib: boolean;
  readonly cache: boolean;
  /** `-I IFACE`: that interface alone. A byte string. */
  readonly interfaceName: string | undefined;
  readonly numericHosts: boolean;
  readonly numericPorts: boolean;
  readonly numericUsers: boolean;
  /** `-N`. */
  readonly symbolic: boolean;
  readonly verbose: boolean;
  /** `-c`: netstat's statistics are shown once all the same, unless a period is named. */
  readonly repeats: boolean;
  /** From the beginning of one round of `-c` to the beginning of the next. */
  readonly periodMs: number;
  /** How long a round waits for the names of hosts, at the most. */
  readonly resolveTimeoutMs: number;
  readonly json: boolean;
  readonly source: SourceName | 'auto';
  readonly owners: OwnerScanName | 'auto' | 'none';
  readonly threads: 1 | 2 | 'auto';
  readonly procRoot: string | undefined;
}
