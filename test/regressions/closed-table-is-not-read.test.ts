import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ProcRoot } from '../../src/proc/proc-root.ts';
import { OpenTable, openTable } from '../../src/source/open-table.ts';
import { createProcfsSource } from '../../src/source/procfs-source.ts';
import { newTally } from '../../src/source/source.ts';
import { columnSet } from '../../src/table/schema.ts';
import { Turn } from '../../src/turn.ts';
import { TCP_HEADING, tcpRow } from './tcp-text.ts';

let root: string;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'sockscope-'));
  mkdirSync(join(root, 'net'));
  writeFileSync(join(root, 'net/tcp'), TCP_HEADING + tcpRow());
  writeFileSync(join(root, 'net/tcp6'), TCP_HEADING);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('a table that an abort has closed', () => {
  it('is not read any more, whatever its descriptor has become', async () => {
    const table = openTable(join(root, 'net/tcp'), false)!;
    expect(table).toBeInstanceOf(OpenTable);
    await table.close();
    const stranger = openSync(join(root, 'net/tcp6'), 'r');
    expect(() => table.begin()).toThrow('is closed');
    expect(readFileSync(stranger, 'utf8')).toBe(TCP_HEADING);
    closeSync(stranger);
  });

  it.each(['worker', 'inline'] as const)('ends the dump with the reason (%s)', async (reader) => {
    const source = createProcfsSource({
      root: new ProcRoot(root),
      reader,
      workerPath: '/nonexistent',
      mayUsePool: async () => true,
    });
    const controller = new AbortController();
    const reason = new Error('enough');
    const dump = {
      protocol: 'tcp',
      families: ['inet', 'inet6'],
      states: 0xfff,
      columns: columnSet(['state']),
    } as const;
    const context = {
      signal: controller.signal,
      threads: 1,
      maxBytes: 1 << 20,
      tally: newTally(),
      turn: new Turn(),
    } as const;
    const reading = (async () => {
      for await (const batch of source.read(dump, context)) {
        expect(batch.length).toBe(1);
        controller.abort(reason);
      }
    })();
    await expect(reading).rejects.toBe(reason);
  });
});
