/** One command line, and what of it matters to the comparison. */
export interface Combination {
  readonly words: readonly string[];
  /** Names the raw table itself: where it cannot be read, the listing ends there. */
  readonly namesRaw: boolean;
}

const TABLES = [
  '',
  '-t',
  '-u',
  '-U',
  '-w',
  '-x',
  '-S',
  '-tu',
  '-tuwU',
  '-tuwUx',
  '-tSu',
  '-4',
  '-6',
  '-46',
  '-4t',
  '-6t',
  '-4uU',
  '-6uU',
  '-6w',
  '-4x',
  '-x6',
  '-6S',
  '--inet --tcp',
  '--ip --inet6',
  '-A inet,unix',
  '--unix --udp',
] as const;

/** What stands beside the choice of tables; '' leaves it out. */
const BESIDE = [
  ['', '-a', '-l', '-al'],
  ['-n', '', '--numeric-hosts', '--numeric-ports', '--numeric-users', '--numeric-hosts --numeric-users'],
  ['', '-W'],
  ['', '-e', '-ee'],
  ['', '-o'],
  ['', '-v', 'operand'],
] as const;

/** Command lines that people type, whatever the rest comes to. */
const USUAL = ['', '-a -n', '-t -a -n', '-l -n -t', '-tuwUx -a -n -e -o -W'];

/**
 * Command lines by their choice of tables, such that every `strength` options meet in some line (a covering array; the
 * whole product has 22,464 lines).
 */
export function combinations(strength: 2 | 3): Map<string, Combination[]> {
  const all = product([TABLES, ...BESIDE]);
  const groups = new Map<string, Combination[]>(TABLES.map((tables) => [tables, []]));
  for (const parts of [...USUAL.map((line) => line.split(' ')), ...covering(all, strength)]) {
    const tables = parts[0]!;
    const words = parts.flatMap((part) => part.split(' ')).filter((word) => word !== '');
    const group = groups.get(tables) ?? groups.get('')!;
    group.push({ words, namesRaw: /^-\w*w/.test(tables) });
  }
  return groups;
}

/** Command lines that show programs, such that every two of their options meet in some line. */
export function programLines(): string[][] {
  const tables = ['-t', '-u', '-x', '-tux', '-4t', '-6tu', '-tS'];
  const beside = [
    ['', '-a', '-l'],
    ['-n', '--numeric-hosts'],
    ['', '-W'],
    ['', '-e'],
    ['', '-o'],
    ['-p', '--programs'],
  ];
  const lines = covering(product([tables, ...beside]), 2);
  return lines.map((parts) => parts.flatMap((part) => part.split(' ')).filter((word) => word !== ''));
}

function product(dimensions: readonly (readonly string[])[]): string[][] {
  return dimensions.reduce<string[][]>(
    (rows, values) => rows.flatMap((row) => values.map((value) => [...row, value])),
    [[]],
  );
}

/** Rows out of `all`, taken greedily, until every meeting of `strength` values has been seen. */
function covering(all: readonly string[][], strength: number): string[][] {
  const candidates = all.map((row) => ({ row, meetings: meetings(row, strength) }));
  const missing = new Set(candidates.flatMap((candidate) => candidate.meetings));
  const chosen: string[][] = [];
  // First those that bring nothing but new meetings, then, pass by pass, those that bring fewer.
  for (let worth = candidates[0]!.meetings.length; missing.size > 0; worth--) {
    for (const { row, meetings } of candidates) {
      const fresh = meetings.filter((meeting) => missing.has(meeting));
      if (fresh.length < worth) continue;
      chosen.push(row);
      for (const meeting of fresh) missing.delete(meeting);
    }
  }
  return chosen;
}

/** Every choice of `strength` values of a row, with their places. */
function meetings(row: readonly string[], strength: number, from = 0): string[] {
  if (strength === 0) return [''];
  const found: string[] = [];
  for (let place = from; place < row.length; place++) {
    for (const rest of meetings(row, strength - 1, place + 1)) found.push(`${place}:${row[place]} ${rest}`);
  }
  return found;
}
