import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADDON } from '../leak/scene.ts';
import { requirement } from '../requirements.ts';
import {
  expectAllRows,
  expectNetstatsWords,
  expectOneLine,
  expectOwners,
  expectOwnScreens,
  type Holder,
} from './expectations.ts';
import { asNobody, type Place, refusing, within, withoutCapabilities } from './place.ts';
import { missingFor, type PlaceScene, startPlaceScene } from './place-scene.ts';

const missing = missingFor('seccomp');
const noBpf = requirement('bpf');
const EVERYBODY: readonly Holder[] = ['root', 'daemon', 'nobody', 'undumpable'];
const AF_NETLINK = 16;
const PRINT_WALK = fileURLToPath(new URL('print-walk.cjs', import.meta.url));

/** What socket(AF_NETLINK) may answer, and what would help. */
const REFUSALS = {
  'EPERM, of a container': { errno: 1, word: 'EPERM', remedy: /allow AF_NETLINK in the sandbox/ },
  'EAFNOSUPPORT, of a service manager': {
    errno: 97,
    word: 'EAFNOSUPPORT',
    remedy: /allow AF_NETLINK in the sandbox/,
  },
  'EPROTONOSUPPORT, of a kernel without sock_diag': {
    errno: 93,
    word: 'EPROTONOSUPPORT',
    remedy: /no usable NETLINK_SOCK_DIAG/,
  },
} as const;

/** Deadly words of a filter: of the process, of the thread that calls, by a signal. */
const DEADLY = ['kill', 'kill-thread', 'trap'] as const;
/** All commands of bpf(2) that are ever called. */
const BPF_COMMANDS = {
  BPF_MAP_CREATE: 0,
  BPF_PROG_LOAD: 5,
  BPF_OBJ_PIN: 6,
  BPF_PROG_RUN: 10,
  BPF_LINK_CREATE: 28,
  BPF_ITER_CREATE: 33,
} as const;
const DEADLY_BPF = 'call bpf(2), for which a seccomp filter kills';
/** python3 has no name for such calls: it has the number of this machine. */
function deadlyProof(python3: string, call: 'bpf' | 'setns' | 'kcmp', first = 5): string {
  const numbers = { x64: { bpf: 321, setns: 308, kcmp: 312 }, arm64: { bpf: 280, setns: 268, kcmp: 272 } };
  const number = numbers[process.arch as keyof typeof numbers][call];
  // 128 and SIGSYS: however the filter ends it, the process has one thread.
  return `${python3} -IBS -c "import ctypes; ctypes.CDLL(None).syscall(${number}, ${first}, 0, 0)"; test $? = 159`;
}

describe.skipIf(missing !== undefined)(`a place under seccomp ${missing ?? ''}`, () => {
  let scene: PlaceScene;
  beforeAll(async () => {
    scene = await startPlaceScene();
  });
  afterAll(() => scene?.stop());

  describe.each(Object.entries(REFUSALS))('that refuses AF_NETLINK with %s', (_, { errno, word, remedy }) => {
    const place = (): Place => {
      const tried = `import socket; socket.socket(${AF_NETLINK}, socket.SOCK_RAW, 4)`;
      const proof = `${scene.tools.python3} -IBS -c "${tried}" 2>&1 | grep -q "Errno ${errno}"`;
      return refusing(scene.tools, [`socket:${AF_NETLINK}=${errno}`], proof);
    };

    it("has netstat's words", () => expectNetstatsWords(scene, place()));

    it('has the other screens', () => expectOwnScreens(scene, place()));

    it('is read by /proc, and says why', async () => {
      const { abilities, rows, owned } = await scene.answers(place());
      for (const protocol of ['tcp', 'udp', 'udplite', 'raw', 'unix'] as const) {
        const reason = `socket NETLINK_SOCK_DIAG: ${word}`;
        expect(abilities[protocol]).toEqual({
          source: 'procfs',
          better: [{ source: 'netlink', reason, errno, remedy: expect.stringMatching(remedy) }],
        });
      }
      expect({ source: rows.source, complete: rows.complete }).toEqual({ source: 'procfs', complete: true });
      expectAllRows(rows, scene);
      expectOwners(owned, scene, EVERYBODY);
    });

    it('refuses netlink that is asked for by name', async () => {
      const [refused] = await scene.sockscope(place(), ['-tan', '--source=netlink']);
      expect(refused!.status).toBe(1);
      expectOneLine(refused!, remedy);
      const { rows } = await scene.answers(place(), { source: 'netlink' });
      expect(rows).toMatchObject({ name: 'SockscopeError', code: 'ERR_SOURCE_UNAVAILABLE' });
    });
  });

  describe.each(DEADLY)('where bpf(2) is deadly: %s', (word) => {
    const place = (): Place =>
      refusing(scene.tools, [`bpf=${word}`], deadlyProof(scene.tools.python3, 'bpf'));

    it("has netstat's words", () => expectNetstatsWords(scene, place(), [['-tanp']]));

    it('has the other screens', () => expectOwnScreens(scene, place()));

    it.skipIf(noBpf !== undefined)(`says so ${noBpf ?? ''}`, async () => {
      const reason = `${DEADLY_BPF}: EPERM`;
      const { abilities, owned } = await scene.answers(place(), { owners: ['bpf', 'procfd'] });
      const remedy = expect.stringMatching(/^allow bpf\(2\) in the sandbox/);
      expect(abilities.owners).toEqual({
        source: 'procfd',
        better: [{ source: 'bpf', reason, errno: 1, remedy }],
      });
      expectOwners(owned, scene, EVERYBODY);
      const [refused, pin] = await scene.sockscope(
        place(),
        ['-tanp', '--owners=bpf'],
        ['pin', '--group=root'],
      );
      for (const one of [refused!, pin!]) {
        expect(one.status).toBe(1);
        expectOneLine(one, /call bpf\(2\), for which a seccomp filter kills/);
      }
    });
  });

  it.skipIf(noBpf !== undefined).each(Object.entries(BPF_COMMANDS))(
    `calls no bpf(2) where it is deadly for one command: %s ${noBpf ?? ''}`,
    async (_, command) => {
      const proof = deadlyProof(scene.tools.python3, 'bpf', command);
      const place = refusing(scene.tools, [`bpf:${command}=kill`], proof);
      const { abilities, owned } = await scene.answers(place, { owners: ['bpf', 'procfd'] });
      expect(abilities.owners).toMatchObject({
        source: 'procfd',
        better: [{ reason: `${DEADLY_BPF}: EPERM` }],
      });
      expectOwners(owned, scene, EVERYBODY);
      const [walked] = await scene.runAll(place, [[process.execPath, PRINT_WALK, ADDON]]);
      expect(walked).toMatchObject({ status: 0, stdout: `system: ${DEADLY_BPF}: 1\n`, stderr: '' });
    },
  );

  it.skipIf(noBpf !== undefined)(`walks TCP tables where a filter allows it ${noBpf ?? ''}`, async () => {
    const place = refusing(scene.tools, ['setns=1'], 'grep -q "^Seccomp:.2" /proc/self/status');
    const [walked] = await scene.runAll(place, [[process.execPath, PRINT_WALK, ADDON]]);
    expect(walked).toMatchObject({ status: 0, stdout: 'ok: : 0\n', stderr: '' });
  });

  it('does not call bpf(2) where nobody asks for it, or without the capabilities', async () => {
    const place = refusing(scene.tools, ['bpf=kill'], deadlyProof(scene.tools.python3, 'bpf'));
    const { abilities } = await scene.answers(place);
    expect(abilities.owners).toMatchObject({
      source: 'procfd',
      better: [{ source: 'bpf' }, { source: 'bpf-pinned' }],
    });
    expect(abilities.owners.better[0]!.reason).toMatch(/only where it is asked for/);
    for (const inner of [asNobody, withoutCapabilities(0)]) {
      // The filter's own proof needs a python3 that this user may not have.
      const both = { ...within(place, inner), proof: inner.proof };
      await expectNetstatsWords(scene, both, [['-tanp']]);
      const [refused] = await scene.sockscope(both, ['-tanp', '--owners=bpf']);
      expectOneLine(refused!, /CAP_BPF and CAP_PERFMON, or CAP_SYS_ADMIN, are not in effect/);
    }
  });

  it.skipIf(noBpf !== undefined)(`uses bpf(2) where a filter allows it ${noBpf ?? ''}`, async () => {
    const place = refusing(scene.tools, ['setns=1'], 'grep -q "^Seccomp:.2" /proc/self/status');
    const { abilities, owned } = await scene.answers(place, { owners: ['bpf', 'procfd'] });
    expect(abilities.owners).toEqual({ source: 'bpf', better: [] });
    expectOwners(owned, scene, EVERYBODY);
  });

  it('has no sockets at all: text is read, and what needs one says so', async () => {
    const proof = `${scene.tools.python3} -IBS -c "import socket; socket.socket()" 2>&1 | grep -q "Errno 1\\]"`;
    const place = refusing(scene.tools, ['socket=1'], proof);
    await expectNetstatsWords(scene, place);
    const { abilities, owned, interfaces } = await scene.answers(place);
    expect(abilities.tcp.source).toBe('procfs');
    expectOwners(owned, scene, EVERYBODY);
    const message =
      'list interfaces: no socket may be made: EPERM (allow AF_INET, AF_INET6 or AF_UNIX in the sandbox)';
    expect(interfaces).toMatchObject({ code: 'ERR_SOURCE_UNAVAILABLE', message });
    const [layers, delta] = await scene.sockscope(place, ['layers'], ['delta', '.01']);
    expect(layers).toMatchObject({ status: 1, stderr: `sockscope: layers: ${message}\n` });
    expect(delta).toMatchObject({ status: 0, stderr: '' });
  });

  // The second one is asked about processes of several threads, such as the one that asks.
  it.each(['setns', 'kcmp'] as const)('never calls %s(2)', async (call) => {
    const place = refusing(scene.tools, [`${call}=kill`], deadlyProof(scene.tools.python3, call));
    await expectNetstatsWords(scene, place);
    await expectOwnScreens(scene, place);
    expectOwners((await scene.answers(place)).owned, scene, EVERYBODY);
  });
});
