import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launch, type Namespaced } from '../kernel/namespaced.ts';
import { requirement } from '../requirements.ts';
import { type Project, Workplace } from './consumer.ts';
import { ARM64, NPMS } from './toolchain.ts';

const lacking = requirement('arm64', 'nodes', 'prebuilds', 'dist', 'netns', 'python3');
/** What socket(2) says under an emulator that does not know NETLINK_SOCK_DIAG. */
const REASON = 'socket NETLINK_SOCK_DIAG: EPROTONOSUPPORT';
const [npm11] = Object.values(NPMS);

describe.skipIf(lacking !== undefined)('a consumer on arm64, emulated', () => {
  let scene: Namespaced<{ sockets: number }>;
  let workplace: Workplace;
  let project: Project;
  beforeAll(async () => {
    workplace = new Workplace();
    scene = await launch({ script: fileURLToPath(new URL('consumer_scene.py', import.meta.url)) });
    project = workplace.project('project');
    const words = ['install', workplace.tarball(npm11!)];
    expect(workplace.npm(npm11!, words, project.folder)).toMatchObject({ status: 0, stderr: '' });
  });
  afterAll(async () => {
    await scene?.stop();
    workplace?.remove();
  });

  it('loads the addon, finds no netlink, and answers through /proc', async () => {
    const outcomes = await scene.runAll([project.ask('ask.mjs', ARM64), project.ask('ask.cjs', ARM64)]);
    for (const { status, stdout, stderr } of outcomes) {
      expect({ status, stderr: stderr.toString() }).toEqual({ status: 0, stderr: '' });
      expect(JSON.parse(stdout.toString())).toEqual({
        source: 'procfs',
        reason: REASON,
        rows: scene.description.sockets,
        complete: true,
      });
    }
  });

  it('runs the command, which says why it has no netlink when that is named', async () => {
    const [plain, named, native] = await scene.runAll([
      project.command(ARM64, ['-tan']),
      project.command(ARM64, ['--source=netlink', '-tan']),
      project.command([process.execPath], ['--source=procfs', '-tan']),
    ]);
    expect(plain).toMatchObject({ status: 0, stderr: Buffer.alloc(0) });
    expect(plain!.stdout.toString().trim().split('\n')).toHaveLength(2 + scene.description.sockets);
    expect(plain!.stdout.toString()).toBe(native!.stdout.toString());
    expect(named!.status).toBe(1);
    expect(named!.stderr.toString()).toContain(REASON);
  });
});
