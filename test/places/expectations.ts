import { expect } from 'vitest';
import type { Printed } from '../netstat/live-comparison.ts';
import type { Place } from './place.ts';
import type { AnswerRow, AnswerTable, PlaceScene } from './place-scene.ts';

/** The rows that every place has to show, whoever may know the owners: listeners first, as the kernel has them. */
export const PORTS = [7001, 7001, 7001, 7002, 7003, 7005];

/** Command lines of which each shows another layer; netstat takes them, too. */
export const LAYERS: readonly (readonly string[])[] = [
  ['-tan'],
  ['-tanp'],
  ['-xan'],
  ['-wan'],
  ['-uanp'],
  ['-rn'],
  ['-rn6'],
  ['-in'],
  ['-gn'],
  ['-s'],
];

/** Every layer reads as the installed netstat has it in the same place: rows, words on stderr and the exit status. */
export async function expectNetstatsWords(
  scene: PlaceScene,
  place: Place,
  lines: readonly (readonly string[])[] = LAYERS,
): Promise<void> {
  const theirs = await scene.netstat(place, ...lines);
  const ours = await scene.sockscope(place, ...lines);
  lines.forEach((words, index) => {
    expect({ words, ...ours[index] }).toEqual({ words, ...theirs[index] });
  });
}

/** The screens that netstat does not have: they come whole. */
export async function expectOwnScreens(scene: PlaceScene, place: Place, ...rest: string[]): Promise<void> {
  const [layers, delta] = await scene.sockscope(place, ['layers', ...rest], ['delta', '.01', ...rest]);
  expect(layers).toMatchObject({ stderr: '', status: 0 });
  expect(layers!.stdout).toMatch(
    /^LINK {8}1 interface, 1 up .*\n(.*\n)* {2}TCP {7}8: 4 listen, 4 established /,
  );
  expect(delta).toMatchObject({ stderr: '', status: 0 });
  expect(delta!.stdout).toMatch(/^delta over /);
}

/** All the sockets are there. */
export function expectAllRows({ rows }: AnswerTable, { description }: PlaceScene): void {
  const { clientPort, waitingPort } = description;
  const ports = rows.map(({ localPort }) => localPort).sort((left, right) => left - right);
  expect(ports).toEqual([...PORTS, clientPort, waitingPort].sort((left, right) => left - right));
}

export type Holder = 'root' | 'daemon' | 'nobody' | 'undumpable';

/**
 * The owners are those that `seen` may be told of; sockets of the others say `otherwise`, and a gap counts them where that
 * is not certain.
 */
export function expectOwners(
  table: AnswerTable,
  scene: PlaceScene,
  seen: readonly Holder[],
  otherwise: 'not-permitted' | 'no-descriptor' = 'not-permitted',
): void {
  const { pids, waitingPort } = scene.description;
  expectAllRows(table, scene);
  for (const row of table.rows) {
    const holder = holderOf(row, waitingPort);
    const owner =
      holder === undefined
        ? { noOwner: 'not-accepted' }
        : seen.includes(holder)
          ? { pids: [pids[holder]] }
          : { noOwner: otherwise };
    expect(row).toEqual({ ...withoutOwner(row), ...owner });
  }
  const unseen = table.rows.filter(({ noOwner }) => noOwner === 'not-permitted').length;
  const gaps = unseen === 0 ? [] : [{ what: 'owners', reason: 'not-permitted', rows: unseen }];
  expect({ gaps: table.gaps, complete: table.complete }).toEqual({ gaps, complete: unseen === 0 });
}

function withoutOwner({ state, localPort, remotePort }: AnswerRow): AnswerRow {
  return { state, localPort, remotePort };
}

function holderOf({ localPort, remotePort }: AnswerRow, waitingPort: number): Holder | undefined {
  if (localPort === 7001 && remotePort === waitingPort) return undefined;
  const holders: Readonly<Record<number, Holder>> = { 7002: 'daemon', 7003: 'nobody', 7005: 'undumpable' };
  return holders[localPort] ?? 'root';
}

/** One line, that begins with the program's name, and no stack. */
export function expectOneLine({ stderr }: Printed, words: RegExp): void {
  expect(stderr).toMatch(/^sockscope: [^\n]+\n$/);
  expect(stderr).toMatch(words);
}
