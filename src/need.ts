/** One thing that has to be there. */
export interface Need {
  /**
   * `capability`: in effect, of this process; `group`: that this process is a member of; `mount`: a file system, or an
   * option of its mount; `sysctl`; `kernel`: a module, an option of its configuration, or a version; `seccomp`: a call
   * that a filter has to allow; `namespace`: `pid`, `user`, `network`: to run in the host's; `limit`: to be raised;
   * `package`: a file of this package; `host-option`, `scan-option`: of `openHost`, of a request; `node-flag`: what Node.js is
   * started with; `command`: to be run once.
   */
  readonly kind:
    | 'capability'
    | 'group'
    | 'mount'
    | 'sysctl'
    | 'kernel'
    | 'seccomp'
    | 'namespace'
    | 'limit'
    | 'package'
    | 'host-option'
    | 'scan-option'
    | 'node-flag'
    | 'command';
  /** Such as `CAP_SYS_PTRACE`, `raw_diag`, `RLIMIT_NOFILE`. */
  readonly name: string;
}

/** Ways to get something, each by itself, the least demanding first. Of one way everything is needed. */
export type Needs = readonly (readonly Need[])[];

/** Of one kind, all of them. */
export function allOf(kind: Need['kind'], ...names: readonly string[]): readonly Need[] {
  return names.map((name) => ({ kind, name }));
}

/** The one thing that is needed. */
export function need(kind: Need['kind'], name: string): Needs {
  return [allOf(kind, name)];
}

/** How to get something. */
export interface Way {
  /** In words. */
  readonly remedy: string;
  /** The same for programs. */
  readonly needs: Needs;
}

/** What helps where the processes are not there. */
export const MOUNT_PROC: Way = {
  remedy: 'mount proc there, or name another procRoot',
  needs: need('mount', 'proc'),
};

/** What helps where the network tables are not there: an option of the mount leaves them out. */
export const MOUNT_TABLES: Way = {
  remedy: 'mount proc, and not with subset=pid; or name another procRoot',
  needs: need('mount', 'proc'),
};

/** What lets threads be started. */
export const MORE_THREADS: Way = {
  remedy: 'raise the limit of processes (ulimit -u, pids.max)',
  needs: [allOf('limit', 'RLIMIT_NPROC', 'pids.max')],
};
