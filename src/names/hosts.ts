import type { NativeBinding } from '../addon/native-binding.ts';
import type { HostNames } from './host-names.ts';
import { KnownHosts, MOST_AT_A_TIME } from './known-hosts.ts';
import { PlainHosts } from './plain-hosts.ts';
import { SystemHosts } from './system-hosts.ts';

export interface HostNamesOptions {
  /** The addon, where there is one: then the system's resolver is asked, on threads of its own. */
  readonly binding: Pick<NativeBinding, 'openHostLookup'> | undefined;
  /** What one call of `resolve` takes at the most; 0: nothing is asked. */
  readonly timeoutMs: number;
}

/** The names of hosts as this system knows them. */
export function openHostNames({ binding, timeoutMs }: HostNamesOptions): HostNames {
  return new KnownHosts({
    timeoutMs,
    openFinder: (found) =>
      binding === undefined ? new PlainHosts(found) : new SystemHosts(binding, MOST_AT_A_TIME, found),
  });
}
