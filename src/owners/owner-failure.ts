import { errorName } from '../addon/dump-failure.ts';
import type { NativeOutcome } from '../addon/native-binding.ts';
import { SockscopeError, type SockscopeErrorCode } from '../errors.ts';
import { MORE_MEMORY, moreMeans } from '../exhaustion.ts';
import { allOf, MORE_THREADS, MOUNT_PROC, type Needs, need } from '../need.ts';
import { ownNamespace } from '../proc/namespaces.ts';
import type { OwnerScanName } from './owner-scan.ts';

const EPERM = 1;
const ENOENT = 2;
const EACCES = 13;

const OTHERWISE = 'or ask for owners by "procfd"';

/** What makes a pinned iterator one that can be read. */
export const PIN_REMEDY = 'sockscope pin --group GROUP';

const MALFORMED: Record<OwnerScanName, string> = {
  bpf: 'the iterator tells of this process what is not so: a pid namespace may be in between',
  'bpf-pinned': 'the pinned iterator does not know this process: it may be of another pid namespace',
  procfd: 'what /proc says cannot be followed',
};

/**
 * What the outcome of an owner scan, or of what it needs, means as an error; undefined when it went well.
 * ERR_SOURCE_UNAVAILABLE: another try would end the same way.
 */
export function ownerFailure(outcome: NativeOutcome, scan: OwnerScanName): SockscopeError | undefined {
  const { status, operation, errno } = outcome;
  const said = errno === 0 ? operation : `${operation}: ${errorName(errno)}`;
  const fail = (code: SockscopeErrorCode, reason: string, remedy?: string, needs?: Needs): SockscopeError =>
    new SockscopeError(code, reason, {
      operation: `find owners by ${scan}`,
      syscall: operation || undefined,
      errno: errno || undefined,
      remedy,
      needs,
    });
  const means = moreMeans(errno);
  switch (status) {
    case 'ok':
      return undefined;
    case 'cancelled':
      return fail('ERR_CLOSED', 'the search was ended');
    case 'too-large': {
      const remedy = 'ask for fewer sockets, or raise maxBytes';
      return fail('ERR_TOO_LARGE', 'the holders of sockets take more bytes than maxBytes allows', remedy);
    }
    case 'no-memory':
      return fail('ERR_NO_RESOURCES', 'out of memory', MORE_MEMORY.remedy, MORE_MEMORY.needs);
    case 'no-thread': {
      const { remedy, needs } = MORE_THREADS;
      return fail('ERR_NO_RESOURCES', `a thread cannot be started: ${errorName(errno)}`, remedy, needs);
    }
    case 'system':
      if (means !== undefined) return fail('ERR_NO_RESOURCES', said, means.remedy, means.needs);
      return fail('ERR_SOURCE_UNAVAILABLE', said, ...systemWays(scan, outcome));
    case 'malformed':
      return fail(
        'ERR_SOURCE_UNAVAILABLE',
        operation.startsWith('prove') ? MALFORMED[scan] : `${said}: it makes no sense`,
        absenceRemedy(scan),
        absenceNeeds(scan),
      );
    default:
      return fail(
        'ERR_SOURCE_UNAVAILABLE',
        `not supported: ${said}`,
        absenceRemedy(scan),
        absenceNeeds(scan),
      );
  }
}

type Ways = readonly [remedy: string | undefined, needs: Needs | undefined];

function systemWays(scan: OwnerScanName, { operation, errno }: NativeOutcome): Ways {
  const isForbidden = errno === EPERM || errno === EACCES;
  if (scan === 'procfd') return [MOUNT_PROC.remedy, MOUNT_PROC.needs];
  if (scan === 'bpf-pinned' && errno === EACCES) {
    return [`run as a member of its group, or: ${PIN_REMEDY}`, need('command', PIN_REMEDY)];
  }
  if (scan === 'bpf' && errno === ENOENT && operation.includes('/proc/')) {
    return [`mount proc, ${OTHERWISE}`, need('mount', 'proc')];
  }
  if (operation === 'socket')
    return ['allow AF_INET or AF_UNIX in the sandbox', need('seccomp', 'socket(2)')];
  if (scan !== 'bpf' || !isForbidden) return [absenceRemedy(scan), absenceNeeds(scan)];
  // There the kernel looks at capabilities over the host, which nobody has.
  return ownNamespace('user').rank === 'other'
    ? [`run in the user namespace of the host, ${OTHERWISE}`, need('namespace', 'user')]
    : [`allow bpf(2) in the sandbox, ${OTHERWISE}`, need('seccomp', 'bpf(2)')];
}

function absenceRemedy(scan: OwnerScanName): string | undefined {
  if (scan === 'bpf-pinned') return PIN_REMEDY;
  return scan === 'bpf'
    ? `use Linux 5.8 or later with BTF, in the first namespaces, ${OTHERWISE}`
    : undefined;
}

function absenceNeeds(scan: OwnerScanName): Needs {
  if (scan === 'bpf-pinned') return need('command', PIN_REMEDY);
  if (scan === 'procfd') return need('mount', 'proc');
  const kernel = allOf('kernel', 'Linux 5.8', 'CONFIG_DEBUG_INFO_BTF');
  return [[...kernel, ...allOf('namespace', 'pid', 'user')]];
}
