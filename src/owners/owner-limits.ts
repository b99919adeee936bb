import { allOf, type Needs, need } from '../need.ts';
import { isThere } from '../permission.ts';
import { effectiveCapabilities } from '../proc/capabilities.ts';
import { ownNamespace } from '../proc/namespaces.ts';
import type { ProcRoot } from '../proc/proc-root.ts';
import type { Limit } from '../table/report.ts';

const PIN = 'sockscope pin --group GROUP';
const READS_ALL = ['CAP_DAC_OVERRIDE', 'CAP_DAC_READ_SEARCH'];

const NO_PROCESSES: Limit = {
  what: 'every owner',
  isEverything: true,
  reason: 'there are no processes in /proc',
  remedy: 'mount proc',
  needs: need('mount', 'proc'),
};

/** Whose sockets the walk over /proc/<pid>/fd does not find here. */
export function procFdLimits(proc: ProcRoot): readonly Limit[] {
  if (proc.isOwn && !isThere(`${proc.path}/self`)) return [NO_PROCESSES];
  const effective = effectiveCapabilities();
  const limits = [
    otherUsers(effective, proc),
    otherUserNamespaces(effective),
    hiddenProcesses(proc),
    otherPidNamespaces(proc),
  ];
  return limits.filter((limit) => limit !== undefined);
}

/**
 * Whose sockets a BPF iterator does not find here: it sees every process that has a number in this pid namespace, and names
 * those that /proc shows.
 */
export function bpfLimits(proc: ProcRoot): readonly Limit[] {
  return [hiddenProcesses(proc), otherPidNamespaces(proc)].filter((limit) => limit !== undefined);
}

/**
 * The directory of another user's descriptors takes one capability, reading where its links lead another one (as does a
 * process that has more capabilities than this one). A process of the own user takes none. An iterator, which numbers
 * processes as the own /proc does, is no way with another.
 */
function otherUsers(effective: readonly string[] | undefined, { isOwn }: ProcRoot): Limit | undefined {
  if (effective === undefined) return undefined;
  const opens = effective.some((name) => READS_ALL.includes(name));
  const reads = effective.includes('CAP_SYS_PTRACE');
  if (opens && reads) return undefined;
  const lacking = [...(reads ? [] : ['CAP_SYS_PTRACE']), ...(opens ? [] : ['CAP_DAC_READ_SEARCH'])];
  const verb = lacking.length === 1 ? 'is' : 'are';
  return {
    what: opens
      ? 'owners among processes of other users, and of those with more capabilities than this one'
      : 'owners among processes of other users',
    reason: `${lacking.join(' and ')} ${verb} not in effect`,
    remedy: `run as root, or with ${lacking.join(' and ')}${isOwn ? `; or have root pin an iterator: ${PIN}` : ''}`,
    needs: [allOf('capability', ...lacking), ...(isOwn ? need('command', PIN) : [])],
  };
}

function otherUserNamespaces(effective: readonly string[] | undefined): Limit | undefined {
  if (effective?.length === 0 || ownNamespace('user').rank !== 'other') return undefined;
  return {
    what: 'owners among processes of other user namespaces',
    reason: "this process's capabilities count in its own user namespace alone",
    remedy: 'run in the user namespace of the host',
    needs: need('namespace', 'user'),
  };
}

function hiddenProcesses(proc: ProcRoot): Limit | undefined {
  const hiding = proc.hiding();
  if (hiding?.hidepid === undefined) return undefined;
  const ways: Needs[number][] = [allOf('capability', 'CAP_SYS_PTRACE')];
  if (hiding.group !== undefined) ways.unshift(allOf('group', hiding.group));
  const member = hiding.group === undefined ? '' : `be a member of group ${hiding.group}, `;
  return {
    what: 'owners among processes that are not shown',
    reason: `${proc.path} is mounted with hidepid=${hiding.hidepid}`,
    remedy: `${member}run with CAP_SYS_PTRACE, or mount proc with hidepid=0`,
    needs: [...ways, ...need('mount', 'hidepid=0')],
  };
}

function otherPidNamespaces(proc: ProcRoot): Limit | undefined {
  if (!proc.isOwn || ownNamespace('pid').rank !== 'other') return undefined;
  return {
    what: 'owners among processes outside of this pid namespace',
    reason: 'they have no number here',
    remedy: "run in the pid namespace of the host, or name the host's process file system: procRoot",
    needs: [...need('namespace', 'pid'), ...need('mount', "the host's proc")],
  };
}
