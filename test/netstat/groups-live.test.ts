import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launch, type Namespaced } from '../kernel/namespaced.ts';
import { requirement } from '../requirements.ts';

const COMMAND = fileURLToPath(new URL('../../dist/cli/main.cjs', import.meta.url));
const missing = requirement('netns', 'netstat', 'ip', 'python3', 'dist');
const LINES = ['-gn', '-gn4', '-gn6', '-gnx', '-tgn', '-gnW', '-g -n -A inet6'];

describe.skipIf(missing !== undefined)(`groups that sockets have joined ${missing ?? ''}`, () => {
  let scene: Namespaced<{ readonly groups: readonly string[] }>;
  beforeAll(async () => {
    scene = await launch({ script: fileURLToPath(new URL('../kernel/multicast.py', import.meta.url)) });
  });
  afterAll(() => scene?.stop());

  it('are shown as netstat shows them', async () => {
    const commands = LINES.flatMap((line) => [
      { command: 'netstat', args: line.split(' ') },
      { command: process.execPath, args: [COMMAND, ...line.split(' ')] },
    ]);
    const outcomes = await scene.runAll(commands);
    for (const [index, line] of LINES.entries()) {
      const [theirs, ours] = outcomes.slice(2 * index).map(({ stdout, stderr, status }) => ({
        stdout: stdout.toString('latin1').split('\n'),
        stderr: stderr.toString('latin1'),
        status,
      }));
      expect(ours, line).toEqual(theirs);
    }
    const all = outcomes[0]!.stdout.toString();
    for (const group of scene.description.groups) expect(all).toContain(` ${group}\n`);
  });
});
