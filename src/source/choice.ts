import { SockscopeError } from '../errors.ts';
import type { ProtocolName } from '../socket/protocol.ts';
import type { Ability, PassedOver } from '../table/report.ts';
import type { Source, SourceName, Support } from './source.ts';

/** The source that answers for a protocol, if any does, and what was passed over on the way. */
export interface Choice {
  readonly source: Source | undefined;
  /** Sources that have not been asked: for when this one turns out to lack means. */
  readonly others: readonly Source[];
  readonly better: readonly PassedOver[];
  /** True when the kernel has no such protocol at all: then no socket of it is hidden. */
  readonly absent: boolean;
}

/** Asks the sources in order, the best first, whether they can answer for `protocol`, and takes the first that can. */
export async function chooseSource(protocol: ProtocolName, sources: readonly Source[]): Promise<Choice> {
  const better: PassedOver[] = [];
  let absent = false;
  for (const [index, source] of sources.entries()) {
    const support = await source.probe(protocol);
    if (support.verdict === 'yes') return { source, others: sources.slice(index + 1), better, absent: false };
    absent ||= support.absent === true;
    better.push(passedOver(source.name, support));
  }
  return { source: undefined, others: [], better, absent };
}

export function abilityOf(choice: Choice): Ability {
  return { source: choice.source?.name ?? 'none', better: choice.better };
}

/** The error for a protocol that was asked for by name and that no source can read. */
export function unavailable(protocol: ProtocolName, choice: Choice): SockscopeError {
  const reasons = choice.better.map(({ source, reason }) => `${source}: ${reason}`).join('; ');
  const last = choice.better.at(-1);
  return new SockscopeError('ERR_SOURCE_UNAVAILABLE', reasons, {
    operation: `read ${protocol}`,
    errno: last?.errno,
    remedy: last?.remedy ?? choice.better.find(({ remedy }) => remedy !== undefined)?.remedy,
  });
}

/** Stands in for a source that cannot work in this process at all. */
export function unusableSource(name: SourceName, reason: string, remedy?: string): Source {
  const support: Support = { verdict: 'no', reason, remedy };
  return {
    name,
    probe: async () => support,
    read(dump) {
      throw new SockscopeError('ERR_SOURCE_UNAVAILABLE', reason, {
        operation: `read ${dump.protocol}`,
        remedy,
      });
    },
  };
}

function passedOver(source: SourceName, support: Support): PassedOver {
  return {
    source,
    reason: support.reason ?? 'it could not be told whether it works',
    errno: support.errno,
    remedy: support.remedy,
  };
}
