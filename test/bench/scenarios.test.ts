import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Figure, Scene, Tools } from '../../bench/contract.ts';
import { scenarios } from '../../bench/scenarios/index.ts';

/** Nothing is run here. */
const scene: Scene = {
  tools: new Proxy({} as Tools, { get: (_, name) => `/tools/${String(name)}` }),
  load: { pid: 1, words: '', end: async () => {} },
};
const names = scenarios.map(({ name }) => name);

test('scenarios have names of their own', () => {
  expect(names).toEqual([...new Set(names)]);
});

describe.each(scenarios)('scenario $name', ({ subjects, inside, goals, rows, mostSockets = 1e6 }) => {
  test('has subjects with names of their own', () => {
    const all = subjects.map(({ name }) => name);
    expect(all.length).toBeGreaterThan(0);
    expect(all).toEqual([...new Set(all)]);
  });

  test('shows figures and judges goals of its own subjects', () => {
    const judged = goals.flatMap(({ of, to, floor, floorTo }) => [of, to, floor, floorTo]);
    const asked = [...inside, ...judged].filter((figure): figure is Figure => figure !== undefined);
    expect(asked.filter(({ subject }) => !subjects.includes(subject))).toEqual([]);
  });

  test('asks each goal for one bound', () => {
    for (const { atMost, atLeast } of goals)
      expect((atMost === undefined) !== (atLeast === undefined)).toBe(true);
  });

  test('judges no ratio by the least of both sides, which are of different rounds', () => {
    expect(goals.filter(({ least, to }) => least === true && to !== undefined)).toEqual([]);
  });

  test('says of any number of sockets how many rows there are', () => {
    for (const sockets of [2, 10, 5000, mostSockets]) {
      expect(Number.isInteger(rows(sockets))).toBe(true);
      expect(rows(sockets)).toBeLessThanOrEqual(Math.max(sockets, 100_000));
    }
  });

  test('takes what Node does not run for a yardstick', () => {
    const foreign = subjects.filter(({ command }) => command(scene)[0] !== process.execPath);
    expect(foreign.filter(({ yardstick }) => yardstick !== true).map(({ name }) => name)).toEqual([]);
  });
});

test('whoever holds another kind of sockets says so', () => {
  const kinds = scenarios.filter(({ kind }) => kind !== undefined).map(({ name, kind }) => [name, kind]);
  expect(kinds).toEqual([
    ['unix', 'unix'],
    ['udp', 'udp'],
  ]);
});

test('every question of poll-cost is judged', () => {
  const { subjects, goals } = scenarios.find(({ name }) => name === 'poll-cost')!;
  expect(goals.map(({ of }) => of.subject.name)).toEqual(subjects.slice(1).map(({ name }) => name));
});

test('every file of scenarios is listed', () => {
  const folder = new URL('../../bench/scenarios/', import.meta.url);
  const index = readFileSync(new URL('index.ts', folder), 'utf8');
  const files = readdirSync(folder).filter((file) => file !== 'index.ts');
  expect(files.filter((file) => !index.includes(`'./${file}'`))).toEqual([]);
});
