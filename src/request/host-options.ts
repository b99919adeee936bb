import { OWNER_SCANS, type OwnerScanName } from '../owners/owner-scan.ts';
import { PRIORITIES, type Priority } from '../priority.ts';
import { SOURCES, type SourceName } from '../source/source.ts';
import { oneWord, orElse, rejectUnknownOptions, text, textList, wordList } from './options.ts';

/** How a host is opened. */
export interface HostOptions {
  /**
   * Where the process file system is mounted. Default: `/proc`. With another root, such as a container's `/host/proc`,
   * /proc/net is that of its process 1, and netlink is used only if that process shares this one's network namespace.
   */
  readonly procRoot?: string | undefined;
  /** `auto` (default) takes the best one for each protocol; a source named here is used or is an error. */
  readonly source?: SourceName | 'auto' | undefined;
  /**
   * How owners are found. `auto` (default): by an iterator that was pinned for this user, else by a walk over
   * /proc/<pid>/fd. One scan, or several with the best first: these are used, or it is an error. `bpf` is used only where
   * it is named, for security tools may take a loaded program for an alarm. `none`: owners cannot be asked for.
   */
  readonly owners?: OwnerScanName | readonly OwnerScanName[] | 'auto' | 'none' | undefined;
  /** Files where a pinned iterator is looked for. Default: those that `sockscope pin` makes. */
  readonly pinnedPaths?: readonly string[] | undefined;
  /**
   * Native threads a dump uses, and an owner scan: 1 (default) is the cheapest, 2 the fastest; `auto` 2 where there are
   * cores for it, and for a walk over /proc/<pid>/fd as many as there are cores, up to 8. With 2 threads a TCP table of
   * more than 50,000 sockets is read by two dumps at once, each of about half of the ports, from the host's second `scan`
   * of it on (Linux 6.9): its rows then stand in no order.
   */
  readonly threads?: 1 | 2 | 'auto' | undefined;
  /**
   * Of the threads that scans have for themselves: `normal` (default) is that of the thread that opens the host; `low` is
   * ten nice levels below, so that on a busy host others come first, and an answer later: see `ScanRequest.deadlineMs`.
   * What runs on the event loop keeps its priority, as does a scan where setpriority(2) is refused; a seccomp filter that
   * kills for it (systemd: `SystemCallFilter=~@resources` without an error number) does.
   */
  readonly priority?: Priority | undefined;
  /**
   * The addon's file, for agents that are bundled into one: `prebuilds/linux-<arch>/sockscope.<libc>.node` of the package,
   * of the same version. A relative path starts from the working directory. It is used, or opening throws an
   * ERR_SOURCE_UNAVAILABLE; once a host is open the file may go. Default: found in the package, and not needed.
   */
  readonly addonPath?: string | undefined;
}

/** Host options with every default filled in. */
export interface HostSettings {
  readonly procRoot: string;
  readonly source: SourceName | 'auto';
  /** Owner scans that may be used, the best first; none: owners cannot be asked for. */
  readonly owners: readonly OwnerScanName[] | 'auto';
  /** Undefined: where `sockscope pin` puts them. */
  readonly pinnedPaths: readonly string[] | undefined;
  readonly threads: 1 | 2 | 'auto';
  readonly priority: Priority;
  readonly addonPath: string | undefined;
}

export const HOST_OPTIONS = [
  'procRoot',
  'source',
  'owners',
  'pinnedPaths',
  'threads',
  'priority',
  'addonPath',
] as const satisfies readonly (keyof HostOptions)[];

/** Checks host options and fills them in. Throws a TypeError that names the option; `owners` by the name its caller has for it. */
export function settleHostOptions(input: HostOptions, ownersName = 'owners'): HostSettings {
  rejectUnknownOptions(input, HOST_OPTIONS);
  return Object.freeze({
    procRoot: text('procRoot', input.procRoot) ?? '/proc',
    source: oneWord('source', orElse(input.source, 'auto'), [...SOURCES, 'auto'] as const),
    owners: settleOwners(ownersName, input.owners),
    pinnedPaths: textList('pinnedPaths', input.pinnedPaths),
    threads: oneWord('threads', orElse(input.threads, 1), [1, 2, 'auto'] as const),
    priority: oneWord('priority', orElse(input.priority, 'normal'), PRIORITIES),
    addonPath: text('addonPath', input.addonPath),
  });
}

function settleOwners(name: string, input: HostOptions['owners']): HostSettings['owners'] {
  if (Array.isArray(input)) return [...new Set(wordList(name, input, OWNER_SCANS))];
  const word = oneWord(name, orElse(input, 'auto'), [...OWNER_SCANS, 'auto', 'none'] as const);
  return word === 'auto' ? word : word === 'none' ? [] : [word];
}
