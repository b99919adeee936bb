import { describe, expect, it } from 'vitest';
import type { ScanRequest } from '../../src/request/request.ts';
import { requirement } from '../requirements.ts';
import {
  factsOf,
  isRowOf,
  type Ownership,
  ownershipIn,
  ownershipOf,
  rowOf,
  socketCalled,
  toldOf,
} from './expectations.ts';
import { Packages } from './packages.ts';
import { mountBpfFs, pin } from './pinning.ts';
import { type ExpectedSocket, type OwnersDescription, startOwnersScene } from './scene.ts';
import { type Answer, answered, ask, type OwnedTable, SUBJECTS, type Subject } from './subjects.ts';
import { deniesRoot } from './users.ts';

const missing = requirement('root', 'netns', 'pidns', 'python3', 'addon', 'dist');
const noBpf = requirement('bpf', 'bpffs');
const PARTS = ['sharing', 'threads', 'crowds', 'names', 'reasons'] as const;

/** Narrow questions: the search is for the sockets that they show. */
const SELECTIONS: readonly ScanRequest[] = [
  { protocols: ['tcp'], states: ['listen'] },
  { protocols: ['udp', 'raw'], states: ['close'], families: ['inet6'] },
  { protocols: ['tcp'], states: ['fin-wait-1', 'time-wait'] },
  { protocols: ['unix'], states: ['listen', 'close'] },
];
const REQUESTS: readonly ScanRequest[] = [{}, ...SELECTIONS].flatMap((part): ScanRequest[] => [
  { ...part, owners: 'all' },
  { ...part, owners: 'lowest', remember: false },
]);

interface Capture {
  readonly scene: OwnersDescription;
  /** Some process beside the scene's does not let even root look: what is not found may be its. */
  readonly denied: boolean;
  readonly subjects: ReadonlyMap<Subject, Answer>;
}

const packages = missing === undefined ? new Packages() : undefined;
/** Where all processes of the machine are walked over, and where a pinned iterator works. */
const BESIDE_OTHERS: readonly Subject[] = ['procfd', 'procfd in TypeScript', 'bpf', 'bpf-pinned'];
/** A pinned iterator tells the pids of the first pid namespace. */
const AMONG_THEMSELVES = (Object.keys(SUBJECTS) as Subject[]).filter((subject) => subject !== 'bpf-pinned');

async function capture(pids: boolean): Promise<Capture> {
  const scene = await startOwnersScene(PARTS, pids);
  try {
    const path = noBpf === undefined && !pids ? await mountBpfFs(scene) : undefined;
    if (path !== undefined) await pin(scene, packages!, path);
    const subjects = new Map<Subject, Answer>();
    for (const subject of pids ? AMONG_THEMSELVES : BESIDE_OTHERS) {
      const { kind, host } = SUBJECTS[subject];
      if (host.owners !== 'procfd' && noBpf !== undefined) continue;
      const job = {
        host: { ...host, ...(path !== undefined && { pinnedPaths: [path] }) },
        requests: REQUESTS,
      };
      const [answer] = await ask(scene, packages!, kind, [job]);
      subjects.set(subject, answered(answer));
    }
    return { scene: scene.description, denied: !pids && deniesRoot(), subjects };
  } finally {
    await scene.stop();
  }
}

/** One after the other; nothing is left of them where one fails. */
async function captureBoth(): Promise<[string, Capture][]> {
  try {
    return [
      ['of this pid namespace', await capture(false)],
      ['of a pid namespace', await capture(true)],
    ];
  } finally {
    packages!.remove();
  }
}

const captures = missing === undefined ? await captureBoth() : [];
const remark = missing ?? noBpf;

describe.skipIf(missing !== undefined)(
  `owners on a real kernel${remark === undefined ? '' : ` (${remark})`}`,
  () => {
    if (captures.length === 0) {
      it('are those that the scene has', () => {});
      return;
    }
    for (const [place, capture] of captures) {
      for (const subject of capture.subjects.keys()) {
        describe(`${subject}, processes ${place}`, () => describeSubject(subject, capture));
      }
    }
  },
);

function describeSubject(subject: Subject, { scene, subjects, ...capture }: Capture): void {
  const { ability, scans } = subjects.get(subject)!;
  const [all, lowest, ...selections] = scans as [OwnedTable, OwnedTable, ...OwnedTable[]];
  const scan = SUBJECTS[subject].host.owners;
  const denied = capture.denied && scan === 'procfd';
  const otherwise = denied ? 'not-permitted' : 'no-descriptor';
  const shown = scene.sockets.filter(
    (socket) => socket.embryo === undefined || all.rows.some((row) => isRowOf(row, socket)),
  );
  const expected = (socket: ExpectedSocket, asked: 'all' | 'lowest'): Ownership =>
    ownershipOf(socket, { lowest: asked === 'lowest', sees: () => !isMissed(socket, subject), otherwise });

  it.each(shown.map((socket) => [socket.name, socket] as const))('%s', (_, socket) => {
    expect(ownershipIn(rowOf(all.rows, socket))).toEqual(expected(socket, 'all'));
    expect(ownershipIn(rowOf(lowest.rows, socket))).toEqual(expected(socket, 'lowest'));
  });

  it('names no owner of any other socket: there is none', () => {
    for (const { rows } of [all, lowest]) {
      expect(rows.filter((row) => !shown.some((socket) => isRowOf(row, socket)))).toEqual([]);
      expect(rows).toHaveLength(shown.length);
    }
  });

  it.each(scene.processes.map((process) => [socketOf(scene, process.pid), process] as const))(
    'tells what is known of the process that has "%s"',
    (_, process) => {
      const owners = all.rows.flatMap((row) => row.owners ?? []).filter((owner) => owner.pid === process.pid);
      for (const owner of owners) expect(toldOf(owner, factsOf(process))).toEqual(factsOf(process));
      const missed = scene.sockets.filter((socket) => isMissed(socket, subject));
      const only = missed.some((socket) => socket.holders.every((holder) => holder.pid === process.pid));
      expect(owners.length > 0 || only).toBe(true);
    },
  );

  it.each(SELECTIONS.map((request, index) => [JSON.stringify(request), index] as const))(
    'asked for %s it finds the same owners',
    (_, index) => {
      for (const [number, asked] of (['all', 'lowest'] as const).entries()) {
        const { rows } = selections[2 * index + number]!;
        expect(rows.length).toBeGreaterThan(0);
        for (const row of rows) {
          const socket = shown.find((one) => isRowOf(row, one))!;
          expect([socket.name, ownershipIn(row)]).toEqual([socket.name, expected(socket, asked)]);
        }
      }
    },
  );

  it('says what it went by, and what is missing', () => {
    expect(ability.source).toBe(scan);
    for (const table of scans) {
      expect(table.source.source).toBe(scan);
      expect(table.owners).toMatchObject({ source: scan });
      const rows = table.rows.filter(({ noOwner }) => noOwner === 'not-permitted').length;
      const gaps = table.gaps.filter(({ what }) => what === 'owners');
      if (rows === 0) expect(gaps).toEqual([]);
      else expect(gaps).toEqual([expect.objectContaining({ reason: 'not-permitted', rows })]);
      if (!denied) expect(table.owners!.denied).toBe(0);
    }
  });

  it('counts what it has seen', () => {
    const held = scene.sockets.flatMap(({ holders }) => holders).length;
    const { processes, descriptors, sockets, threads } = all.owners!;
    expect(processes).toBeGreaterThanOrEqual(scene.processes.length);
    expect(sockets).toBeGreaterThanOrEqual(held - 1);
    expect(descriptors).toBeGreaterThanOrEqual(sockets);
    if (scan === 'procfd') expect(descriptors).toBeGreaterThan(15_000);
    expect(threads > 0).toBe(SUBJECTS[subject].kind === 'native');
  });
}

/** Recorded difference: TypeScript has no kcmp(2), tells tables apart by their size, and misses a second one of that size. */
function isMissed(socket: ExpectedSocket, subject: Subject): boolean {
  return socket.asMany === true && SUBJECTS[subject].kind === 'typescript';
}

function socketOf(scene: OwnersDescription, pid: number): string {
  return scene.sockets.find(({ holders }) => holders.some((holder) => holder.pid === pid))!.name;
}

describe.skipIf(captures.length === 0)('the scene', () => {
  it('has what the differences are recorded for', () => {
    for (const [, { scene }] of captures) {
      expect(scene.sockets.filter((socket) => isMissed(socket, 'procfd in TypeScript'))).toHaveLength(1);
      expect(socketCalled(scene, 'shared over fork').holders.length).toBe(4);
    }
  });
});
