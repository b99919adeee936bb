import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TCP_HEADING, tcpRow } from './tcp-text.ts';

const library = fileURLToPath(new URL('../../dist/index.js', import.meta.url));
let root: string;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'sockscope-'));
  mkdirSync(join(root, 'net'));
  // Long enough for a thread of its own, and for several batches.
  writeFileSync(join(root, 'net/tcp'), TCP_HEADING + tcpRow().repeat(40_000));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Runs a module that does nothing but what its text says: nothing else keeps its event loop alive. */
function runAlone(text: string) {
  const script = `import { openHost } from ${JSON.stringify(library)};
    const host = await openHost({ source: 'procfs', procRoot: ${JSON.stringify(root)} });
    ${text}`;
  return spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
}

describe('a scan that is ended while a thread reads for it', () => {
  it('throws the reason of an abort', () => {
    const result = runAlone(`
      const controller = new AbortController();
      try {
        for await (const _ of host.batches({ protocols: ['tcp'], signal: controller.signal })) controller.abort('enough');
      } catch (error) { console.log('settled', error); }`);
    expect(result).toMatchObject({ status: 0, stdout: 'settled enough\n', stderr: '' });
  });

  it('throws ERR_CLOSED when its host is closed', () => {
    const result = runAlone(`
      try {
        for await (const _ of host.batches({ protocols: ['tcp'] })) await host.close();
      } catch (error) { console.log('settled', error.code); }`);
    expect(result).toMatchObject({ status: 0, stdout: 'settled ERR_CLOSED\n', stderr: '' });
  });

  it('ends at its deadline', () => {
    const result = runAlone(`
      const table = await host.scan({ protocols: ['tcp'], deadlineMs: 10 });
      console.log('settled', table.length <= 40_000);`);
    expect(result).toMatchObject({ status: 0, stdout: 'settled true\n', stderr: '' });
  });
});
