import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TCP_HEADING, tcpRow } from './tcp-text.ts';

const main = fileURLToPath(new URL('../../dist/cli/main.cjs', import.meta.url));
/** No kernel has a listener with a peer, but a text may; netstat goes by the remote port. */
const listenerWithPeer = tcpRow('0A');
let root: string;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'sockscope-'));
  mkdirSync(join(root, 'net'));
  writeFileSync(join(root, 'net/tcp'), TCP_HEADING + listenerWithPeer);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('--proc', () => {
  it.each([[['--source', 'procfs']], [[]]])('reads a text by netstat’s rules, addon or not %j', (words) => {
    const { stdout } = spawnSync(process.execPath, [main, ...words, '--proc', root, '-tn'], {
      encoding: 'utf8',
    });
    expect(stdout).toContain('127.0.0.1:80            127.0.0.1:50000         LISTEN');
  });
});
