import { describe, expect, it } from 'vitest';
import { Family } from '../../../src/socket/family.ts';
import { RunningReport } from '../../../src/table/report.ts';
import { SCHEMA } from '../../../src/table/schema.ts';
import { SocketTable } from '../../../src/table/socket-table.ts';
import { batchOf, type RowValues } from './batches.ts';

/** Fields of a row that stand for columns of other names. */
const FIELD_OF: Readonly<Record<string, string>> = {
  localAddress: 'local',
  localPort: 'local',
  remoteAddress: 'remote',
  remotePort: 'remote',
};

describe('every column', () => {
  it('is a field of a row, and of its copy', () => {
    const ones = Object.fromEntries(
      SCHEMA.filter(({ element }) => element !== 'heap').map(({ name, lanes }) => [
        name,
        new Array(lanes).fill(1),
      ]),
    );
    const rows: RowValues[] = [Family.inet, Family.unix].map((family) => ({
      ...ones,
      family,
      path: new Uint8Array([97]),
    }));
    const table = new SocketTable([batchOf(rows)], new RunningReport());
    const fields = rows.flatMap((_, index) => Object.keys(table.row(index).toObject()));
    const columns = SCHEMA.map(({ name }) => FIELD_OF[name] ?? name);
    expect(columns.filter((name) => !fields.includes(name))).toEqual([]);
  });
});
