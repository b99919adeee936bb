import { getSystemErrorName } from 'node:util';
import { SockscopeError, type SockscopeErrorCode, type SockscopeErrorDetails } from '../errors.ts';
import { MORE_MEMORY, moreMeans } from '../exhaustion.ts';
import { MORE_THREADS, type Needs, need } from '../need.ts';
import type { NativeEnd } from './native-dump.ts';

const EPERM = 1;
const EACCES = 13;
const EINVAL = 22;
const ENOSYS = 38;
const EPROTONOSUPPORT = 93;
const EOPNOTSUPP = 95;
const EAFNOSUPPORT = 97;

const FORBIDDEN = [EPERM, EACCES, EAFNOSUPPORT];
const ABSENT = [EPROTONOSUPPORT, EINVAL, EOPNOTSUPP, ENOSYS];
/** True where that is asked for, and where it is what is used already. */
const WITHOUT = 'source "procfs" does without';
const TEXT_HELPS = `try again; ${WITHOUT}`;
const FEWER_HELP = 'ask for fewer columns or sockets, or raise the limits of this process';

/**
 * What the end of a dump of `subject` (such as `tcp`) means as an error; undefined when it ended well.
 * ERR_SOURCE_UNAVAILABLE: another try would end the same way.
 */
export function failureOf(end: NativeEnd, subject: string): SockscopeError | undefined {
  const { status, operation, errno } = end;
  const fail = (code: SockscopeErrorCode, reason: string, remedy?: string, needs?: Needs): SockscopeError => {
    const details: SockscopeErrorDetails = {
      operation: `dump ${subject}`,
      syscall: operation || undefined,
      remedy,
      needs,
    };
    return new SockscopeError(code, reason, { ...details, errno: errno || undefined });
  };
  switch (status) {
    case 'ok':
      return undefined;
    case 'not-supported': {
      const remedy = `load the module ${moduleOf(subject)}; ${WITHOUT}`;
      const needs = need('kernel', moduleOf(subject));
      return fail('ERR_SOURCE_UNAVAILABLE', `the kernel has no ${subject.toUpperCase()} diag`, remedy, needs);
    }
    case 'system':
    case 'refused':
      return fail(...refusalOf(subject, errno, `${operation}: ${errorName(errno)}`));
    case 'truncated':
      return fail(
        'ERR_REPLY_DAMAGED',
        "the kernel's reply did not fit its buffer: rows are lost",
        TEXT_HELPS,
      );
    case 'malformed':
      return fail('ERR_REPLY_DAMAGED', "the kernel's reply cannot be followed", TEXT_HELPS);
    case 'too-large': {
      const remedy = 'read faster, ask for fewer columns, or raise maxBytes';
      return fail('ERR_TOO_LARGE', 'more bytes are waiting for the reader than maxBytes allows', remedy);
    }
    case 'no-memory':
      return fail('ERR_NO_RESOURCES', 'out of memory', FEWER_HELP, MORE_MEMORY.needs);
    case 'no-thread': {
      const { remedy, needs } = MORE_THREADS;
      return fail('ERR_NO_RESOURCES', `a thread cannot be started: ${errorName(errno)}`, remedy, needs);
    }
    case 'cancelled':
      return fail('ERR_CLOSED', 'the dump was ended');
    default:
      return fail('ERR_KERNEL', `the dump ended as "${status}"`, TEXT_HELPS);
  }
}

function refusalOf(
  subject: string,
  errno: number,
  said: string,
): [code: SockscopeErrorCode, reason: string, remedy?: string, needs?: Needs] {
  if (FORBIDDEN.includes(errno)) {
    return [
      'ERR_SOURCE_UNAVAILABLE',
      said,
      `allow AF_NETLINK in the sandbox; ${WITHOUT}`,
      need('seccomp', 'socket(AF_NETLINK)'),
    ];
  }
  if (ABSENT.includes(errno)) {
    return [
      'ERR_SOURCE_UNAVAILABLE',
      said,
      `this kernel has no usable NETLINK_SOCK_DIAG; ${WITHOUT}`,
      need('kernel', subject === 'unix' ? 'CONFIG_UNIX_DIAG' : 'CONFIG_INET_DIAG'),
    ];
  }
  const means = moreMeans(errno);
  if (means !== undefined) return ['ERR_NO_RESOURCES', said, FEWER_HELP, means.needs];
  return ['ERR_KERNEL', said, TEXT_HELPS];
}

function moduleOf(subject: string): string {
  return subject === 'udplite' ? 'udp_diag' : `${subject}_diag`;
}

/** `EPERM` for 1; an errno Node does not know reads `errno <n>`. */
export function errorName(errno: number): string {
  const name = errno > 0 ? getSystemErrorName(-errno) : undefined;
  return name === undefined || name.startsWith('Unknown system error') ? `errno ${errno}` : name;
}
