import type { Counter, CounterGroup } from './statistics.ts';

/** What has become of a counter between two readings. */
export type CounterChange = { readonly name: string } & (
  | { readonly kind: 'counted' /** Greater than 0. */; readonly difference: bigint }
  /** A number that is no count, such as the open connections, is another one now. */
  | { readonly kind: 'level'; readonly before: bigint; readonly after: bigint }
  /**
   * It went past its greatest value, or began anew, alone or with its whole group: it is less than it was, or another one of
   * the group is. How much was counted cannot be told.
   */
  | { readonly kind: 'restarted'; readonly before: bigint; readonly after: bigint }
  /** The kernel has it no longer. */
  | { readonly kind: 'gone'; readonly before: bigint }
);

/** What has moved in a group of counters. */
export interface GroupChange {
  readonly name: string;
  /** Whether the group was there at both readings. A new one began with zeros. */
  readonly kind: 'stayed' | 'new' | 'gone';
  /** In the order of the later reading, then those that have gone. */
  readonly changes: readonly CounterChange[];
}

/** Numbers of the kernel that are no counts, by group and name. */
const LEVELS: ReadonlySet<string> = new Set([
  'Ip Forwarding',
  'Ip DefaultTTL',
  'Tcp RtoAlgorithm',
  'Tcp RtoMin',
  'Tcp RtoMax',
  'Tcp MaxConn',
  'Tcp CurrEstab',
  'Sctp SctpCurrEstab',
  'MPTcpExt MPCurrEstab',
]);

/**
 * What has moved from one reading to a later one: groups in the order of the later one, then those that have gone. A counter
 * that was not there before began with 0, for the kernel prints some of them when they have first been counted.
 */
export function changesBetween(
  before: readonly CounterGroup[],
  after: readonly CounterGroup[],
): GroupChange[] {
  const former = new Map(before.map((group) => [group.name, group]));
  const later = new Set(after.map(({ name }) => name));
  const present = after.map((group) => changeOfGroup(former.get(group.name), group));
  const moved = present.filter(({ kind, changes }) => kind === 'new' || changes.length > 0);
  const gone = before
    .filter(({ name }) => !later.has(name))
    .map(({ name }): GroupChange => ({ name, kind: 'gone', changes: [] }));
  return [...moved, ...gone];
}

function changeOfGroup(before: CounterGroup | undefined, { name, counters }: CounterGroup): GroupChange {
  const former = valuesOf(before?.counters ?? []);
  const changes: CounterChange[] = [];
  for (const { name: counter, value } of counters) {
    const change = changeOf(former.get(counter) ?? 0n, value, LEVELS.has(`${name} ${counter}`));
    former.delete(counter);
    if (change !== undefined) changes.push({ name: counter, ...change });
  }
  for (const [counter, value] of former) changes.push({ name: counter, kind: 'gone', before: value });
  if (before === undefined) return { name, kind: 'new', changes };
  return {
    name,
    kind: 'stayed',
    changes: changes.some(cannotBeWrap) ? changes.map(begunAnew(before)) : changes,
  };
}

/** Some counters have 32 bits, and go past the greatest value from its upper half; of the others nobody has seen it. */
const UPPER_HALF = 2n ** 31n;

/** As where an interface was made again under its name. */
function cannotBeWrap(change: CounterChange): boolean {
  return change.kind === 'restarted' && change.before < UPPER_HALF;
}

/** Of a group that began anew no counter's difference means anything, even where it is more than it was. */
function begunAnew({ counters }: CounterGroup): (change: CounterChange) => CounterChange {
  const former = valuesOf(counters);
  return (change) => {
    if (change.kind !== 'counted') return change;
    const before = former.get(change.name) ?? 0n;
    return { name: change.name, kind: 'restarted', before, after: before + change.difference };
  };
}

type Unnamed<Change> = Change extends CounterChange ? Omit<Change, 'name'> : never;

function changeOf(before: bigint, after: bigint, isLevel: boolean): Unnamed<CounterChange> | undefined {
  if (before === after) return undefined;
  if (isLevel) return { kind: 'level', before, after };
  if (after < before) return { kind: 'restarted', before, after };
  return { kind: 'counted', difference: after - before };
}

function valuesOf(counters: readonly Counter[]): Map<string, bigint> {
  return new Map(counters.map(({ name, value }) => [name, value]));
}
