import { SOURCES, type SourceName } from '../source/source.ts';
import { oneWord, orElse, rejectUnknownOptions, text } from './options.ts';

/** How a host is opened. */
export interface HostOptions {
  /**
   * Where the process file system is mounted. Default: `/proc`. With another root, such as a container's `/host/proc`,
   * /proc/net is that of its process 1, and netlink is used only if that process shares this one's network namespace.
   */
  readonly procRoot?: string | undefined;
  /** `auto` (default) takes the best one for each protocol; a source named here is used or is an error. */
  readonly source?: SourceName | 'auto' | undefined;
  /** Native threads a scan uses: 1 (default) is the cheapest, 2 the fastest, `auto` 2 where there are cores for it. */
  readonly threads?: 1 | 2 | 'auto' | undefined;
  /** The addon's file, for agents that are bundled into one. It is used or is an error. Default: found in the package. */
  readonly addonPath?: string | undefined;
}

/** Host options with every default filled in. */
export interface HostSettings {
  readonly procRoot: string;
  readonly source: SourceName | 'auto';
  readonly threads: 1 | 2 | 'auto';
  readonly addonPath: string | undefined;
}

export const HOST_OPTIONS = [
  'procRoot',
  'source',
  'threads',
  'addonPath',
] as const satisfies readonly (keyof HostOptions)[];

/** Checks host options and fills them in. Throws a TypeError that names the option. */
export function settleHostOptions(input: HostOptions): HostSettings {
  rejectUnknownOptions(input, HOST_OPTIONS);
  return Object.freeze({
    procRoot: text('procRoot', input.procRoot) ?? '/proc',
    source: oneWord('source', orElse(input.source, 'auto'), [...SOURCES, 'auto'] as const),
    threads: oneWord('threads', orElse(input.threads, 1), [1, 2, 'auto'] as const),
    addonPath: text('addonPath', input.addonPath),
  });
}
