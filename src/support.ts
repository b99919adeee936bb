import type { Needs } from './need.ts';

/** Whether something works here. `unknown`: it could not be told this time; ask again. */
export interface Support {
  readonly verdict: 'yes' | 'no' | 'unknown';
  /** Why not, in words; absent for `yes`. */
  readonly reason?: string | undefined;
  /** The kernel's error number behind the reason, where there is one. */
  readonly errno?: number | undefined;
  /** What would make it work. */
  readonly remedy?: string | undefined;
  /** The same for programs. */
  readonly needs?: Needs | undefined;
  /** True when it is certain that the kernel has no such protocol, so that no socket of it exists. */
  readonly absent?: boolean | undefined;
}
