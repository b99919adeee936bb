import type { NativeDump, NativeEnd } from '../../../src/addon/native-dump.ts';
import type { BatchData } from '../../../src/table/batch.ts';
import { layoutOf } from '../../../src/table/layout.ts';
import { type ColumnName, columnSet, elementBytes, SCHEMA } from '../../../src/table/schema.ts';

/** Columns by name, flat: `lanes` numbers a row. */
export type FakeColumns = Partial<Record<Exclude<ColumnName, 'path'>, readonly number[]>>;

/** A batch as the addon gives it, from numbers. */
export function batchData(rows: number, columns: FakeColumns): BatchData {
  const set = columnSet(Object.keys(columns) as ColumnName[]);
  const layout = layoutOf(rows, set, 0);
  const buffer = new ArrayBuffer(layout.byteLength);
  for (const [index, { name, element, lanes }] of SCHEMA.entries()) {
    if (layout.offsets[index]! < 0) continue;
    const View = [Uint8Array, Uint16Array, Uint32Array][Math.log2(elementBytes(element))]!;
    new View(buffer, layout.offsets[index], rows * lanes).set(columns[name as keyof FakeColumns]!);
  }
  return { rows, columns: set, heapBytes: 0, buffer };
}

export function endOf(fields: Partial<NativeEnd> = {}): NativeEnd {
  const counts = { threads: 1, rows: 0, bytes: 0, malformed: 0, duplicates: 0, interrupted: false };
  return { end: true, status: 'ok', operation: '', errno: 0, ...counts, ...fields };
}

/** A native dump that says what the test hands it, when the test does. */
export class FakeDump implements NativeDump {
  cancelled = 0;
  readonly #script: (BatchData | NativeEnd)[] = [];
  readonly #wake: () => void;

  constructor(wake: () => void, script: readonly (BatchData | NativeEnd)[] = []) {
    this.#wake = wake;
    this.#script.push(...script);
  }

  give(...more: (BatchData | NativeEnd)[]): void {
    this.#script.push(...more);
    this.#wake();
  }

  take(): BatchData | NativeEnd | undefined {
    const next = this.#script[0];
    if (next !== undefined && !('end' in next)) this.#script.shift();
    return next;
  }

  cancel(): void {
    this.cancelled += 1;
  }
}
