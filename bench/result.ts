import type { Commit } from './commit.ts';
import type { Options } from './contract.ts';
import type { Machine } from './machine.ts';

/** Of the JSON; another number is another meaning. */
export const RESULT_SCHEMA = 1;

/** What a result file holds: scenarios, and the runs of the bench that they come from. */
export interface Result {
  readonly schema: typeof RESULT_SCHEMA;
  readonly runs: readonly Run[];
  readonly scenarios: readonly ScenarioResult[];
}

/** When, where and of what figures were taken. */
export interface Run {
  readonly commit: Commit;
  /** ISO 8601, UTC. */
  readonly begun: string;
  readonly machine: Machine;
  readonly options: Options;
  /** Of the last 1, 5 and 15 minutes, before the start. */
  readonly loadAverage: readonly number[];
  /** What may have spoiled the figures, in words. */
  readonly disturbances: readonly string[];
}

/** A scenario at one number of sockets. */
export interface ScenarioResult {
  /** Index of `runs`. */
  readonly run: number;
  readonly name: string;
  readonly title: string;
  readonly sockets: number;
  /** Rounds: timings of each subject that is not slow. */
  readonly rounds: number;
  /** Rows that every subject has listed. */
  readonly rows: number;
  /** What the loads said of themselves. */
  readonly loads: readonly string[];
  readonly subjects: readonly SubjectResult[];
  /** What is shown besides the whole process. */
  readonly inside: readonly FigureName[];
  readonly goals: readonly GoalResult[];
  readonly disturbances: readonly string[];
}

export interface SubjectResult {
  readonly name: string;
  readonly yardstick: boolean;
  /** Whether it was to run once only. */
  readonly slow: boolean;
  /** Whether its rows were not compared, for that takes too long. */
  readonly unseen: boolean;
  /** Why it was not run; `figures` is empty then. */
  readonly absent: string | null;
  /** Every figure, in the order of the rounds: ms, MB and what the figure's name says. */
  readonly figures: Readonly<Record<string, readonly number[]>>;
}

/** A figure of a subject, by their names. */
export interface FigureName {
  readonly subject: string;
  readonly figure: string;
}

export interface GoalResult {
  readonly what: string;
  readonly headline: boolean;
  readonly of: FigureName;
  readonly to: FigureName | null;
  readonly atMost: number | null;
  readonly atLeast: number | null;
  /** Ratio of the medians (of the least, where the goal says so), or the median itself; null where a subject is absent. */
  readonly reached: number | null;
  /** Least and greatest within a round, where both subjects ran in every round: runs of a round share their weather. */
  readonly within: readonly [number, number] | null;
  /** What no program of the kind can be below, or what is seen where there is nothing to see. */
  readonly floor: number | null;
  readonly verdict: 'met' | 'missed' | 'not judged';
  /** Why it was not judged. */
  readonly because: string | null;
}

/** The subject of that name. Throws when there is none. */
export function subjectNamed({ name, subjects }: ScenarioResult, wanted: string): SubjectResult {
  const found = subjects.find((subject) => subject.name === wanted);
  if (found === undefined) throw new Error(`${name} has no subject "${wanted}"`);
  return found;
}

/** Whether anything may have spoiled figures of that run, or of its scenarios. */
export function isDisturbed({ runs, scenarios }: Result, run: number): boolean {
  const meanwhile = scenarios.filter((one) => one.run === run).flatMap((one) => one.disturbances);
  return meanwhile.length + runs[run]!.disturbances.length > 0;
}

/** A result whose scenarios take the place of those of the same name and number of sockets; the others stay. */
export function merged(earlier: Result, later: Result): Result {
  const isReplaced = (one: ScenarioResult): boolean =>
    later.scenarios.some(({ name, sockets }) => name === one.name && sockets === one.sockets);
  const kept = earlier.scenarios.filter((one) => !isReplaced(one));
  const moved = later.scenarios.map((one) => ({ ...one, run: one.run + earlier.runs.length }));
  return withoutUnusedRuns([...earlier.runs, ...later.runs], [...kept, ...moved]);
}

/** The scenarios of those names, in their order, by rising number of sockets. */
export function knownOf({ runs, scenarios }: Result, names: readonly string[]): Result {
  const known = scenarios.filter(({ name }) => names.includes(name));
  const place = ({ name }: ScenarioResult): number => names.indexOf(name);
  known.sort((one, other) => place(one) - place(other) || one.sockets - other.sockets);
  return withoutUnusedRuns(runs, known);
}

function withoutUnusedRuns(all: readonly Run[], scenarios: readonly ScenarioResult[]): Result {
  const used = [...new Set(scenarios.map(({ run }) => run))].sort((a, b) => a - b);
  return {
    schema: RESULT_SCHEMA,
    runs: used.map((run) => all[run]!),
    scenarios: scenarios.map((one) => ({ ...one, run: used.indexOf(one.run) })),
  };
}
