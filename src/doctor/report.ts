import type { Ability } from '../table/report.ts';
import { type Finding, findingsOf, unansweredIn } from './findings.ts';
import type { HostFacts } from './host-facts.ts';
import { type Setting, settingsFor } from './settings.ts';

/** What `sockscope doctor` tells. */
export interface DoctorReport {
  /** Whether every question has an answer here. */
  readonly answersAll: boolean;
  /** Protocols, `owners` and tables that nothing here can tell of. */
  readonly unanswered: readonly string[];
  /** Why nothing at all can be told, such as on another system than Linux; `null`: something can. */
  readonly failure: string | null;
  /** As `host.abilities`, and as `host.tableAbilities()`; empty where there was a failure. */
  readonly abilities: Readonly<Record<string, Ability>>;
  readonly tables: Readonly<Record<string, Ability>>;
  /** What is not as good as it could be, each once, the gravest first. */
  readonly findings: readonly Finding[];
  /** How each of the needs of the findings is met. */
  readonly settings: readonly Setting[];
  readonly facts: HostFacts;
}

export function reportOf(
  abilities: DoctorReport['abilities'],
  tables: DoctorReport['tables'],
  facts: HostFacts,
): DoctorReport {
  const all = { ...abilities, ...tables };
  const findings = findingsOf(all);
  const unanswered = unansweredIn(all);
  const settings = settingsFor(
    findings.flatMap(({ needs }) => needs.flat()),
    facts.proc.path,
  );
  const answersAll = unanswered.length === 0;
  return { answersAll, unanswered, failure: null, abilities, tables, findings, settings, facts };
}

/** Where no host could be opened. */
export function failureReport(failure: string, facts: HostFacts): DoctorReport {
  return { ...reportOf({}, {}, facts), answersAll: false, failure };
}
