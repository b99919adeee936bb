import { State } from '../socket/state.ts';
import type { Batch, ColumnArray } from '../table/batch.ts';
import type { ColumnName } from '../table/schema.ts';
import type { ByteWriter } from './byte-writer.ts';
import { CONTEXT_HEADING, writeContext } from './context-cells.ts';
import { packed, putDecimal } from './digits.ts';
import { type ListingOptions, listingTitle } from './listing.ts';
import { PATH_GROWTH, putPath } from './netstat-quirks.ts';
import { ProgramCells } from './program-cells.ts';

const BLANK = 0x20;
const NEWLINE = 0x0a;
const UNIX = packed('unix');
const LISTENS = State.listen;
/** A row up to its inode, with room for numbers that are longer than their columns. */
const ROW_BYTES = 128;
/** Flags, type and state, and the blank behind each. */
const KIND_BYTES = 37;
/** Bytes of a path that are written at a time. */
const PIECE = 128;

const TYPES: Readonly<Record<number, string>> = {
  1: 'STREAM',
  2: 'DGRAM',
  3: 'RAW',
  4: 'RDM',
  5: 'SEQPACKET',
};

/** The kernel's flags word of a unix socket, with the letters that the table shows. */
const FLAGS: readonly (readonly [number, string])[] = [
  [0x10000, 'ACC '],
  [0x20000, 'W '],
  [0x40000, 'N '],
];

/** The states that /proc/net/unix can tell, as TCP_* numbers. */
const STATES: Readonly<Record<number, string>> = {
  0: 'FREE',
  [State.established]: 'CONNECTED',
  [State['syn-sent']]: 'CONNECTING',
  [State.close]: '',
  [State.listen]: 'LISTENING',
  [State.closing]: 'DISCONNECTING',
};

/** The table of unix sockets. */
export class UnixTable {
  /** Columns that the batches have to carry. */
  readonly columns: readonly ColumnName[] = ['state', 'unixRefs', 'unixFlags', 'unixType', 'inode', 'path'];
  readonly #out: ByteWriter;
  readonly #options: Pick<ListingOptions, 'which' | 'programs' | 'context'>;
  readonly #programs: ProgramCells | undefined;
  /** Flags, type and state in their columns, as words to be stored; by all three. */
  readonly #kinds = new Map<number, Uint32Array>();

  constructor(out: ByteWriter, options: Pick<ListingOptions, 'which' | 'programs' | 'context'>) {
    this.#out = out;
    this.#options = options;
    this.#programs = options.programs === 'none' ? undefined : new ProgramCells(options.programs);
  }

  heading(): void {
    this.#out.ascii(listingTitle('UNIX domain sockets', this.#options.which));
    const program = this.#programs === undefined ? '' : ' PID/Program name    ';
    const context = this.#options.context ? CONTEXT_HEADING : '';
    this.#out.ascii(`Proto RefCnt Flags       Type       State         I-Node  ${program}${context} Path\n`);
  }

  batch(batch: Batch): void {
    const { which } = this.#options;
    const rows = new UnixColumns(batch);
    for (let row = 0; row < batch.length; row++) {
      const listens = rows.state[row] === LISTENS;
      if (which === 'all' || listens === (which === 'listening')) this.#writeRow(batch, rows, row);
    }
  }

  #writeRow(batch: Batch, rows: UnixColumns, row: number): void {
    const out = this.#out;
    out.reserve(ROW_BYTES);
    const { view } = out;
    view.setUint32(out.length, UNIX, true);
    let at = out.length + 6;
    at = Math.max(putDecimal(view, at, rows.refs[row]!), at + 6) + 1;
    const kind = this.#kindOf(rows.flags[row]!, rows.type[row]!, rows.state[row]!);
    for (let word = 0; word < kind.length; word++) view.setUint32(at + 4 * word, kind[word]!, true);
    at += KIND_BYTES;
    out.length = Math.max(putDecimal(view, at, rows.inode[row]!), at + 8);
    this.#programs?.write(out, batch.owners, row);
    if (this.#options.context) writeContext(out, batch.owners, row);
    out.byte(BLANK);
    this.#writePath(batch.heap, rows.path[row]!, rows.path[row + 1]!);
    out.byte(NEWLINE);
  }

  #kindOf(flags: number, type: number, state: number): Uint32Array {
    const key = (state << 11) | (type << 3) | ((flags >>> 16) & 7);
    let words = this.#kinds.get(key);
    if (words === undefined) {
      const cells = [flagLetters(flags), (TYPES[type] ?? 'UNKNOWN').padEnd(10), STATES[state] ?? 'UNKNOWN'];
      const text = cells.join(' ').padEnd(KIND_BYTES);
      words = Uint32Array.from({ length: Math.ceil(KIND_BYTES / 4) }, (_, word) => packed(text, 4 * word));
      this.#kinds.set(key, words);
    }
    return words;
  }

  /** In pieces, since /proc may hold a name of any length. */
  #writePath(heap: Uint8Array, begin: number, end: number): void {
    const out = this.#out;
    for (let start = begin; start < end; start += PIECE) {
      out.reserve(PIECE * PATH_GROWTH);
      out.length = putPath(out.buffer, out.length, heap, start, Math.min(end, start + PIECE));
    }
  }
}

/** The columns of a batch that every row reads. */
class UnixColumns {
  readonly state: ColumnArray<'state'>;
  readonly refs: ColumnArray<'unixRefs'>;
  readonly flags: ColumnArray<'unixFlags'>;
  readonly type: ColumnArray<'unixType'>;
  readonly inode: ColumnArray<'inode'>;
  readonly path: ColumnArray<'path'>;

  constructor(batch: Batch) {
    this.state = batch.require('state');
    this.refs = batch.require('unixRefs');
    this.flags = batch.require('unixFlags');
    this.type = batch.require('unixType');
    this.inode = batch.require('inode');
    this.path = batch.require('path');
  }
}

function flagLetters(flags: number): string {
  let letters = '[ ';
  for (const [bit, letter] of FLAGS) if ((flags & bit) !== 0) letters += letter;
  return `${letters}]`.padEnd(11);
}
