import { SockscopeError } from '../errors.ts';
import type { Support } from '../support.ts';
import type { OwnerScan, OwnerScanName } from './owner-scan.ts';

/** Stands in for an owner scan that cannot work in this process at all. */
export function unusableOwnerScan(
  name: OwnerScanName,
  why: Pick<Support, 'reason' | 'remedy' | 'needs'> & { readonly reason: string },
): OwnerScan {
  return {
    name,
    probe: async () => ({ verdict: 'no', ...why }),
    async scan() {
      throw new SockscopeError('ERR_SOURCE_UNAVAILABLE', why.reason, {
        operation: 'find owners',
        remedy: why.remedy,
        needs: why.needs,
      });
    },
  };
}
