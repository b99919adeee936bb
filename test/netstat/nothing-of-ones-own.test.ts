import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launch, type Namespaced } from '../kernel/namespaced.ts';
import { Packages } from '../owners/packages.ts';
import { nobody } from '../owners/users.ts';
import { requirement } from '../requirements.ts';

const missing = requirement('root', 'netns', 'pidns', 'ip', 'python3', 'netstat', 'setpriv', 'addon', 'dist');
/** It took an accident of timing to see one's own sockets. */
const RUNS = 8;

describe.skipIf(missing !== undefined)(`-p of a user who holds no socket ${missing ?? ''}`, () => {
  let packages: Packages;
  let scene: Namespaced<unknown>;
  beforeAll(async () => {
    packages = new Packages();
    const script = fileURLToPath(new URL('../kernel/multicast.py', import.meta.url));
    scene = await launch({ script, pids: true });
  });
  afterAll(async () => {
    await scene?.stop();
    packages?.remove();
  });

  it('says that nothing could be read, though we ask the kernel through sockets', async () => {
    const [setpriv, ...options] = nobody;
    const asNobody = (...words: string[]) => ({ command: setpriv!, args: [...options, ...words] });
    const command = packages.command('native');
    const outcomes = await scene.runAll([
      asNobody('netstat', '-uanp'),
      ...Array.from({ length: RUNS }, () => asNobody(process.execPath, command, '-uanp')),
    ]);
    const [theirs, ...ours] = outcomes.map(({ stdout, stderr }) => ({
      stdout: stdout.toString('latin1').split('\n').length,
      stderr: stderr.toString(),
    }));
    expect(theirs!.stderr).toMatch(
      /^\(No info could be read for "-p": geteuid\(\)=\d+ but you should be root/,
    );
    for (const one of ours) expect(one).toEqual(theirs);
  });
});
