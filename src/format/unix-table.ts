import { State } from '../socket/state.ts';
import type { Batch } from '../table/batch.ts';
import type { ColumnName } from '../table/schema.ts';
import type { ByteWriter } from './byte-writer.ts';
import { CONTEXT_HEADING, writeContext } from './context-cells.ts';
import { type ListingOptions, listingTitle } from './listing.ts';
import { PATH_GROWTH, putPath } from './netstat-quirks.ts';
import { ProgramCells } from './program-cells.ts';

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
    const states = batch.require('state');
    for (let row = 0; row < batch.length; row++) {
      const listens = states[row] === State.listen;
      if (which === 'all' || listens === (which === 'listening')) this.#writeRow(batch, row);
    }
  }

  #writeRow(batch: Batch, row: number): void {
    const out = this.#out;
    out.ascii('unix  ');
    out.decimalLeft(batch.require('unixRefs')[row]!, 6);
    out.byte(0x20);
    out.left(flagLetters(batch.require('unixFlags')[row]!), 11);
    out.byte(0x20);
    out.left(TYPES[batch.require('unixType')[row]!] ?? 'UNKNOWN', 10);
    out.byte(0x20);
    out.left(STATES[batch.require('state')[row]!] ?? 'UNKNOWN', 13);
    out.byte(0x20);
    out.decimalLeft(batch.require('inode')[row]!, 8);
    this.#programs?.write(out, batch.owners, row);
    if (this.#options.context) writeContext(out, batch.owners, row);
    out.byte(0x20);
    this.#writePath(batch, row);
    out.byte(0x0a);
  }

  /** In pieces, since /proc may hold a name of any length. */
  #writePath(batch: Batch, row: number): void {
    const out = this.#out;
    const bounds = batch.require('path');
    const end = bounds[row + 1]!;
    for (let start = bounds[row]!; start < end; start += PIECE) {
      out.reserve(PIECE * PATH_GROWTH);
      out.length = putPath(out.buffer, out.length, batch.heap, start, Math.min(end, start + PIECE));
    }
  }
}

function flagLetters(flags: number): string {
  let letters = '[ ';
  for (const [bit, letter] of FLAGS) if ((flags & bit) !== 0) letters += letter;
  return `${letters}]`;
}
