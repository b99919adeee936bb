import { SockscopeError } from '../errors.ts';
import { MOUNT_PROC, type ProcRoot } from '../proc/proc-root.ts';
import type { Support } from '../support.ts';
import { codeOf, errnoOf, isExhausted } from './proc-refusal.ts';

/** Whether the processes under a /proc root can be listed, and are there. Costs microseconds, so it is asked anew each time. */
export function procFdSupport(proc: ProcRoot): Support {
  try {
    if (proc.showsProcesses()) return { verdict: 'yes' };
    return { verdict: 'no', reason: `${proc.path}: there is no process in it`, remedy: MOUNT_PROC };
  } catch (error) {
    const reason = `${proc.path}: ${codeOf(error)}`;
    const errno = errnoOf(error);
    return isExhausted(error)
      ? { verdict: 'unknown', reason, errno }
      : { verdict: 'no', reason, errno, remedy: MOUNT_PROC };
  }
}

/** What a failed listing of the processes means for a scan. */
export function unreadableRoot(proc: ProcRoot, error: unknown): SockscopeError {
  const code = isExhausted(error) ? 'ERR_NO_RESOURCES' : 'ERR_SOURCE_UNAVAILABLE';
  return new SockscopeError(code, `${proc.path}: ${codeOf(error)}`, {
    operation: 'find owners by procfd',
    syscall: (error as NodeJS.ErrnoException).syscall,
    errno: errnoOf(error),
    remedy: isExhausted(error) ? 'raise the limits of this process' : MOUNT_PROC,
    cause: error,
  });
}
