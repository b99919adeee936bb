/** A process that holds sockets. `pid` and `startTime` together are its identity: a pid alone is used again. */
export interface Process {
  /** Process (thread group) id, as this process's /proc numbers it. */
  readonly pid: number;
  /** Clock ticks (1/100 s) from boot to its start, modulo 2^32. Kernel: field 22 of /proc/<pid>/stat. */
  readonly startTime: number;
  /**
   * netstat's name for it, as bytes: the first word of the first 511 bytes of its command line, a leading path cut off.
   * Empty when the command line is (kernel threads, zombies).
   */
  readonly programBytes: Uint8Array;
  /** `programBytes` as text: bytes that are not UTF-8 read U+FFFD. */
  readonly program: string;
  /** The kernel's name of its first thread, at most 15 bytes. Undefined when not asked, or not to be read. Kernel: /proc/<pid>/comm. */
  readonly comm?: string | undefined;
  /**
   * Its arguments, or the title it has given itself: of a very long one the first 64 KiB. Empty when it has none or it may
   * not be read; undefined when not asked. Kernel: /proc/<pid>/cmdline.
   */
  readonly commandLine?: readonly string[] | undefined;
  /** Effective user. Undefined when not asked, or not to be read. Kernel: owner of /proc/<pid>, Uid of /proc/<pid>/status. */
  readonly uid?: number | undefined;
  /** Path of its cgroup (version 2, else the first one listed). Undefined when not asked, or not to be read. Kernel: /proc/<pid>/cgroup. */
  readonly cgroup?: string | undefined;
  /**
   * Its security context under SELinux, such as `system_u:system_r:sshd_t:s0`; the label that another security module
   * gives it. Undefined when not asked, not to be read, or where there is none. Kernel: /proc/<pid>/attr/current.
   */
  readonly context?: string | undefined;
}

/** What may be asked of a process, beside `program`, which always is. */
export type ProcessField = 'comm' | 'commandLine' | 'uid' | 'cgroup' | 'context';

export const PROCESS_FIELDS: readonly ProcessField[] = ['comm', 'commandLine', 'uid', 'cgroup', 'context'];

/** Those that are read where nothing is said. */
export const USUAL_PROCESS_FIELDS: readonly ProcessField[] = PROCESS_FIELDS.filter(
  (field) => field !== 'context',
);
