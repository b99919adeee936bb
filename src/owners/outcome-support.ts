import type { NativeOutcome } from '../addon/native-binding.ts';
import { SockscopeError } from '../errors.ts';
import type { Support } from '../support.ts';
import { ownerFailure } from './owner-failure.ts';
import type { OwnerScanName } from './owner-scan.ts';

/** What the outcome of getting ready says of an owner scan: a machine short of something may answer another time. */
export function supportOf(outcome: NativeOutcome, scan: OwnerScanName): Support {
  const failure = ownerFailure(outcome, scan);
  if (failure === undefined) return { verdict: 'yes' };
  const { code, reason, errno, remedy, needs } = failure;
  return { verdict: code === 'ERR_SOURCE_UNAVAILABLE' ? 'no' : 'unknown', reason, errno, remedy, needs };
}

/** The error of a scan that was asked for where it does not work. */
export function unsupported(support: Support, scan: OwnerScanName): SockscopeError {
  const code = support.verdict === 'unknown' ? 'ERR_NO_RESOURCES' : 'ERR_SOURCE_UNAVAILABLE';
  return new SockscopeError(code, support.reason ?? 'it does not work here', {
    operation: `find owners by ${scan}`,
    errno: support.errno,
    remedy: support.remedy,
    needs: support.needs,
  });
}
