import { isDeepStrictEqual } from 'node:util';
import type { Needs } from '../need.ts';
import type { Ability } from '../table/report.ts';
import type { ColumnName } from '../table/schema.ts';

/** Something that is not as good as it could be, told once for all subjects that share it. */
export interface Finding {
  /** `unanswered`: nothing here can tell; `better`: a source is passed over; `limit`: the one in use does not tell it. */
  readonly kind: 'unanswered' | 'better' | 'limit';
  /** Protocols, `owners`, tables. */
  readonly subjects: readonly string[];
  /** The source that was passed over, or that does not tell; `null` of a limit that several have. */
  readonly source: string | null;
  /** Of a limit: what is not told. */
  readonly what: string | null;
  /** Of a limit: columns that have their absent value. */
  readonly columns: readonly ColumnName[];
  readonly reason: string;
  readonly remedy: string | null;
  /** Ways to get it, each by itself; of one way everything is needed. Empty where none can be named. */
  readonly needs: Needs;
}

/** Of abilities by subject; the gravest first, and in the order of the subjects. */
export function findingsOf(abilities: Readonly<Record<string, Ability>>): Finding[] {
  const found = Object.entries(abilities).flatMap(([subject, ability]) => findingsAbout(subject, ability));
  const merged: Finding[] = [];
  for (const finding of found) {
    const at = merged.findIndex((other) => isSame(finding, other));
    const other = merged[at];
    if (other === undefined) merged.push(finding);
    else
      merged[at] = {
        ...other,
        source: other.source === finding.source ? other.source : null,
        reason: shared(finding, other),
        subjects: [...other.subjects, ...finding.subjects],
      };
  }
  const rank = ({ kind }: Finding): number => ['unanswered', 'better', 'limit'].indexOf(kind);
  return merged.sort((one, other) => rank(one) - rank(other));
}

/** Subjects that nothing here can tell of, although there may be something to tell. */
export function unansweredIn(abilities: Readonly<Record<string, Ability>>): string[] {
  // Where nothing has been tried, nobody wants to know.
  const wanted = Object.entries(abilities).filter(
    ([, { source, better }]) => source !== 'none' || better.length > 0,
  );
  return wanted.flatMap(([subject, ability]) => (tellsNothing(ability) && !ability.absent ? [subject] : []));
}

function tellsNothing({ source, limits }: Ability): boolean {
  return source === 'none' || limits.some(({ isEverything }) => isEverything === true);
}

function findingsAbout(subject: string, ability: Ability): Finding[] {
  const { source, better, limits, absent } = ability;
  const kind = tellsNothing(ability) && !absent ? 'unanswered' : 'better';
  const passed = better.map(
    (one): Finding => ({ kind, subjects: [subject], what: null, columns: [], ...told(one) }),
  );
  const lacking = limits.map(
    (one): Finding => ({
      kind: one.isEverything === true ? 'unanswered' : 'limit',
      subjects: [subject],
      what: one.what,
      columns: one.columns ?? [],
      ...told({ ...one, source }),
    }),
  );
  return [...passed, ...lacking];
}

function told(one: {
  readonly source: string;
  readonly reason: string;
  readonly remedy?: string | undefined;
  readonly needs?: Needs | undefined;
}): Pick<Finding, 'source' | 'reason' | 'remedy' | 'needs'> {
  return { source: one.source, reason: one.reason, remedy: one.remedy ?? null, needs: one.needs ?? [] };
}

/** The files of a folder have each its own reason, which differs by the subject's name. */
function isSame(one: Finding, other: Finding): boolean {
  const sameSource = one.source === other.source || one.kind === 'limit';
  return sameSource && isDeepStrictEqual(tellingOf(one), tellingOf(other));
}

function tellingOf(finding: Finding): Omit<Finding, 'subjects' | 'source'> {
  const { subjects, source, ...telling } = finding;
  return { ...telling, reason: general(finding) };
}

function shared(one: Finding, other: Finding): string {
  return one.reason === other.reason ? one.reason : general(one);
}

function general({ reason, subjects }: Finding): string {
  return subjects.reduce((text, subject) => text.replace(`/${subject}:`, '/*:'), reason);
}
