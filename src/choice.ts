import { SockscopeError } from './errors.ts';
import type { Support } from './support.ts';
import type { Ability, Limit, PassedOver, SourceUsed } from './table/report.ts';

/** A way to answer, by its name. */
export interface Candidate {
  readonly name: string;
}

/** The candidate that answers here, if any does, and what was passed over on the way. */
export interface Choice<C extends Candidate> {
  readonly chosen: C | undefined;
  /** Candidates that have not been asked: for when this one turns out to lack means. */
  readonly others: readonly C[];
  readonly better: readonly PassedOver[];
  /** True when it is certain that there is nothing to answer for. */
  readonly absent: boolean;
}

/** Asks the candidates in order, the best first, whether they can answer, and takes the first that can. */
export async function choose<C extends Candidate>(
  candidates: readonly C[],
  probe: (candidate: C) => Promise<Support>,
): Promise<Choice<C>> {
  const better: PassedOver[] = [];
  let absent = false;
  for (const [index, candidate] of candidates.entries()) {
    const support = await probe(candidate);
    if (support.verdict === 'yes') {
      return { chosen: candidate, others: candidates.slice(index + 1), better, absent: false };
    }
    absent ||= support.absent === true;
    better.push(passedOver(candidate.name, support));
  }
  return { chosen: undefined, others: [], better, absent };
}

export function usedOf(choice: Choice<Candidate>): SourceUsed {
  return { source: choice.chosen?.name ?? 'none', better: choice.better };
}

export function abilityOf(
  choice: Choice<Candidate>,
  limits: readonly Limit[],
  largeBy?: string | undefined,
): Ability {
  const ability = { ...usedOf(choice), limits, absent: choice.absent };
  return largeBy === undefined ? ability : { ...ability, largeBy };
}

/**
 * The next candidate, where the chosen one was there when it was asked and has then failed with `error`, which says why.
 * Undefined where there is none: then the caller has named the one, or it was the last.
 */
export function nextAfter<C extends Candidate>(
  choice: Choice<C>,
  error: SockscopeError,
): Choice<C> | undefined {
  const [next, ...others] = choice.others;
  if (next === undefined || choice.chosen === undefined) return undefined;
  const { reason, errno, remedy, needs } = error;
  const better = [...choice.better, { source: choice.chosen.name, reason, errno, remedy, needs }];
  return { chosen: next, others, better, absent: false };
}

/** The error for what was asked for by name and nothing can answer; `operation` as in `read tcp`. */
export function unavailable(operation: string, choice: Choice<Candidate>): SockscopeError {
  const reasons = choice.better.map(({ source, reason }) => `${source}: ${reason}`).join('; ');
  const last = choice.better.at(-1);
  const way = last?.remedy === undefined ? choice.better.find(({ remedy }) => remedy !== undefined) : last;
  return new SockscopeError('ERR_SOURCE_UNAVAILABLE', reasons, {
    operation,
    errno: last?.errno,
    remedy: way?.remedy,
    needs: way?.needs,
  });
}

function passedOver(source: string, support: Support): PassedOver {
  return {
    source,
    reason: support.reason ?? 'it could not be told whether it works',
    errno: support.errno,
    remedy: support.remedy,
    needs: support.needs,
  };
}
