import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requirement } from '../requirements.ts';
import { ownershipIn, ownershipOf, rowOf, socketCalled } from './expectations.ts';
import { Packages } from './packages.ts';
import { type OwnersScene, startOwnersScene } from './scene.ts';
import { answered, ask, type OwnedTable } from './subjects.ts';

const missing = requirement('root', 'netns', 'pidns', 'python3', 'addon', 'dist');
/** One of them ends in mid-search, as a rule; on a busy machine rows and owners may come between two of them. */
const DEADLINES_MS = [2, 5, 10, 15, 25, 40, 60, 90, 130, 200, 300];
const MOST_ROUNDS = 20;
const MORE_THAN_ENOUGH_MS = 15_000;

describe.skipIf(missing !== undefined)(
  `a search that takes long${missing === undefined ? '' : ` (${missing})`}`,
  () => {
    let packages: Packages;
    let scene: OwnersScene;
    beforeAll(async () => {
      packages = new Packages();
      scene = await startOwnersScene(['long_walk', 'reasons'], true);
    });
    afterAll(async () => {
      await scene?.stop();
      packages?.remove();
    });

    async function scansBy(kind: 'native' | 'typescript'): Promise<OwnedTable[]> {
      const requests = [...DEADLINES_MS, MORE_THAN_ENOUGH_MS].map((deadlineMs) => ({
        owners: 'all' as const,
        protocols: ['tcp'] as const,
        deadlineMs,
      }));
      const [answer] = await ask(scene, packages, kind, [{ host: { owners: 'procfd' }, requests }]);
      return [...answered(answer).scans];
    }

    it.each(['native', 'typescript'] as const)(
      'ends with the rows it has: %s',
      { timeout: 120_000 },
      async (kind) => {
        const last = socketCalled(scene.description, 'at the end of a long walk');
        const midway: OwnedTable[] = [];
        let inTime: OwnedTable | undefined;
        for (let round = 0; round < MOST_ROUNDS && midway.length === 0; round++) {
          const scans = await scansBy(kind);
          const whole = scans.pop()!;
          inTime ??= whole;
          expect(ownershipIn(rowOf(whole.rows, last))).toEqual(ownershipOf(last));
          expect(whole).toMatchObject({ complete: true, gaps: [] });
          for (const { rows, complete, gaps } of scans) {
            expect(complete).toBe(gaps.length === 0);
            if (complete) expect(rows).toEqual(whole.rows);
          }
          // The rows had come, the search had not.
          midway.push(
            ...scans.filter(
              ({ rows, gaps }) =>
                rows.length === whole.rows.length && gaps.length === 1 && gaps[0]!.what === 'owners',
            ),
          );
        }
        expect(midway.length).toBeGreaterThan(0);
        for (const table of midway) expectNotSearched(table, inTime!);
      },
    );
  },
);

/** What a row's state proves is said all the same. */
function expectNotSearched({ rows, gaps, complete, owners, source }: OwnedTable, whole: OwnedTable): void {
  const unknown = rows.filter(({ noOwner }) => noOwner === 'not-searched');
  expect(complete).toBe(false);
  expect(gaps).toEqual([
    expect.objectContaining({ what: 'owners', reason: 'deadline', rows: unknown.length }),
  ]);
  expect(owners).toBeUndefined();
  expect(source.source).toBe('procfd');
  expect(rows.filter((row) => row.owners !== undefined)).toEqual([]);
  const proven = ['time-wait', 'not-accepted', 'orphaned'];
  const said = whole.rows.map(({ noOwner = '' }) => (proven.includes(noOwner) ? noOwner : 'not-searched'));
  expect(rows.map(({ noOwner }) => noOwner)).toEqual(said);
  expect(new Set(said)).toEqual(new Set([...proven, 'not-searched']));
}
