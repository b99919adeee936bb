import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectNetstatsWords, expectOneLine } from './expectations.ts';
import { anywhere } from './place.ts';
import { missingFor, type PlaceScene, startPlaceScene } from './place-scene.ts';

const missing = missingFor();
const PROTOCOLS = { tcp: 6, udp: 17, udplite: 136, raw: 255 } as const;

/** Asks the kernel for listeners of each protocol; prints the errno of each answer, or of its end, else 0. */
const ASK = `
import socket, struct, sys
for protocol in sys.argv[1:]:
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 4) as sock:
        sock.send(struct.pack('=IHHII BBBBI 48x', 72, 20, 0x301, 1, 0, 2, int(protocol), 0, 0, 1 << 10))
        kind, error = struct.unpack_from('=4x H 10x i', sock.recv(8192))
        print(-error if kind in (2, 3) else 0)
`;

/** Which diag modules there are is the kernel's business: it is asked by another way, and the answers must agree. */
describe.skipIf(missing !== undefined)(`a kernel and its diag modules ${missing ?? ''}`, () => {
  let scene: PlaceScene;
  beforeAll(async () => {
    scene = await startPlaceScene();
  });
  afterAll(() => scene?.stop());

  it.each(Object.keys(PROTOCOLS) as (keyof typeof PROTOCOLS)[])('%s', async (protocol) => {
    const [asked] = await scene.runAll(anywhere, [
      [scene.tools.python3, '-IBSc', ASK, String(PROTOCOLS[protocol])],
    ]);
    expect(asked).toMatchObject({ status: 0, stderr: '' });
    const errno = Number(asked!.stdout);
    const { abilities } = await scene.answers(anywhere);
    const letter = { tcp: 't', udp: 'u', udplite: 'U', raw: 'w' }[protocol];
    await expectNetstatsWords(scene, anywhere, [[`-${letter}an`]]);
    const [named] = await scene.sockscope(anywhere, [`-${letter}an`, '--source=netlink']);
    if (errno === 0) {
      expect(abilities[protocol]).toEqual({ source: 'netlink', better: [] });
      expect(named).toMatchObject({ stderr: '', status: 0 });
      return;
    }
    expect(errno).toBe(2);
    const module = protocol === 'udplite' ? 'udp_diag' : `${protocol}_diag`;
    const reason = `the kernel has no ${protocol.toUpperCase()} diag`;
    const remedy = `load the module ${module}; source "procfs" does without`;
    expect(abilities[protocol]).toEqual({
      source: 'procfs',
      better: [{ source: 'netlink', reason, errno, remedy }],
    });
    expect(named!.status).toBe(1);
    expectOneLine(
      named!,
      new RegExp(`the kernel has no ${protocol.toUpperCase()} diag \\(load the module ${module}`),
    );
  });
});
