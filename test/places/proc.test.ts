import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  expectAllRows,
  expectNetstatsWords,
  expectOneLine,
  expectOwners,
  expectOwnScreens,
  type Holder,
} from './expectations.ts';
import { anywhere, asNobody, type Place, within, withMounts } from './place.ts';
import { missingFor, type PlaceScene, startPlaceScene } from './place-scene.ts';
import { hidingProcesses as hidden, processesAlone, WITHOUT_PROC } from './proc-places.ts';

const missing = missingFor();
const EVERYBODY: readonly Holder[] = ['root', 'daemon', 'nobody', 'undumpable'];
const KINDS = ['native', 'typescript'] as const;
const NO_TABLES = /there is no folder \/proc\/net/;
const MOUNT = 'mount proc there, or name another procRoot';
const MOUNT_TABLES = 'mount proc, and not with subset=pid; or name another procRoot';

describe.skipIf(missing !== undefined)(`a place with another /proc ${missing ?? ''}`, () => {
  let scene: PlaceScene;
  beforeAll(async () => {
    scene = await startPlaceScene();
  });
  afterAll(() => scene?.stop());

  describe('that hides the processes of others (hidepid=2)', () => {
    const nobodysProof = within(hidden, { ...asNobody, proof: `${asNobody.proof} && test ! -e /proc/1` });

    it("has netstat's words", async () => {
      await expectNetstatsWords(scene, hidden);
      await expectNetstatsWords(scene, nobodysProof);
    });

    it('has the other screens', () => expectOwnScreens(scene, nobodysProof));

    it.each(KINDS)('hides nothing from root (%s)', async (kind) => {
      expectOwners((await scene.answers(hidden, {}, kind)).owned, scene, EVERYBODY);
    });

    it.each(KINDS)('says to nobody that it hides (%s)', async (kind) => {
      const { owned } = await scene.answers(nobodysProof, {}, kind);
      expectOwners(owned, scene, ['nobody']);
      expect(owned.owners!.denied).toBeGreaterThan(0);
    });
  });

  describe.each(Object.entries(WITHOUT_PROC))('%s', (_, place) => {
    it('lists what netlink tells, and says what is missing', async () => {
      const [plain, unix, owned, raw] = await scene.sockscope(place, ['-tan'], ['-xan'], ['-tanp'], ['-wan']);
      const [reference] = await scene.sockscope(anywhere, ['-tan']);
      expect(plain).toEqual(reference);
      expect(unix!.stdout).toMatch(/LISTENING .*unix\.sock\n/);
      expect(unix!.status).toBe(1);
      expectOneLine(unix!, /^sockscope: unixRefs: there is no \/proc\/net \(mount proc/);
      expect(owned!.stdout).toMatch(/127\.0\.0\.1:7002 .* LISTEN {6}- +\n/);
      expectOneLine(owned!, /procfd: \/proc: there is no process in it \(mount proc there/);
      expect(raw).toMatchObject({
        status: 1,
        stderr: "netstat: no support for `AF INET (raw)' on this system.\n",
      });
    });

    it("has netstat's words for the other tables", () =>
      expectNetstatsWords(scene, place, [['-rn'], ['-in'], ['-gn'], ['-s']]));

    it.each(KINDS)('tells what cannot be had, and invents nothing (%s)', async (kind) => {
      const answers = await scene.answers(place, {}, kind);
      const procfs = {
        source: 'procfs',
        reason: 'there is no /proc/net',
        errno: 2,
        remedy: MOUNT_TABLES,
      };
      expect(answers.abilities.raw).toMatchObject({
        source: 'none',
        better: [{ source: 'netlink' }, procfs],
      });
      const procfd = { source: 'procfd', reason: '/proc: there is no process in it', remedy: MOUNT };
      expect(answers.abilities.owners.source).toBe('none');
      expect(answers.abilities.owners.better.at(-1)).toEqual(procfd);
      if (kind === 'native') expectAllRows(answers.rows, scene);
      const unavailable = { name: 'SockscopeError', code: 'ERR_SOURCE_UNAVAILABLE', remedy: MOUNT_TABLES };
      if (kind === 'typescript') expect(answers.rows).toMatchObject(unavailable);
      const remedy = kind === 'native' ? MOUNT : MOUNT_TABLES;
      expect(answers.owned).toMatchObject({ ...unavailable, remedy });
      for (const table of ['routes', 'interfaces', 'groups', 'statistics'] as const) {
        const operation = `read ${table}: there is no folder /proc/net (${MOUNT_TABLES})`;
        expect(answers[table]).toEqual({ ...unavailable, message: operation });
      }
    });

    it('has no other screens', async () => {
      for (const answer of await scene.sockscope(place, ['layers'], ['delta', '.01'])) {
        expect(answer).toMatchObject({ stdout: '', status: 1 });
        expectOneLine(answer, NO_TABLES);
      }
    });

    it('is refused what is named and needs it', async () => {
      const [owners, source, bpf] = await scene.sockscope(
        place,
        ['-tanp', '--owners=procfd'],
        ['-xan', '--source=procfs'],
        ['-tanp', '--owners=bpf'],
      );
      expect([owners!.status, source!.status, bpf!.status]).toEqual([1, 1, 1]);
      expectOneLine(owners!, /\/proc: there is no process in it/);
      expect(source!.stderr).toBe("netstat: no support for `AF UNIX' on this system.\n");
      expectOneLine(bpf!, /find owners: bpf: .*\(/);
    });
  });

  it.each(KINDS)('of processes alone (subset=pid) has owners, and no tables (%s)', async (kind) => {
    const { abilities, owned, statistics } = await scene.answers(processesAlone, {}, kind);
    expect(abilities.owners.source).toBe('procfd');
    expect(abilities.raw).toMatchObject({ source: 'none' });
    expect(statistics).toMatchObject({ code: 'ERR_SOURCE_UNAVAILABLE', remedy: MOUNT_TABLES });
    if (kind === 'native') expectOwners(owned, scene, EVERYBODY);
    else expect(owned).toMatchObject({ code: 'ERR_SOURCE_UNAVAILABLE', remedy: MOUNT_TABLES });
    const [listed] = await scene.sockscope(processesAlone, ['-tanp']);
    const [reference] = await scene.sockscope(anywhere, ['-tanp']);
    expect(listed).toEqual(reference);
  });

  /** As a container is given its host's: namespaces of its own, and there the host's /proc in a folder. */
  function container(options = 'defaults'): Place {
    const { folder } = scene.tools;
    const lines = `mkdir -p ${folder}/host && mount --bind /proc ${folder}/host && mount -o remount,${options} ${folder}/host && mount -t proc proc /proc`;
    return {
      words: ['unshare', '-n', '-m', '-p', '-f', 'sh', '-ec', `${lines}; exec "$@"`, 'sh'],
      // Its own network namespace has no socket, and its own /proc no process of ours.
      proof: `test "$(wc -l < /proc/net/tcp)" = 1 && test "$(wc -l < ${folder}/host/1/net/tcp)" -gt 1 && test ! -e /proc/${scene.description.pids.daemon}`,
    };
  }

  describe("of the host's in a container's folder", () => {
    const root = (): string => `${scene.tools.folder}/host`;

    it.each(KINDS)('shows the sockets and owners of the host (%s)', async (kind) => {
      const { abilities, owned, routes, interfaces } = await scene.answers(
        container(),
        { procRoot: root() },
        kind,
      );
      const reason =
        kind === 'native'
          ? `netlink answers for this process's network namespace, and ${root()} shows another`
          : expect.stringContaining('no addon');
      expect(abilities.tcp).toMatchObject({ source: 'procfs', better: [{ source: 'netlink', reason }] });
      expect(abilities.owners.source).toBe('procfd');
      expect(abilities.owners.better.map(({ source }) => source)).toEqual(['bpf', 'bpf-pinned']);
      expectOwners(owned, scene, EVERYBODY);
      expect([routes, interfaces]).toEqual([{ size: 3 }, { size: 1 }]);
    });

    it('is listed by the command', async () => {
      const reference = await scene.netstat(anywhere, ['-tanp'], ['-rn'], ['-s']);
      const ours = await scene.sockscope(
        container(),
        ...['-tanp', '-rn', '-s'].map((word) => [word, '--proc', root()]),
      );
      expect(ours).toEqual(reference);
      const [layers] = await scene.sockscope(container(), ['layers', '--proc', root()]);
      expect(layers).toMatchObject({ stderr: '', status: 0 });
      expect(layers!.stdout).toContain('TCP       8: 4 listen, 4 established');
    });

    it('is refused BPF and netlink by name', async () => {
      const [bpf, netlink] = await scene.sockscope(
        container(),
        ['-tanp', '--owners=bpf', '--proc', root()],
        ['-tan', '--source=netlink', '--proc', root()],
      );
      expectOneLine(bpf!, /the kernel numbers processes as \/proc does, and .*host may be another's/);
      expectOneLine(netlink!, /shows another \(run in the network namespace of the host\)/);
    });
  });

  describe("of a container's host that hides the processes of others", () => {
    // Who enters it as nobody cannot make it; and of the host he sees his own processes.
    const place = (): Place => {
      const made = container('hidepid=2');
      const proof = `${asNobody.proof} && test ! -e ${scene.tools.folder}/host/1`;
      return { words: [...made.words, ...asNobody.words], proof };
    };

    it.each(KINDS)("has no tables, rather than the container's own (%s)", async (kind) => {
      const root = `${scene.tools.folder}/host`;
      const { abilities, rows, routes } = await scene.answers(place(), { procRoot: root }, kind);
      const procfs = { source: 'procfs', reason: `there is no ${root}/1/net`, remedy: MOUNT_TABLES };
      expect(abilities.tcp).toMatchObject({ source: 'none', better: [{ source: 'netlink' }, procfs] });
      for (const failure of [rows, routes]) {
        expect(failure).toMatchObject({ code: 'ERR_SOURCE_UNAVAILABLE', remedy: MOUNT_TABLES });
      }
      const answers = await scene.sockscope(place(), ['-tan', '--proc', root], ['layers', '--proc', root]);
      for (const answer of answers) {
        expect(answer).toMatchObject({ stdout: '', status: 1 });
        expectOneLine(answer, /--proc: there is no folder .*\/host\/1\/net\n/);
      }
    });
  });

  it.each(KINDS)('whose pid namespace has ended is no list of processes (%s)', async (kind) => {
    const root = `${scene.tools.folder}/ended`;
    const place = withMounts(
      `mkdir -p ${root}; unshare -p -f mount -t proc proc ${root}`,
      `grep -q " ${root} proc " /proc/self/mounts && test -z "$(ls ${root} | grep '^[0-9]')"`,
    );
    const { abilities, owned } = await scene.answers(place, { procRoot: root }, kind);
    const procfd = { source: 'procfd', reason: `${root}: there is no process in it`, remedy: MOUNT };
    expect(abilities.owners).toMatchObject({ source: 'none' });
    expect(abilities.owners.better.at(-1)).toEqual(procfd);
    expect(owned).toMatchObject({ code: 'ERR_SOURCE_UNAVAILABLE', remedy: MOUNT_TABLES });
  });
});
