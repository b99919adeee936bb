import { SockscopeError } from '../errors.ts';
import type { Needs } from '../need.ts';
import type { Support } from '../support.ts';
import type { Source, SourceName } from './source.ts';

/** Stands in for a source that cannot work in this process at all. */
export function unusableSource(name: SourceName, reason: string, remedy?: string, needs?: Needs): Source {
  const support: Support = { verdict: 'no', reason, remedy, needs };
  return {
    name,
    probe: async () => support,
    read(dump) {
      throw new SockscopeError('ERR_SOURCE_UNAVAILABLE', reason, {
        operation: `read ${dump.protocol}`,
        remedy,
        needs,
      });
    },
  };
}
