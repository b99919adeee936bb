import { parseAddress } from '../../../src/socket/address.ts';
import { Batch } from '../../../src/table/batch.ts';
import { layoutOf } from '../../../src/table/layout.ts';
import { ABSENT_PROBES, type ColumnName, columnSet, SCHEMA } from '../../../src/table/schema.ts';

type Scalar = Exclude<ColumnName, 'localAddress' | 'remoteAddress' | 'path' | 'cookie'>;

/** A row in words: addresses as text, everything left out is 0. */
export type Row = Partial<Record<Scalar, number>> & {
  readonly local?: string;
  readonly remote?: string;
  readonly path?: Uint8Array | string;
};

/** A batch of all columns. */
export function batchOf(rows: readonly Row[]): Batch {
  const paths = rows.map(({ path = '' }) =>
    typeof path === 'string' ? new TextEncoder().encode(path) : path,
  );
  const heapBytes = paths.reduce((sum, path) => sum + path.length, 0);
  const columns = columnSet(SCHEMA.map(({ name }) => name));
  const { byteLength } = layoutOf(rows.length, columns, heapBytes);
  const batch = new Batch({ rows: rows.length, columns, heapBytes, buffer: new ArrayBuffer(byteLength) });
  let heapEnd = 0;
  for (const [index, row] of rows.entries()) {
    for (const name of SCHEMA.map((spec) => spec.name)) {
      if (name === 'localAddress') putAddress(row.local, batch.require(name), index);
      else if (name === 'remoteAddress') putAddress(row.remote, batch.require(name), index);
      else if (name !== 'path' && name !== 'cookie') {
        batch.require(name)[index] = row[name] ?? (name === 'probes' ? ABSENT_PROBES : 0);
      }
    }
    batch.heap.set(paths[index]!, heapEnd);
    heapEnd += paths[index]!.length;
    batch.require('path')[index + 1] = heapEnd;
  }
  return batch;
}

function putAddress(text: string | undefined, into: Uint8Array, row: number): void {
  if (text === undefined) return;
  if (parseAddress(text, into, row * 16) === undefined) throw new Error(`not an address: ${text}`);
}
