import { describe, expect, it } from 'vitest';
import type { ScanRequest } from '../../src/request/request.ts';
import type { ExpectedSocket } from '../kernel/scene.ts';
import { requirement } from '../requirements.ts';
import {
  type Capture,
  captureScene,
  type Row,
  type Scan,
  SELECTIONS,
  SUBJECTS,
  type Subject,
} from './capture.ts';
import { DIFFERENCES, expectedRow } from './differences.ts';
import { rowsOfNetstat, rowsOfSs, seen } from './other-programs.ts';

const missing = requirement('netns', 'python3', 'addon', 'ss', 'netstat');

const capture = missing === undefined ? await captureScene() : undefined;

describe.skipIf(capture === undefined)(
  `sources on a real kernel${missing === undefined ? '' : ` (${missing})`}`,
  () => {
    if (capture === undefined) {
      it('show every socket of the scene', () => {});
      return;
    }
    for (const subject of Object.keys(SUBJECTS) as Subject[]) describeSource(subject, capture);
    describeAgreement(capture);
  },
);

/** The source whose limits a subject has for a protocol. */
function sourceOf(subject: Subject, socket: ExpectedSocket, scan: Scan): 'netlink' | 'procfs' {
  if (subject === 'auto') return scan.abilities[socket.protocol]?.source === 'netlink' ? 'netlink' : 'procfs';
  return subject === 'procfs' ? 'procfs' : 'netlink';
}

function describeSource(subject: Subject, { scene, scans }: Capture): void {
  const scan = scans[subject];
  const expected = scene.sockets.map((socket) => ({
    socket,
    row: expectedRow(socket, scan, DIFFERENCES[sourceOf(subject, socket, scan)]),
  }));

  describe(`source ${subject}`, () => {
    it.each(expected.map(({ socket, row }) => [socket.name, socket, row] as const))(
      '%s',
      (_, socket, row) => {
        const found = scan.rows.filter((candidate) => isRowOf(candidate, socket));
        if (row === undefined) expect(found).toEqual([]);
        else {
          expect(found).toHaveLength(1);
          expect(fieldsOf(found[0]!, row)).toEqual(row);
        }
      },
    );

    it('has no row besides, and no two the same', () => {
      expect(scan.length).toBe(scan.rows.length);
      expect(scan.rows.filter((row) => !scene.sockets.some((socket) => isRowOf(row, socket)))).toEqual([]);
      expect(scan.rows).toHaveLength(expected.filter(({ row }) => row !== undefined).length);
    });

    it('hides nothing: what it could not read is a gap', () => {
      const unreadable = Object.entries(scan.abilities).filter(([, ability]) => ability.source === 'none');
      expect(scan.gaps.filter((gap) => gap.reason !== 'unavailable')).toEqual([]);
      for (const gap of scan.gaps) expect(unreadable.map(([protocol]) => protocol)).toContain(gap.what);
    });

    it.each(SELECTIONS.map((request, index) => [JSON.stringify(request), request, index] as const))(
      'asked for %s gives that part, in the same order',
      (_, request: ScanRequest, index) => {
        const part = scan.rowsWithoutReferences.filter((row) => isAskedFor(row, request)).map(seen);
        expect(scan.selections[index]!.map(seen)).toEqual(part);
        expect(part.length).toBeGreaterThan(0);
      },
    );

    it('gives each running timer a time and each idle one none', () => {
      for (const row of scan.rows) {
        if (row.timer === 'none') expect(row.expiresMs).toBe(0);
        else if (row.protocol === 'tcp') expect(row.expiresMs).toBeLessThan(7_200_000);
        // The others may be at their end at any moment.
        if (row.timer === 'keepalive' || row.timer === 'time-wait')
          expect(row.expiresMs).toBeGreaterThan(1000);
      }
    });
  });
}

function describeAgreement({ scene, scans, ss, netstat }: Capture): void {
  const raw = scans.netlink.abilities.raw?.source === 'netlink';

  describe('the sources agree', () => {
    it('netlink on one thread and on two, row by row', () => {
      const moves = (row: Row): boolean => row.timer === 'retransmit' || row.timer === 'zero-window-probe';
      const still = (row: Row): Row => ({
        ...row,
        expiresMs: 0,
        ...(moves(row) && { retrans: 0, probes: 0 }),
      });
      expect(scans['netlink, two threads'].rows.map(still)).toEqual(scans.netlink.rows.map(still));
    });

    it('netlink and procfs show the same sockets in the same order', () => {
      const both = (row: Row): boolean => row.protocol !== 'raw' || raw;
      expect(byFamily(scans.netlink.rows.filter(both))).toEqual(byFamily(scans.procfs.rows.filter(both)));
      expect(byFamily(scans.auto.rows)).toEqual(byFamily(scans.procfs.rows));
    });

    it('netlink leaves out embryos when no references are asked for, procfs has them all the same', () => {
      const embryos = (rows: readonly Row[]): number =>
        rows.filter((row) => row.protocol === 'unix' && row.inode === 0).length;
      const made = scene.sockets.filter((socket) => socket.embryo === true).length;
      expect(made).toBeGreaterThan(0);
      expect(embryos(scans.netlink.rows)).toBe(made);
      expect(embryos(scans.netlink.rowsWithoutReferences)).toBe(0);
      expect(embryos(scans.procfs.rowsWithoutReferences)).toBe(made);
    });

    it('every recorded difference is one that the scene shows', () => {
      for (const source of ['netlink', 'procfs'] as const) {
        const idle = DIFFERENCES[source].filter(
          (difference) => !scene.sockets.some((socket) => difference.applies(socket, scans[source])),
        );
        expect(idle.filter(({ someKernels }) => someKernels !== true)).toEqual([]);
      }
    });
  });

  describe('other programs agree', () => {
    it('netstat -an shows the same sockets in the same states', () => {
      const own = scans.procfs.rows.map(seen);
      expect(rowsOfNetstat(netstat).sort()).toEqual(own.sort());
    });

    it('ss -tuwxan shows the same sockets in the same states, embryos and UDP-Lite aside', () => {
      const own = scans.auto.rows.filter(
        (row) => row.protocol !== 'udplite' && !(row.protocol === 'unix' && row.inode === 0),
      );
      expect(rowsOfSs(ss).sort()).toEqual(own.map(seen).sort());
    });
  });
}

/** What is seen of the rows in their order, by protocol and family: `tcp6`. */
function byFamily(rows: readonly Row[]): Record<string, string[]> {
  const groups: Record<string, string[]> = {};
  for (const row of rows) {
    const text = seen(row);
    const family = text.slice(0, text.indexOf(' '));
    groups[family] = [...(groups[family] ?? []), text];
  }
  return groups;
}

function isAskedFor({ protocol, family, state }: Row, { protocols, families, states }: ScanRequest): boolean {
  const has = (list: readonly string[] | undefined, word: string): boolean => list?.includes(word) ?? true;
  return has(protocols, protocol) && has(families, family) && has(states, state);
}

/** By inode where there is one, else by who talks to whom. */
function isRowOf(row: Row, socket: ExpectedSocket): boolean {
  if (row.protocol !== socket.protocol || row.inode !== socket.inode) return false;
  if (socket.inode !== 0) return true;
  if (socket.embryo === true) return row.pathBytes === socket.path && row.unixType === socket.unixType;
  return samePlace(row.local, socket.local) && samePlace(row.remote, socket.remote);
}

function samePlace(a: Row['local'], b: Row['local']): boolean {
  return a?.address === b?.address && a?.port === b?.port;
}

function fieldsOf(row: Row, expected: object): object {
  return Object.fromEntries(Object.keys(expected).map((field) => [field, row[field as keyof Row]]));
}
