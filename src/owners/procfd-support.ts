import { SockscopeError } from '../errors.ts';
import { isExhausted, moreMeans } from '../exhaustion.ts';
import { MOUNT_PROC, type Way } from '../need.ts';
import { allowReading, FORBIDDEN_REASON, isForbidden } from '../permission.ts';
import type { ProcRoot } from '../proc/proc-root.ts';
import type { Support } from '../support.ts';
import { codeOf, errnoOf } from './proc-refusal.ts';

/** Whether the processes under a /proc root can be listed, and are there. Costs microseconds, so it is asked anew each time. */
export function procFdSupport(proc: ProcRoot): Support {
  try {
    if (proc.showsProcesses()) return { verdict: 'yes' };
    return { verdict: 'no', reason: `${proc.path}: there is no process in it`, ...MOUNT_PROC };
  } catch (error) {
    const reason = reasonOf(proc, error);
    const errno = errnoOf(error);
    return isExhausted(error)
      ? { verdict: 'unknown', reason, errno, ...moreMeans(error) }
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
    ...(moreMeans(error) ?? wayTo(proc, error)),
    cause: error,
  });
}

function reasonOf({ path }: ProcRoot, error: unknown): string {
  return `${path}: ${isForbidden(error) ? FORBIDDEN_REASON : codeOf(error)}`;
}

/** Beside a flag for a folder in it Node.js does not take this one for the folder itself, but for what is in it alone. */
function wayTo({ path }: ProcRoot, error: unknown): Way {
  if (!isForbidden(error)) return MOUNT_PROC;
  const { remedy, needs } = allowReading(path, true);
  return { remedy: `${remedy}, in place of those for folders in it`, needs };
}
