import { SockscopeError } from '../errors.ts';
import { MOUNT_PROC, type Way } from '../need.ts';
import { ALLOW_READING, allowReading, FORBIDDEN_REASON, isForbidden } from '../permission.ts';
import type { ProcRoot } from '../proc/proc-root.ts';
import type { Support } from '../support.ts';
import { codeOf, errnoOf, isExhausted } from './proc-refusal.ts';

const RAISE = 'raise the limits of this process';

/** Whether the processes under a /proc root can be listed, and are there. Costs microseconds, so it is asked anew each time. */
export function procFdSupport(proc: ProcRoot): Support {
  try {
    if (proc.showsProcesses()) return { verdict: 'yes' };
    return { verdict: 'no', reason: `${proc.path}: there is no process in it`, ...MOUNT_PROC };
  } catch (error) {
    const reason = reasonOf(proc, error);
    const errno = errnoOf(error);
    return isExhausted(error)
      ? { verdict: 'unknown', reason, errno, remedy: RAISE }
      : { verdict: 'no', reason, errno, ...wayTo(proc, error) };
  }
}

/** What a failed listing of the processes means for a scan. */
export function unreadableRoot(proc: ProcRoot, error: unknown): SockscopeError {
  const code = isExhausted(error) ? 'ERR_NO_RESOURCES' : 'ERR_SOURCE_UNAVAILABLE';
  return new SockscopeError(code, reasonOf(proc, error), {
    operation: 'find owners by procfd',
    syscall: (error as NodeJS.ErrnoException).syscall,
    errno: errnoOf(error),
    ...(isExhausted(error) ? { remedy: RAISE } : wayTo(proc, error)),
    cause: error,
  });
}

function reasonOf({ path }: ProcRoot, error: unknown): string {
  return `${path}: ${isForbidden(error) ? FORBIDDEN_REASON : codeOf(error)}`;
}

/** Beside a flag for a folder in it Node.js does not take this one for the folder itself, but for what is in it alone. */
function wayTo({ path }: ProcRoot, error: unknown): Way {
  return isForbidden(error)
    ? { remedy: `${allowReading(path, true)}, in place of those for folders in it`, needs: ALLOW_READING }
    : MOUNT_PROC;
}
