import { opendirSync } from 'node:fs';
import { SockscopeError } from '../errors.ts';
import { KEPT_BY_NODE, LET_NODE_READ, need } from '../need.ts';
import type { ProcRoot } from '../proc/proc-root.ts';
import type { Support } from '../support.ts';
import { codeOf, errnoOf, isExhausted } from './proc-refusal.ts';

const REMEDY = 'mount proc there, or name another procRoot';
const NEEDS = need('mount', 'proc');
const RAISE = 'raise the limits of this process';

/** Whether the processes under a /proc root can be listed. Costs microseconds, so it is asked anew each time. */
export function procFdSupport(proc: ProcRoot): Support {
  try {
    opendirSync(proc.path).closeSync();
    return { verdict: 'yes' };
  } catch (error) {
    const reason = `${proc.path}: ${codeOf(error)}`;
    const errno = errnoOf(error);
    if (codeOf(error) === KEPT_BY_NODE) return { verdict: 'no', reason, ...LET_NODE_READ };
    return isExhausted(error)
      ? { verdict: 'unknown', reason, errno, remedy: RAISE }
      : { verdict: 'no', reason, errno, remedy: REMEDY, needs: NEEDS };
  }
}

/** What a failed listing of the processes means for a scan. */
export function unreadableRoot(proc: ProcRoot, error: unknown): SockscopeError {
  const code = isExhausted(error) ? 'ERR_NO_RESOURCES' : 'ERR_SOURCE_UNAVAILABLE';
  return new SockscopeError(code, `${proc.path}: ${codeOf(error)}`, {
    operation: 'find owners by procfd',
    syscall: (error as NodeJS.ErrnoException).syscall,
    errno: errnoOf(error),
    remedy: isExhausted(error) ? RAISE : REMEDY,
    needs: isExhausted(error) ? undefined : NEEDS,
    cause: error,
  });
}
