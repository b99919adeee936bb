import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scan } from '../../../src/index.ts';
import { SCHEMA } from '../../../src/table/schema.ts';
import type { SocketTable } from '../../../src/table/socket-table.ts';
import { inetFile, unixFile } from '../../netstat/synthetic-rows.ts';

let procRoot: string;
let table: SocketTable;
beforeAll(async () => {
  procRoot = mkdtempSync(join(tmpdir(), 'sockscope-absent-'));
  mkdirSync(join(procRoot, 'net'));
  writeFileSync(join(procRoot, 'net/tcp'), inetFile([{ local: '127.0.0.1 80', state: 10, inode: 7 }]));
  writeFileSync(join(procRoot, 'net/unix'), unixFile([{ inode: 8, path: '/run/a' }]));
  const columns = SCHEMA.map(({ name }) => name);
  table = await scan({ procRoot, source: 'procfs', protocols: ['tcp', 'unix'], columns });
});
afterAll(() => rmSync(procRoot, { recursive: true }));

/** What the columns hold of a listener and of a unix socket that /proc does not tell, and what SCHEMA says of it. */
describe('a column of what the source does not know', () => {
  it.each([
    ['sendQ', 0],
    ['ifindex', 0],
    ['cookie', 0],
    ['recvQ', 1],
    ['sendQ', 1],
    ['uid', 1],
    ['ifindex', 1],
    ['cookie', 1],
    ['unixPeer', 1],
  ] as const)('%s holds its absent value in row %i', (name, row) => {
    const { absent, lanes } = SCHEMA.find((column) => column.name === name)!;
    const values = table.column(name)!.subarray(row * lanes, (row + 1) * lanes);
    expect(absent).toBeDefined();
    expect([...values]).toEqual(new Array(lanes).fill(absent));
  });

  it.each([
    ['recvQ', 0],
    ['uid', 0],
    ['inode', 0],
    ['unixRefs', 1],
    ['inode', 1],
  ] as const)('%s is told in row %i', (name, row) => {
    const { absent } = SCHEMA.find((column) => column.name === name)!;
    expect(table.column(name)![row]).not.toBe(absent);
  });
});
