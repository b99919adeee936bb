import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Packages } from '../owners/packages.ts';
import { demand, GROUP } from '../owners/pinning.ts';
import { type OwnersScene, startOwnersScene } from '../owners/scene.ts';
import { command } from '../owners/subjects.ts';
import { nobody, nobodyIn } from '../owners/users.ts';
import { requirement } from '../requirements.ts';

const missing = requirement(
  ...(['root', 'netns', 'mountns', 'bpf', 'bpffs', 'python3', 'setpriv', 'addon', 'dist'] as const),
);

const FOLDER = '/run/sockscope';
const PINNED = `${FOLDER}/owners`;

describe.skipIf(missing !== undefined)(`pin and unpin${missing === undefined ? '' : ` (${missing})`}`, () => {
  let packages: Packages;
  let scene: OwnersScene;
  beforeAll(async () => {
    packages = new Packages();
    scene = await startOwnersScene(['sharing']);
    // A /run that goes with the scene's mount namespace.
    await demand(scene, 'mount', ['-t', 'tmpfs', 'tmpfs', '/run']);
  });
  afterAll(async () => {
    await scene?.stop();
    packages?.remove();
  });

  const sockscope = (words: readonly string[], as: readonly string[] = []) =>
    command(scene, packages, words, { as });
  const listing = async (as: readonly string[]): Promise<string> =>
    (await sockscope(['-tlnp', '--owners=bpf-pinned'], as)).stdout;
  const isThere = async (path: string): Promise<boolean> =>
    (await scene.run('test', ['-e', path])).status === 0;

  it('lets a group name the owners of root’s sockets, until it is taken back', async () => {
    expect(await sockscope(['pin', '--group', String(GROUP)])).toEqual({
      status: 0,
      stdout: `members of group ${GROUP} can now list the owner of every socket: sockscope -p reads ${PINNED}\n`,
      stderr: '',
    });
    expect(await demand(scene, 'stat', ['-c', '%a %g', PINNED])).toBe(`440 ${GROUP}\n`);

    const { localPort, holders } = scene.description.sockets.find(({ name }) => name === 'tcp listener')!;
    const row = `127.0.0.1:${localPort}`.padEnd(24);
    const owned = `${row}0.0.0.0:*               LISTEN      ${holders[0]!.pid}/python3`;
    expect(await listing(nobodyIn(GROUP))).toContain(owned);
    const automatic = await sockscope(['-tlnp'], nobodyIn(GROUP));
    expect(automatic).toMatchObject({ stdout: expect.stringContaining(owned), stderr: '' });

    const stranger = await sockscope(['-tlnp', '--owners=bpf-pinned'], nobody);
    expect(stranger).toMatchObject({ status: 1, stdout: '' });
    expect(stranger.stderr).toMatch(/^sockscope: find owners[^\n]*EACCES[^\n]*\n$/);
    expect(await sockscope(['unpin'], nobodyIn(GROUP))).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/^sockscope: unpin: [^\n]*\(run it as root\)\n$/),
    });

    expect(await sockscope(['unpin'])).toEqual({ status: 0, stdout: `removed ${PINNED}\n`, stderr: '' });
    expect(await isThere(FOLDER)).toBe(false);
    expect((await scene.run('grep', ['-q', FOLDER, '/proc/self/mounts'])).status).toBe(1);
    expect(await sockscope(['unpin'])).toMatchObject({
      status: 1,
      stderr: `sockscope: unpin: nothing is pinned at ${PINNED}\n`,
    });
  });

  it('gives the file to another group, in place', async () => {
    await sockscope(['pin', '--group', String(GROUP)]);
    await sockscope(['pin', '--group', 'root']);
    expect(await demand(scene, 'stat', ['-c', '%a %G', PINNED])).toBe('440 root\n');
    expect(await listing(nobodyIn(GROUP))).toBe('');
    expect(await sockscope(['unpin'])).toMatchObject({ status: 0 });
  });

  it('leaves nothing where the group could not get there', async () => {
    await demand(scene, 'chmod', ['0700', '/run']);
    const refused = await sockscope(['pin', '--group', String(GROUP)]);
    await demand(scene, 'chmod', ['0755', '/run']);
    expect(refused).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('cannot pass /run, mode 0700 ('),
    });
    expect(await isThere(FOLDER)).toBe(false);
  });

  it('needs a BPF file system, and the right to it', async () => {
    expect(await sockscope(['pin', '--group', 'root', '--path', `${scene.folder}/owners`])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining(`${scene.folder} is in no BPF file system`),
    });
    expect(await sockscope(['pin', '--group', 'root'], nobody)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('this process may not load BPF programs'),
    });
  });
});
