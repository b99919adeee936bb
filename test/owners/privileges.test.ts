import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requirement } from '../requirements.ts';
import { isRowOf, ownershipIn, ownershipOf, socketCalled, type View } from './expectations.ts';
import { Packages } from './packages.ts';
import { type OwnersScene, startOwnersScene } from './scene.ts';
import { type Answer, answered, ask, command, type Failure, failureOf, type OwnedTable } from './subjects.ts';
import { nobody, nobodyWith, rootWithout } from './users.ts';

const missing = requirement('root', 'netns', 'python3', 'addon', 'dist', 'setpriv');
const noBpf = requirement('bpf');
const NOBODY = 65534;

/** Who asks, what procfd sees for him, and whether BPF works for him. */
const ASKERS = {
  nobody: { as: nobody, sees: 'own', bpf: false },
  'nobody with CAP_BPF alone': { as: nobodyWith('bpf'), sees: 'own', bpf: false },
  'nobody with CAP_PERFMON alone': { as: nobodyWith('perfmon'), sees: 'own', bpf: false },
  'nobody with CAP_BPF and CAP_PERFMON': { as: nobodyWith('bpf', 'perfmon'), sees: 'own', bpf: true },
  'nobody with CAP_SYS_ADMIN': { as: nobodyWith('sys_admin'), sees: 'own', bpf: true },
  // The directory is its process's alone, whoever may trace that.
  'nobody with CAP_SYS_PTRACE': { as: nobodyWith('sys_ptrace'), sees: 'own', bpf: false },
  'nobody with CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH': {
    as: nobodyWith('sys_ptrace', 'dac_read_search'),
    sees: 'all',
    bpf: false,
  },
  'root without capabilities for BPF': {
    as: rootWithout('sys_admin', 'bpf', 'perfmon'),
    sees: 'all',
    bpf: false,
  },
} as const;

describe.skipIf(missing !== undefined)(
  `owners for users of every kind${missing === undefined ? '' : ` (${missing})`}`,
  () => {
    let packages: Packages;
    let scene: OwnersScene;

    beforeAll(async () => {
      packages = new Packages();
      scene = await startOwnersScene(['sharing', 'names', 'reasons']);
    });
    afterAll(async () => {
      await scene?.stop();
      packages?.remove();
    });

    /** What nobody may see: his own process, unless it is not dumpable. */
    const ownProcess = (): number => socketCalled(scene.description, 'of nobody').holders[0]!.pid;
    const viewOf = (sees: 'own' | 'all', denied: boolean): View => ({
      sees: ({ pid }) => sees === 'all' || pid === ownProcess(),
      otherwise: denied ? 'not-permitted' : 'no-descriptor',
    });
    const check = (table: OwnedTable, view: View): void => {
      for (const row of table.rows) {
        const socket = scene.description.sockets.find((one) => isRowOf(row, one))!;
        expect([socket.name, ownershipIn(row)]).toEqual([socket.name, ownershipOf(socket, view)]);
      }
    };

    describe.each(Object.entries(ASKERS))('%s', (_, { as, sees, bpf }) => {
      const usable = bpf && noBpf === undefined;
      let native: (Answer | Failure)[];
      let typescript: (Answer | Failure)[];

      beforeAll(async () => {
        const requests = [{ owners: 'all' }] as const;
        native = await ask(
          scene,
          packages,
          'native',
          [
            { host: { owners: 'procfd' }, requests },
            { host: { owners: 'bpf' }, requests },
            { host: { owners: ['bpf', 'procfd'] }, requests },
            { host: {}, requests },
          ],
          as,
        );
        typescript = await ask(
          scene,
          packages,
          'typescript',
          [{ host: { owners: ['bpf', 'procfd'] }, requests }],
          as,
        );
      });

      it('sees by procfd what he may, and says that there is more', () => {
        for (const answer of [native[0], typescript[0]]) {
          const [table] = answered(answer).scans as [OwnedTable];
          const { denied } = table.owners!;
          check(table, viewOf(sees, denied > 0));
          if (sees === 'own') expect(denied).toBeGreaterThan(20);
          const rows = table.rows.filter(({ noOwner }) => noOwner === 'not-permitted').length;
          expect(rows > 0).toBe(denied > 0);
          const gap = expect.objectContaining({ what: 'owners', reason: 'not-permitted', rows });
          if (rows > 0) expect(table.gaps).toContainEqual(gap);
          expect(table.complete).toBe(table.gaps.length === 0);
        }
      });

      it(usable ? 'sees everything by BPF' : 'is refused BPF, with a remedy', () => {
        if (usable) {
          const { ability, scans } = answered(native[1]);
          expect(ability).toEqual({ source: 'bpf', better: [], limits: [], absent: false });
          check(scans[0]!, { otherwise: 'no-descriptor' });
          expect(scans[0]!.owners).toMatchObject({ source: 'bpf', denied: 0 });
        } else {
          const failure = failureOf(native[1]);
          expect(failure).toMatchObject({ name: 'SockscopeError', code: 'ERR_SOURCE_UNAVAILABLE' });
          expect(failure.remedy).toBeTruthy();
        }
      });

      it('takes the next one where BPF is refused, and says why', () => {
        const { ability, scans } = answered(native[2]);
        expect(ability.source).toBe(usable ? 'bpf' : 'procfd');
        const refusals = usable ? [] : [expect.objectContaining({ source: 'bpf' })];
        expect(ability.better).toEqual(refusals);
        expect(ability).toMatchObject(scans[0]!.source!);
        for (const { reason } of ability.better) expect(reason).toMatch(/CAP_|capabilit|bpf/i);
      });

      it('is never given BPF by a library that was not asked for it', () => {
        const { ability } = answered(native[3]);
        expect(ability.source).toBe('procfd');
        expect(ability.better.map(({ source }) => source)).toEqual(['bpf', 'bpf-pinned']);
      });

      it('the command takes the best of it', async () => {
        const { stdout, stderr, status } = await command(scene, packages, ['-tanp'], { as });
        expect(status).toBe(0);
        expect(stdout).toMatch(lineOf('tcp listener', usable || sees === 'all'));
        expect(stdout).toMatch(lineOf('of nobody', true));
        if (usable) expect(stderr).toBe('');
        else if (sees === 'own') expect(stderr).toMatch(/^\(Not all processes could be identified/);
      });

      it('the command goes by what it is told to', async () => {
        const named = await command(scene, packages, ['--owners=bpf', '-tanp'], { as });
        if (usable) expect(named.stdout).toMatch(lineOf('tcp listener', true));
        else {
          expect(named.status).toBe(1);
          expect(named.stderr).toMatch(/^sockscope: .*bpf/i);
        }
        const env = { SOCKSCOPE_OWNERS: 'procfd' };
        const preferred = await command(scene, packages, ['-tanp'], { as, env });
        expect(preferred.status).toBe(0);
        expect(preferred.stdout).toMatch(lineOf('tcp listener', sees === 'all'));
      });
    });

    it('nobody is told what he may know of his own process', async () => {
      const [answer] = await ask(
        scene,
        packages,
        'native',
        [{ host: {}, requests: [{ owners: 'all' }] }],
        nobody,
      );
      const [owner] = answered(answer).scans[0]!.rows.flatMap(({ owners }) => owners ?? []);
      const process = scene.description.processes.find(({ pid }) => pid === ownProcess())!;
      expect(owner).toMatchObject({
        uid: NOBODY,
        startTime: process.startTime,
        cgroup: process.cgroup,
        comm: 'python3',
      });
    });

    /** The line of a listener, with its process or without. */
    function lineOf(name: string, seen: boolean): RegExp {
      const { localPort, holders } = socketCalled(scene.description, name);
      const owner = seen ? `${holders[0]!.pid}/` : '- ';
      return new RegExp(`^tcp .*:${localPort} .* LISTEN +${owner}`, 'm');
    }
  },
);
