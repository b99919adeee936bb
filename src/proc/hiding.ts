import { readFileSync, realpathSync } from 'node:fs';
import { mayExist } from '../permission.ts';
import { effectiveCapabilities } from './capabilities.ts';
import { ownNamespace } from './namespaces.ts';
import { procMount } from './proc-mount.ts';

/** What keeps processes out of sight. */
export interface Hiding {
  /** The mount option; undefined where the mount is not told. */
  readonly hidepid: string | undefined;
  /** The number of the group that sees everything all the same; undefined where there is none but root's. */
  readonly group: string | undefined;
}

/** Of `hidepid`: nobody is hidden. With `1` processes are there, and closed. */
const HIDES_NOBODY: readonly (string | undefined)[] = [undefined, '1', 'noaccess'];
/** Of `hidepid`: the mount's group is none who is hidden from. */
const SPARES_GROUP: readonly string[] = ['2', 'invisible'];
const ROOTS_GROUP = '0';

/**
 * What keeps processes of the process file system at `path` from this one; undefined where nothing does. Against its mount
 * option hidepid CAP_SYS_PTRACE helps, or the mount's group. Where the mount cannot be found there is something unless
 * process 1 is shown, which every one of them has. As native/core/owners/proc_hiding.h.
 */
export function hidingAt(path: string): Hiding | undefined {
  const showsFirst = mayExist(`${path}/1`);
  // A capability of another user namespace is none here: then process 1 is not shown.
  if (showsFirst && effectiveCapabilities()?.includes('CAP_SYS_PTRACE')) return undefined;
  const mount = mountAt(path);
  if (mount === undefined) return showsFirst ? undefined : { hidepid: undefined, group: undefined };
  const { hidepid, group } = mount;
  if (hidepid === undefined || HIDES_NOBODY.includes(hidepid)) return undefined;
  if (!SPARES_GROUP.includes(hidepid)) return { hidepid, group: undefined };
  return showsFirst && isMember(group ?? ROOTS_GROUP) ? undefined : { hidepid, group };
}

function mountAt(path: string): ReturnType<typeof procMount> {
  try {
    return procMount(readFileSync('/proc/self/mountinfo', 'latin1'), realpathSync(path));
  } catch {
    return undefined;
  }
}

/** Groups of another user namespace have numbers of their own. */
function isMember(group: string): boolean {
  if (ownNamespace('user').rank !== 'first') return false;
  return [process.getegid?.(), ...(process.getgroups?.() ?? [])].includes(Number(group));
}
