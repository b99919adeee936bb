import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const lock = fileURLToPath(new URL('../../scripts/lock.mjs', import.meta.url));
const name = `sockscope test ${process.pid}`;

function holder(action: string): string[] {
  return [
    '--input-type=module',
    '-e',
    `import { writeSync } from 'node:fs';
     import { withLock } from ${JSON.stringify(lock)};
     await withLock(${JSON.stringify(name)}, () => { ${action} });`,
  ];
}

const sleep = (milliseconds: number) =>
  `Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ${milliseconds})`;

describe('the lock of the set-up', () => {
  it('makes a second one wait for the first', async () => {
    const first = spawn(process.execPath, holder(`writeSync(1, 'holds'); ${sleep(500)}`));
    await once(first.stdout, 'data');
    const second = spawnSync(process.execPath, holder("writeSync(1, 'done')"), { encoding: 'utf8' });
    expect(second).toMatchObject({
      status: 0,
      stdout: 'done',
      stderr: 'sockscope: waiting for another set-up\n',
    });
    expect(first.exitCode ?? (await once(first, 'exit'))[0]).toBe(0);
  });

  it('is void when its holder is killed', async () => {
    const first = spawn(process.execPath, holder(`writeSync(1, 'holds'); ${sleep(20_000)}`));
    await once(first.stdout, 'data');
    first.kill('SIGKILL');
    await once(first, 'exit');
    expect(spawnSync(process.execPath, holder(''), { encoding: 'utf8' })).toMatchObject({
      status: 0,
      stderr: '',
    });
  });
});
