import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  expectNetstatsWords,
  expectOneLine,
  expectOwners,
  expectOwnScreens,
  type Holder,
} from './expectations.ts';
import { asNobody, inUserNamespace, type Place, withoutCapabilities } from './place.ts';
import { missingFor, type PlaceScene, startPlaceScene } from './place-scene.ts';

const missing = missingFor();

/** Who asks, and whose sockets he may be told of. */
const ASKERS: Readonly<Record<string, { readonly place: Place; readonly sees: readonly Holder[] }>> = {
  nobody: { place: asNobody, sees: ['nobody'] },
  'nobody without a capability, and no_new_privs': { place: withoutCapabilities(65534), sees: ['nobody'] },
  // Its own processes have more capabilities than it has: it may not look into them.
  'root without a capability, and no_new_privs': { place: withoutCapabilities(0), sees: [] },
  'root of a user namespace': { place: inUserNamespace, sees: [] },
};

describe.skipIf(missing !== undefined)(`a place with few privileges ${missing ?? ''}`, () => {
  let scene: PlaceScene;
  beforeAll(async () => {
    scene = await startPlaceScene();
  });
  afterAll(() => scene?.stop());

  describe.each(Object.entries(ASKERS))('%s', (_, { place, sees }) => {
    it("has netstat's words", () => expectNetstatsWords(scene, place));

    it('has the other screens', () => expectOwnScreens(scene, place));

    it.each(['native', 'typescript'] as const)('is told what may be known (%s)', async (kind) => {
      const { abilities, owned } = await scene.answers(place, { owners: ['bpf', 'procfd'] }, kind);
      expect(abilities.tcp.source).toBe(kind === 'native' ? 'netlink' : 'procfs');
      expect(abilities.owners).toMatchObject({ source: 'procfd', better: [{ source: 'bpf' }] });
      expectOwners(owned, scene, sees);
    });

    it('is refused BPF in one line, with a remedy', async () => {
      const [refused] = await scene.sockscope(place, ['-tanp', '--owners=bpf']);
      expect(refused!.status).toBe(1);
      expectOneLine(refused!, /bpf.*\((run as root|allow bpf\(2\)|run in the user namespace)/i);
    });
  });

  it('root of user and network namespaces of its own sees that nothing is there', async () => {
    const alone: Place = {
      words: ['unshare', '-U', '-r', '-n'],
      proof: `${inUserNamespace.proof} && test "$(wc -l < /proc/net/tcp)" = 1`,
    };
    await expectNetstatsWords(scene, alone, [['-ain'], ['-tanp'], ['-rn'], ['-gn'], ['-s']]);
    const [nat, layers] = await scene.sockscope(alone, ['-Mn'], ['layers']);
    expect(nat!.stderr).toMatch(/^(netstat: no support for `ip_masquerade' on this system\.\n)?$/);
    expect(layers).toMatchObject({ stderr: '', status: 0 });
    expect(layers!.stdout).toMatch(/^LINK {8}1 interface, 0 up /);
  });
});
