import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requirement } from '../requirements.ts';
import {
  expectAllRows,
  expectNetstatsWords,
  expectOneLine,
  expectOwners,
  expectOwnScreens,
  type Holder,
  LAYERS,
} from './expectations.ts';
import {
  inRemovedFolder,
  jail,
  readOnly,
  withoutBtf,
  withoutEtc,
  withoutNameFiles,
  withoutSys,
} from './file-places.ts';
import { anywhere, type Place } from './place.ts';
import { type Failure, missingFor, type PlaceScene, startPlaceScene } from './place-scene.ts';

const missing = missingFor();
const noBpf = requirement('bpf');
const EVERYBODY: readonly Holder[] = ['root', 'daemon', 'nobody', 'undumpable'];
/** With names, where each is asked for in this namespace alone. */
const NAMED = [['-tae'], ['-uae'], ['-r'], ['-g']];

describe.skipIf(missing !== undefined)(`a place that lacks files ${missing ?? ''}`, () => {
  let scene: PlaceScene;
  beforeAll(async () => {
    scene = await startPlaceScene();
  });
  afterAll(() => scene?.stop());

  /** Nothing of it concerns sockets. */
  const HARMLESS: Readonly<Record<string, () => Place>> = {
    'a read-only file system': () => readOnly(scene.tools),
    'no /sys': () => withoutSys,
    'no BTF': () => withoutBtf,
    'a working directory that has been removed': () => inRemovedFolder(scene.tools),
    'no environment': () => ({ words: ['env', '-i'], proof: 'test -z "$' + '{HOME-}$' + '{LANG-}"' }),
    'an environment of unknown languages': () => ({
      words: [
        'env',
        'LANG=xx_YY.FOO',
        'LC_ALL=tr_TR.UTF-8',
        'LANGUAGE=de',
        'TZ=Nowhere/Land',
        'HOME=/nonexistent',
      ],
      proof: 'test "$LC_ALL" = tr_TR.UTF-8 && test ! -e "$HOME"',
    }),
  };

  describe.each(Object.entries(HARMLESS))('%s', (_, place) => {
    it("has netstat's words", () => expectNetstatsWords(scene, place(), [...LAYERS, ['-ie']]));

    it('has the other screens', () => expectOwnScreens(scene, place()));

    it.each(['native', 'typescript'] as const)('knows all (%s)', async (kind) => {
      const { abilities, owned, interfaces } = await scene.answers(place(), {}, kind);
      expect(abilities.tcp.source).toBe(kind === 'native' ? 'netlink' : 'procfs');
      expectOwners(owned, scene, EVERYBODY);
      expect(interfaces).toEqual({ size: 1 });
    });
  });

  it.skipIf(noBpf !== undefined)(`says where BPF lacks its types ${noBpf ?? ''}`, async () => {
    for (const place of [withoutBtf, withoutSys]) {
      const { abilities } = await scene.answers(place, { owners: ['bpf', 'procfd'] });
      const reason = 'not supported: read /sys/kernel/btf/vmlinux: ENOENT';
      const remedy = expect.stringMatching(/with BTF/);
      expect(abilities.owners).toEqual({
        source: 'procfd',
        better: [{ source: 'bpf', reason, errno: 2, remedy }],
      });
      const [refused, pin] = await scene.sockscope(place, ['-tanp', '--owners=bpf'], ['pin', '--group=root']);
      for (const one of [refused!, pin!]) {
        expect(one.status).toBe(1);
        expectOneLine(one, /BTF|\/sys\/kernel\/btf\/vmlinux/);
      }
    }
  });

  it('says of a relative path that the working directory has been removed', async () => {
    const place = inRemovedFolder(scene.tools);
    const words = /open proc: the working directory has been removed \(name an absolute path\)/;
    for (const verb of [['-tan'], ['layers'], ['delta', '.01']]) {
      const [refused] = await scene.sockscope(place, [...verb, '--proc', 'proc']);
      expect(refused!.status).toBe(1);
      expectOneLine(refused!, words);
    }
    const { failure } = (await scene.answers(place, { procRoot: 'proc' })) as unknown as { failure: Failure };
    expect(failure).toMatchObject({ code: 'ERR_SOURCE_UNAVAILABLE', remedy: 'name an absolute path' });
  });

  it('shows by number what has no name', async () => {
    for (const place of [withoutEtc, withoutNameFiles(scene.tools)]) {
      await expectNetstatsWords(scene, place, NAMED);
      const [users] = await scene.sockscope(place, ['-tane']);
      expect(users!.stdout).toMatch(/:7002 .* LISTEN {6}1 {2,}\d+ /);
    }
    const [users] = await scene.sockscope(anywhere, ['-tane']);
    expect(users!.stdout).toMatch(/:7002 .* LISTEN {6}(1|daemon) {2,}\d+ /);
  });

  describe('a root directory with node, the package and nothing else', () => {
    const place = (): Place => {
      const { packages, tools } = scene;
      return jail(tools, packages.folder, `${packages.folder}/native/build/Release/sockscope.node`);
    };

    it('lists what netlink tells', async () => {
      const [plain, udp, owned] = await scene.sockscope(place(), ['-tan'], ['-uan'], ['-tanp']);
      expect([plain, udp]).toEqual(await scene.sockscope(anywhere, ['-tan'], ['-uan']));
      expect(owned!.stdout).toMatch(/:7002 .* LISTEN {6}- +\n/);
      expectOneLine(owned!, /procfd: \/proc: ENOENT \(mount proc there, or name another procRoot\)/);
    });

    it('says of each other table that it is not there', async () => {
      const lines = [
        ['-rn'],
        ['-s'],
        ['-gn'],
        ['-xan'],
        ['-wan'],
        ['-Mn'],
        ['layers'],
        ['delta', '.01'],
        ['-in'],
      ];
      for (const [index, answer] of (await scene.sockscope(place(), ...lines)).entries()) {
        expect({ line: lines[index], stderr: answer.stderr }).toEqual({
          line: lines[index],
          stderr: expect.stringMatching(/\/proc\/net|no support for/),
        });
        expect(answer.stderr).not.toMatch(/\n +at /);
      }
    });

    it('has a library that says so', async () => {
      const { abilities, rows, owned, interfaces } = await scene.answers(place());
      expect(abilities.tcp).toEqual({ source: 'netlink', better: [] });
      expectAllRows(rows, scene);
      for (const failure of [owned, interfaces]) {
        expect(failure).toMatchObject({
          code: 'ERR_SOURCE_UNAVAILABLE',
          remedy: expect.stringMatching(/^mount proc.* or name another procRoot$/),
        });
      }
      const { abilities: without } = await scene.answers(place(), {}, 'typescript');
      expect(without.tcp.source).toBe('none');
    });
  });
});
