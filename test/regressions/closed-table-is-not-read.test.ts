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

const heading =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
const line =
  '   0: 0100007F:0050 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 1 1 0 20 0 0 10 -1\n';
let root: string;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'sockscope-'));
  mkdirSync(join(root, 'net'));
  writeFileSync(join(root, 'net/tcp'), heading + line);
  writeFileSync(join(root, 'net/tcp6'), heading);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('a table that an abort has closed', () => {
  it('is not read any more, whatever its descriptor has become', async () => {
    const table = openTable(join(root, 'net/tcp'), false)!;
    expect(table).toBeInstanceOf(OpenTable);
    await table.close();
    const stranger = openSync(join(root, 'net/tcp6'), 'r');
    expect(() => table.begin()).toThrow('is closed');
    expect(readFileSync(stranger, 'utf8')).toBe(heading);
    closeSync(stranger);
  });

  it.each(['worker', 'inline'] as const)('ends the dump with the reason (%s)', async (reader) => {
    const source = createProcfsSource({ root: new ProcRoot(root), reader, workerPath: '/nonexistent' });
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
