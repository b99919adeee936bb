import type { ColumnName } from './columns.ts';

/** 32-bit columns hold this where the source does not know the number. */
export const ABSENT = 0xffffffff;
/** The `probes` column holds this where the source does not know the number. */
export const ABSENT_PROBES = 255;

/**
 * The columns of a batch, in the order in which they lie in its buffer; `Columns` says what they mean.
 * native/core/columns.h holds the same list; the loader compares the two and refuses an addon whose layout differs.
 *
 * `element` is the array type, `lanes` how many elements make a row. The heap column `path` has n + 1 offsets into the
 * bytes that follow the last column: row i's path is heap[offset[i] .. offset[i + 1]). `absent` is what a column holds where
 * its source does not know, or was not told: undefined where every source knows.
 */
export const SCHEMA = [
  { name: 'protocol', element: 'u8', lanes: 1, absent: undefined },
  { name: 'family', element: 'u8', lanes: 1, absent: undefined },
  { name: 'state', element: 'u8', lanes: 1, absent: 0 },
  { name: 'timer', element: 'u8', lanes: 1, absent: undefined },
  { name: 'retrans', element: 'u8', lanes: 1, absent: undefined },
  { name: 'probes', element: 'u8', lanes: 1, absent: ABSENT_PROBES },
  { name: 'expiresMs', element: 'u32', lanes: 1, absent: undefined },
  { name: 'localAddress', element: 'u8', lanes: 16, absent: undefined },
  { name: 'remoteAddress', element: 'u8', lanes: 16, absent: undefined },
  { name: 'localPort', element: 'u16', lanes: 1, absent: undefined },
  { name: 'remotePort', element: 'u16', lanes: 1, absent: undefined },
  { name: 'ifindex', element: 'u32', lanes: 1, absent: 0 },
  { name: 'recvQ', element: 'u32', lanes: 1, absent: ABSENT },
  { name: 'sendQ', element: 'u32', lanes: 1, absent: ABSENT },
  { name: 'uid', element: 'u32', lanes: 1, absent: ABSENT },
  { name: 'inode', element: 'u32', lanes: 1, absent: undefined },
  { name: 'cookie', element: 'u32', lanes: 2, absent: 0 },
  { name: 'path', element: 'heap', lanes: 1, absent: undefined },
  { name: 'unixType', element: 'u8', lanes: 1, absent: undefined },
  { name: 'unixPeer', element: 'u32', lanes: 1, absent: 0 },
  { name: 'unixRefs', element: 'u32', lanes: 1, absent: 0 },
  { name: 'unixFlags', element: 'u32', lanes: 1, absent: undefined },
] as const satisfies readonly ColumnSpec[];

export interface ColumnSpec {
  readonly name: ColumnName;
  readonly element: 'u8' | 'u16' | 'u32' | 'heap';
  readonly lanes: number;
  readonly absent: number | undefined;
}

/** Version of the layout; goes up with every change to SCHEMA. native/core/columns.h: kLayoutVersion. */
export const LAYOUT_VERSION = 1;

/** Rows a batch holds at the most. */
export const BATCH_ROWS = 8192;

/** A set of columns, as bits: bit i stands for SCHEMA[i]. */
export type ColumnSet = number;

export type { ColumnName };

/** Position of a column in SCHEMA. */
export const columnIndex = Object.fromEntries(SCHEMA.map((spec, index) => [spec.name, index])) as Readonly<
  Record<ColumnName, number>
>;

export function columnSet(names: Iterable<ColumnName>): ColumnSet {
  let set = 0;
  for (const name of names) set |= 1 << columnIndex[name];
  return set;
}

export function hasColumn(set: ColumnSet, name: ColumnName): boolean {
  return (set & (1 << columnIndex[name])) !== 0;
}

/** Bytes an element takes. */
export function elementBytes(element: ColumnSpec['element']): number {
  return element === 'u8' ? 1 : element === 'u16' ? 2 : 4;
}
