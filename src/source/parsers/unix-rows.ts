import { Family } from '../../socket/family.ts';
import { Protocol } from '../../socket/protocol.ts';
import { State } from '../../socket/state.ts';
import type { TableBuilder } from '../../table/builder.ts';
import { ABSENT, ABSENT_PROBES } from '../../table/schema.ts';
import type { Dump, DumpTally } from '../source.ts';
import { BLANK, COLON, FieldCursor, hex2, hex4, isHexDigit, NEWLINE, ZERO } from './digits.ts';
import { MAX_LINE, type RowParser } from './lines.ts';
import { statesPassing } from './states.ts';

/** Bytes a name may have: sizeof sun_path. */
const MAX_PATH = 108;
const AT_SIGN = 0x40;
/** __SO_ACCEPTCON in the Flags column: the socket listens. */
const LISTENING = 0x10000;
/** Digits of the kernel's pointer that begins a row, on a machine of 64 bits and of 32. */
const POINTER_DIGITS = [16, 8];
/** Where the columns of a row begin behind a pointer of 16 digits. */
const REFS = 18;
const PROTOCOL = 27;
const FLAGS = 36;
const TYPE = 45;
const STATE = 50;
const INODE = 53;
const NO_TEXT = new Uint8Array(0);
const NAME_START = new Uint8Array([0]);
const LINE_BREAK = new Uint8Array([NEWLINE]);

/**
 * Rows of /proc/net/unix: `pointer: RefCount Protocol Flags Type St Inode[ Path]`.
 *
 * Two things this file cannot tell, and netlink can. A leading `@` is the NUL of an abstract name or, seldom, the
 * first byte of a relative path: it is taken for the NUL. (Later NULs of an abstract name read `@` and stay so.) And a
 * newline in a path breaks the row: a line that is not a row belongs to the path of the row before, as long as that
 * row has one, the whole is no longer than the kernel's longest name, and the line does not begin as rows do. A path
 * that has a whole row behind its newline therefore forges one.
 *
 * The heading is not looked at, which no kernel writes in another way. Seen of netstat: below one without `Inode` it takes the
 * number for the path, and `-` for the number.
 */
export class UnixRows implements RowParser {
  readonly #builder: TableBuilder;
  readonly #tally: DumpTally;
  readonly #passing: Uint8Array;
  readonly #wanted: boolean;
  /** The bytes that `#text` is over. */
  #bytes: Uint8Array = NO_TEXT;
  #text: DataView = new DataView(NO_TEXT.buffer);
  #row = 0;
  #state = 0;
  /** Bytes of the last row's path; 0 when it has none that could go on. */
  #pathLength = 0;
  /** Whether the last row is in the table: the rest of its path follows it. */
  #added = false;

  constructor(dump: Dump, builder: TableBuilder, tally: DumpTally) {
    this.#builder = builder;
    this.#tally = tally;
    this.#passing = statesPassing(dump.states);
    this.#wanted = dump.families.includes('unix');
  }

  row(bytes: Uint8Array, start: number): number {
    if (bytes !== this.#bytes) this.#look(bytes);
    const read = this.#fixedWidths(bytes, start);
    let end = read < 0 ? start : read;
    while (bytes[end] !== NEWLINE) end++;
    if (read >= 0 && end - start <= MAX_LINE) {
      this.#commit(bytes, Math.min(read + 1, end), end);
      return end;
    }
    const fits = end - start <= MAX_LINE;
    if (fits && (this.#whole(bytes, start, end) || this.#continuation(bytes, start, end))) return end;
    this.#tally.malformed++;
    this.#pathLength = 0;
    return end;
  }

  #look(bytes: Uint8Array): void {
    this.#bytes = bytes;
    this.#text = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  /**
   * Reads a row in the widths of a kernel of 64 bits. Returns the position behind the inode, or -1 when the row is not of
   * that layout. Every byte on the way is compared, so no newline is passed.
   */
  #fixedWidths(bytes: Uint8Array, start: number): number {
    if (start + INODE >= bytes.length || !hasKernelWidths(bytes, start)) return -1;
    const text = this.#text;
    const pointer =
      hex4(text, start) | hex4(text, start + 4) | hex4(text, start + 8) | hex4(text, start + 12);
    const refsHigh = hex4(text, start + REFS);
    const refsLow = hex4(text, start + REFS + 4);
    const protocol = hex4(text, start + PROTOCOL) | hex4(text, start + PROTOCOL + 4);
    const flagsHigh = hex4(text, start + FLAGS);
    const flagsLow = hex4(text, start + FLAGS + 4);
    const type = hex4(text, start + TYPE);
    const state = hex2(text, start + STATE);
    if ((pointer | refsHigh | refsLow | protocol | flagsHigh | flagsLow | type | state) < 0) return -1;
    let at = start + INODE;
    while (bytes[at] === BLANK) at++;
    const digits = at;
    let inode = 0;
    for (let digit = bytes[at]! - ZERO; digit >= 0 && digit < 10; digit = bytes[++at]! - ZERO) {
      inode = inode * 10 + digit;
    }
    const length = at - digits;
    if (length === 0 || length > 10 || inode > ABSENT) return -1;
    if (bytes[at] !== BLANK && bytes[at] !== NEWLINE) return -1;
    const row = this.#builder.begin();
    const to = this.#builder.to;
    const flags = (flagsHigh << 16) | flagsLow;
    to.unixRefs[row] = (refsHigh << 16) | refsLow;
    to.unixType[row] = Math.min(type, 255);
    to.unixFlags[row] = flags;
    to.inode[row] = inode;
    this.#row = row;
    this.#state = stateOf(state, flags);
    return at;
  }

  #whole(bytes: Uint8Array, start: number, end: number): boolean {
    const line = new FieldCursor(bytes, start);
    while (line.at < end && bytes[line.at] !== COLON && bytes[line.at] !== BLANK) line.at++;
    if (line.at === start) return false;
    line.expect(COLON);
    const row = this.#builder.begin();
    const to = this.#builder.to;
    to.unixRefs[row] = line.hex();
    line.hex();
    const flags = line.hex();
    to.unixType[row] = Math.min(line.hex(), 255);
    to.unixFlags[row] = flags;
    this.#row = row;
    this.#state = stateOf(line.hex(), flags);
    if (!line.ok) return false;
    to.inode[row] = line.decimal();
    if (bytes[line.at] !== (line.ok ? BLANK : NEWLINE) && line.at < end) return false;
    this.#commit(bytes, Math.min(line.at + 1, end), end);
    return true;
  }

  /** Adds the row just read, if its state was asked for, and its path, bytes[start, end). */
  #commit(bytes: Uint8Array, start: number, end: number): void {
    this.#added = this.#wanted && this.#passing[this.#state] === 1;
    if (this.#added) {
      const row = this.#row;
      const to = this.#builder.to;
      to.protocol[row] = Protocol.unix;
      to.family[row] = Family.unix;
      to.state[row] = this.#state;
      to.recvQ[row] = ABSENT;
      to.sendQ[row] = ABSENT;
      to.uid[row] = ABSENT;
      to.probes[row] = ABSENT_PROBES;
      this.#builder.commit();
    }
    this.#path(bytes, start, end);
  }

  #path(bytes: Uint8Array, start: number, end: number): void {
    this.#pathLength = end - start;
    if (!this.#added || start === end) return;
    const abstract = bytes[start] === AT_SIGN;
    if (abstract) this.#builder.appendPath(NAME_START, 0, 1);
    this.#builder.appendPath(bytes, abstract ? start + 1 : start, end);
  }

  #continuation(bytes: Uint8Array, start: number, end: number): boolean {
    const length = this.#pathLength + 1 + end - start;
    if (this.#pathLength === 0 || length > MAX_PATH || beginsAsRow(bytes, start)) return false;
    this.#pathLength = length;
    if (!this.#added) return true;
    this.#builder.appendPath(LINE_BREAK, 0, 1);
    this.#builder.appendPath(bytes, start, end);
    return true;
  }
}

/** Whether the colon and the blanks of the row at `start` are where such a kernel puts them. */
function hasKernelWidths(bytes: Uint8Array, start: number): boolean {
  return (
    bytes[start + REFS - 2] === COLON &&
    bytes[start + REFS - 1] === BLANK &&
    bytes[start + PROTOCOL - 1] === BLANK &&
    bytes[start + FLAGS - 1] === BLANK &&
    bytes[start + TYPE - 1] === BLANK &&
    bytes[start + STATE - 1] === BLANK &&
    bytes[start + INODE - 1] === BLANK
  );
}

/** The kernel's SS_* number as the TCP_* number that unix_diag gives; one it does not know reads 128 and more. */
function stateOf(socketState: number, flags: number): number {
  switch (socketState) {
    case 0:
      return 0;
    case 1:
      return (flags & LISTENING) !== 0 ? State.listen : State.close;
    case 2:
      return State['syn-sent'];
    case 3:
      return State.established;
    case 4:
      return State.closing;
    default:
      return Math.min(128 + socketState, 255);
  }
}

function beginsAsRow(bytes: Uint8Array, start: number): boolean {
  let at = start;
  while (isHexDigit(bytes[at])) at++;
  return POINTER_DIGITS.includes(at - start) && bytes[at] === COLON && bytes[at + 1] === BLANK;
}
