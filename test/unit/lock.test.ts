import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const lock = fileURLToPath(new URL('../../scripts/lock.mjs', import.meta.url));
const name = `sockscope test ${process.pid}`;

function holder(action: string, kind = ''): string[] {
  return [
    '--input-type=module',
    '-e',
    `import { writeSync } from 'node:fs';
     import { spawn } from 'node:child_process';
     import { heldLocks, withLock } from ${JSON.stringify(lock)};
     await withLock(${JSON.stringify(name)}, ${kind}() => { ${action} });`,
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

  it('is held by what its holder has started, when the holder is killed', async () => {
    const begin = `const stdio = ['ignore', 'ignore', 'ignore', ...heldLocks()];
      writeSync(1, String(spawn('sleep', ['20'], { stdio }).pid)); ${sleep(20_000)}`;
    const first = spawn(process.execPath, holder(begin));
    const worker = Number((await once(first.stdout, 'data'))[0]);
    first.kill('SIGKILL');
    await once(first, 'exit');
    const second = spawn(process.execPath, holder("writeSync(1, 'done')"));
    const said = once(second.stderr, 'data');
    const done = once(second.stdout, 'data').then(([text]) => String(text));
    expect(String((await said)[0])).toBe('sockscope: waiting for another set-up\n');
    process.kill(worker);
    expect(await done).toBe('done');
  });

  it('is held until an action that takes its time has ended', async () => {
    const later = "await new Promise((resolve) => setTimeout(resolve, 300)); writeSync(1, 'first ');";
    const action = `writeSync(1, 'holds '); ${later}`;
    const first = spawn(process.execPath, holder(action, 'async '));
    let text = '';
    first.stdout.on('data', (part) => {
      text += part;
    });
    await once(first.stdout, 'data');
    expect(spawnSync(process.execPath, holder('')).status).toBe(0);
    if (first.exitCode === null) await once(first, 'close');
    expect(text).toBe('holds first ');
  });
});
