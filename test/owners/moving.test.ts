import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requirement } from '../requirements.ts';
import { isRowOf, ownershipIn, ownershipOf, rowOf, socketCalled } from './expectations.ts';
import { Packages } from './packages.ts';
import { mountBpfFs, pin } from './pinning.ts';
import { holdersThatWere, type OwnersScene, startOwnersScene } from './scene.ts';
import {
  type Answer,
  answered,
  ask,
  type OwnedRow,
  type OwnedTable,
  SUBJECTS,
  type Subject,
} from './subjects.ts';

const missing = requirement('root', 'netns', 'pidns', 'python3', 'addon', 'dist');
const noBpf = requirement('bpf', 'bpffs');
const SCANS = 15;
/** See reuse.py. */
const REUSED_PID = 5000;

/** Those that work in a pid namespace. */
const subjects = (Object.keys(SUBJECTS) as Subject[]).filter((subject) => {
  const { owners } = SUBJECTS[subject].host;
  return owners === 'procfd' || (owners === 'bpf' && noBpf === undefined);
});
const remark = missing ?? noBpf;

describe.skipIf(missing !== undefined)(
  `processes that come and go${remark === undefined ? '' : ` (${remark})`}`,
  () => {
    let packages: Packages;
    beforeAll(() => {
      packages = new Packages();
    });
    afterAll(() => packages?.remove());

    const askOften = async (
      scene: OwnersScene,
      subject: Subject,
      times: number,
      path?: string,
    ): Promise<Answer> => {
      const { kind, host } = SUBJECTS[subject];
      const requests = [{ owners: 'all' }] as const;
      const options = { ...host, ...(path !== undefined && { pinnedPaths: [path] }) };
      const [answer] = await ask(scene, packages, kind, [{ host: options, requests, times }]);
      return answered(answer);
    };

    describe('while sockets are searched', () => {
      let scene: OwnersScene;
      beforeAll(async () => {
        scene = await startOwnersScene(['churn'], true);
      });
      afterAll(() => scene?.stop());

      it.each(subjects)('%s names holders that were, and no others', async (subject) => {
        const { scans } = await askOften(scene, subject, SCANS);
        await expectHoldersThatWere(scene, scans, 'no-descriptor');
      });
    });

    it.skipIf(noBpf !== undefined)('nor does a pinned iterator name others', async () => {
      const scene = await startOwnersScene(['churn']);
      try {
        const path = await mountBpfFs(scene);
        await pin(scene, packages, path);
        const { scans } = await askOften(scene, 'bpf-pinned', SCANS, path);
        await expectHoldersThatWere(scene, scans, 'no-descriptor');
      } finally {
        await scene.stop();
      }
    });

    describe("whose pid is another one's a moment later", () => {
      let scene: OwnersScene;
      beforeAll(async () => {
        scene = await startOwnersScene(['reuse'], true);
      });
      afterAll(() => scene?.stop());

      it.each(subjects)('%s never gives one the name of the other', async (subject) => {
        const seen = { alpha: 0, beta: 0 };
        // On a busy machine both may be gone before their names are read, again and again.
        for (let tries = 0; tries < 8 && seen.alpha + seen.beta === 0; tries++) await look(seen, subject);
        expect(seen.alpha + seen.beta).toBeGreaterThan(0);
      });

      async function look(seen: Record<'alpha' | 'beta', number>, subject: Subject): Promise<void> {
        const { scans } = await askOften(scene, subject, 4 * SCANS);
        for (const { rows } of scans) {
          for (const name of ['alpha', 'beta'] as const) {
            const row = rowOf(rows, socketCalled(scene.description, name));
            const reused = (row.owners ?? []).filter(({ pid }) => pid === REUSED_PID);
            // Its parent's name until it has one of its own, none where it has gone.
            for (const { program } of reused) expect(['', 'python3', name]).toContain(program);
            seen[name] += reused.filter(({ program }) => program === name).length;
          }
        }
      }
    });
  },
);

/** Whoever is named has been a holder; and the socket that stays has its own in every scan. */
async function expectHoldersThatWere(
  scene: OwnersScene,
  scans: readonly OwnedTable[],
  otherwise: string,
): Promise<void> {
  const stays = socketCalled(scene.description, 'stays among those that come and go');
  // /proc/net may show one twice while others come and go.
  for (const { rows } of scans) {
    const [row, ...again] = rows.filter((one) => isRowOf(one, stays));
    for (const one of [row!, ...again]) expect(ownershipIn(one)).toEqual(ownershipOf(stays));
  }
  const moving = scans.flatMap(({ rows }) => rows).filter((row) => row.inode !== stays.inode);
  expect(moving.length).toBeGreaterThan(SCANS);
  await expectAllWere(scene, moving);
  const reasons = moving.flatMap(({ noOwner }) => noOwner ?? []);
  expect(new Set([...reasons, otherwise])).toEqual(new Set([otherwise]));
  for (const table of scans) expectOneHolderEach(table);
}

/** Each writes down what it holds before it can be seen; on a busy machine the file may be read before that. */
async function expectAllWere(scene: OwnersScene, rows: readonly OwnedRow[]): Promise<void> {
  const named = rows.flatMap(({ inode, owners = [] }) =>
    owners.map(({ pid, fd }) => JSON.stringify({ pid, fd, inode })),
  );
  expect(named.length).toBeGreaterThan(0);
  let strangers: string[] = [];
  for (let time = 0; time < 20; time++) {
    const were = new Set(holdersThatWere(scene).map((holder) => JSON.stringify(holder)));
    strangers = named.filter((holder) => !were.has(holder));
    if (strangers.length === 0) return;
    await pause(100);
  }
  expect(strangers).toEqual([]);
}

/** No holder stands twice in one row. */
function expectOneHolderEach({ rows }: OwnedTable): void {
  for (const { owners = [] } of rows) {
    expect(new Set(owners.map(({ pid, fd }) => `${pid} ${fd}`)).size).toBe(owners.length);
  }
}
