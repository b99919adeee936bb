import { errorName, MORE_THREADS } from '../addon/dump-failure.ts';
import type { NativeOutcome } from '../addon/native-binding.ts';
import { SockscopeError, type SockscopeErrorCode } from '../errors.ts';
import type { OwnerScanName } from './owner-scan.ts';

const EPERM = 1;
const ENOMEM = 12;
const EACCES = 13;
const ENFILE = 23;
const EMFILE = 24;

const EXHAUSTED = [ENOMEM, ENFILE, EMFILE];
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
  const fail = (code: SockscopeErrorCode, reason: string, remedy?: string): SockscopeError =>
    new SockscopeError(code, reason, {
      operation: `find owners by ${scan}`,
      syscall: operation || undefined,
      errno: errno || undefined,
      remedy,
    });
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
      return fail('ERR_NO_RESOURCES', 'out of memory', 'raise the limits of this process');
    case 'no-thread':
      return fail('ERR_NO_RESOURCES', `a thread cannot be started: ${errorName(errno)}`, MORE_THREADS);
    case 'system':
      if (EXHAUSTED.includes(errno))
        return fail('ERR_NO_RESOURCES', said, 'raise the limits of this process');
      return fail('ERR_SOURCE_UNAVAILABLE', said, systemRemedy(scan, errno));
    case 'malformed':
      return fail(
        'ERR_SOURCE_UNAVAILABLE',
        operation.startsWith('prove') ? MALFORMED[scan] : `${said}: it makes no sense`,
        absenceRemedy(scan),
      );
    default:
      return fail('ERR_SOURCE_UNAVAILABLE', `not supported: ${said}`, absenceRemedy(scan));
  }
}

function systemRemedy(scan: OwnerScanName, errno: number): string | undefined {
  if (scan === 'procfd') return 'mount proc there, or name another procRoot';
  if (scan === 'bpf-pinned' && errno === EACCES) return `run as a member of its group, or: ${PIN_REMEDY}`;
  if (scan === 'bpf-pinned') return PIN_REMEDY;
  return errno === EPERM || errno === EACCES
    ? `allow bpf(2) in the sandbox, ${OTHERWISE}`
    : absenceRemedy(scan);
}

function absenceRemedy(scan: OwnerScanName): string | undefined {
  if (scan === 'bpf-pinned') return PIN_REMEDY;
  return scan === 'bpf'
    ? `use Linux 5.8 or later with BTF, in the first namespaces, ${OTHERWISE}`
    : undefined;
}
