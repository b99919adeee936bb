import { Family } from '../../socket/family.ts';
import { Protocol } from '../../socket/protocol.ts';
import { State } from '../../socket/state.ts';
import type { TableBuilder } from '../../table/builder.ts';
import { ABSENT, columnSet } from '../../table/schema.ts';
import type { Dump, DumpTally } from '../source.ts';
import { address, addressField } from './address.ts';
import { BLANK, COLON, FieldCursor, hex2, hex4, NEWLINE, ZERO } from './digits.ts';
import { isIdle } from './idle.ts';
import { MAX_LINE, type RowParser } from './lines.ts';
import { statesPassing } from './states.ts';

/** Digits of `sl` and the blanks before it, at the most, for the kernel's own layout. */
const MAX_NUMBER = 24;
/** The clock tick that `tm->when` counts: USER_HZ is 100 wherever Node runs. */
const TICK_MS = 10;
const MAX_TICKS = Math.floor(ABSENT / TICK_MS);
/** Bytes from the state to the blank behind retrnsmt. */
const REST = 42;
const NO_TEXT = new Uint8Array(0);
/** The columns of the fields behind retrnsmt. */
const DECIMALS = columnSet(['uid', 'probes', 'inode']);
/** 255 is the absent value of `probes`. */
const MAX_PROBES = 254;

/**
 * Rows of /proc/net/{tcp,udp,udplite,raw} and their IPv6 siblings:
 * `sl: local:port remote:port st tx_queue:rx_queue tr:when retrnsmt uid timeout inode ...`.
 *
 * The kernel prints each 32-bit word of an address as a number, so storing it as a word restores the order in memory.
 * The length of the local address tells the family. Lines in the kernel's layout take a short way; any other widths
 * are read field by field. tcp needs the fields up to retrnsmt, the others up to when; the rest reads 0.
 */
export class InetRows implements RowParser {
  readonly #builder: TableBuilder;
  readonly #tally: DumpTally;
  readonly #protocol: number;
  readonly #isTcp: boolean;
  readonly #passing: Uint8Array;
  readonly #inet: boolean;
  readonly #inet6: boolean;
  readonly #wantsDecimals: boolean;
  /** The bytes that `#text` is over. */
  #bytes: Uint8Array = NO_TEXT;
  #text: DataView = new DataView(NO_TEXT.buffer);
  #at = 0;
  #row = 0;
  #state = 0;

  constructor(dump: Dump, builder: TableBuilder, tally: DumpTally) {
    this.#builder = builder;
    this.#tally = tally;
    this.#protocol = Protocol[dump.protocol];
    this.#isTcp = dump.protocol === 'tcp';
    this.#passing = statesPassing(dump.states);
    this.#inet = dump.families.includes('inet');
    this.#inet6 = dump.families.includes('inet6');
    this.#wantsDecimals = (dump.columns & DECIMALS) !== 0;
  }

  row(bytes: Uint8Array, start: number): number {
    if (bytes !== this.#bytes) this.#look(bytes);
    let at = start;
    while (bytes[at] === BLANK) at++;
    while (bytes[at]! >= ZERO && bytes[at]! < ZERO + 10) at++;
    if (bytes[at] === COLON && bytes[at + 1] === BLANK && at - start < MAX_NUMBER) {
      at += 2;
      const digits = bytes[at + 8] === COLON ? 8 : bytes[at + 32] === COLON ? 32 : 0;
      const end = digits === 0 ? -1 : this.#fixedWidths(bytes, at, digits);
      if (end >= 0 && end - start <= MAX_LINE) {
        this.#commit(digits);
        return end;
      }
    }
    this.#anyWidths(bytes, start);
    return start;
  }

  #look(bytes: Uint8Array): void {
    this.#bytes = bytes;
    this.#text = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  /**
   * Reads a row in the kernel's widths, from the local address on. Returns the position after what it read (the decimal
   * fields only where a column needs one), or -1 when the row is not of that layout. Every byte on the way is compared,
   * so no newline is passed.
   */
  #fixedWidths(bytes: Uint8Array, local: number, digits: number): number {
    const localPort = local + digits + 1;
    const remote = localPort + 5;
    const remotePort = remote + digits + 1;
    const rest = remotePort + 5;
    if (rest + REST > bytes.length) return -1;
    if (bytes[remote - 1] !== BLANK || bytes[remotePort - 1] !== COLON || bytes[rest - 1] !== BLANK)
      return -1;
    const text = this.#text;
    const row = this.#builder.begin();
    const to = this.#builder.to;
    const near = hex4(text, localPort);
    const far = hex4(text, remotePort);
    const state = hex2(text, rest);
    const bad =
      address(text, local, digits, this.#builder.localWords, row) |
      address(text, remote, digits, this.#builder.remoteWords, row);
    if ((bad | near | far | state) < 0) return -1;
    if (isIdle(text, rest + 2)) {
      to.sendQ[row] = 0;
      to.recvQ[row] = 0;
      to.timer[row] = 0;
      to.expiresMs[row] = 0;
      to.retrans[row] = 0;
    } else if (!this.#activity(bytes, rest, row)) return -1;
    to.localPort[row] = near;
    to.remotePort[row] = far;
    this.#row = row;
    this.#state = state;
    return this.#wantsDecimals ? this.#decimals(bytes, rest + REST, row) : rest + REST;
  }

  /** Queues, timer and retransmissions of a row whose state is at `rest`; false when they are not in the kernel's widths. */
  #activity(bytes: Uint8Array, rest: number, row: number): boolean {
    if (!hasKernelWidths(bytes, rest)) return false;
    const text = this.#text;
    const to = this.#builder.to;
    const sendHigh = hex4(text, rest + 3);
    const sendLow = hex4(text, rest + 7);
    const recvHigh = hex4(text, rest + 12);
    const recvLow = hex4(text, rest + 16);
    const timer = hex2(text, rest + 21);
    const whenHigh = hex4(text, rest + 24);
    const whenLow = hex4(text, rest + 28);
    const retransHigh = hex4(text, rest + 33);
    const retransLow = hex4(text, rest + 37);
    to.sendQ[row] = (sendHigh << 16) | sendLow;
    to.recvQ[row] = (recvHigh << 16) | recvLow;
    to.timer[row] = timer;
    to.expiresMs[row] = whenHigh === 0 ? whenLow * TICK_MS : milliseconds(whenHigh * 65536 + whenLow);
    to.retrans[row] = retransHigh === 0 && retransLow < 255 ? retransLow : 255;
    const queues = sendHigh | sendLow | recvHigh | recvLow;
    return (queues | timer | whenHigh | whenLow | retransHigh | retransLow) >= 0;
  }

  /** uid, timeout and inode, from `at` on. Returns the position after them, or -1 when one is missing or odd. */
  #decimals(bytes: Uint8Array, at: number, row: number): number {
    const to = this.#builder.to;
    this.#at = at;
    const uid = this.#decimal(bytes);
    const probes = this.#decimal(bytes);
    const inode = this.#decimal(bytes);
    if (uid < 0 || probes < 0 || inode < 0) return -1;
    to.uid[row] = uid;
    to.probes[row] = Math.min(probes, MAX_PROBES);
    to.inode[row] = inode;
    return this.#at;
  }

  /** Blanks and a number of up to ten digits at #at, which is moved behind them; -1 when there is anything else. */
  #decimal(bytes: Uint8Array): number {
    let at = this.#at;
    while (bytes[at] === BLANK) at++;
    const start = at;
    let value = 0;
    for (let digit = bytes[at]! - ZERO; digit >= 0 && digit < 10; digit = bytes[++at]! - ZERO) {
      value = value * 10 + digit;
      if (at - start >= 10) return -1;
    }
    this.#at = at;
    const ended = bytes[at] === BLANK || bytes[at] === NEWLINE;
    return at > start && ended && value <= ABSENT ? value : -1;
  }

  /** Reads a row of any widths into the same columns, or counts it as malformed. */
  #anyWidths(bytes: Uint8Array, start: number): void {
    const digits = this.#anyFields(new FieldCursor(bytes, start));
    if (digits > 0 && lineLength(bytes, start) <= MAX_LINE) this.#commit(digits);
    else this.#tally.malformed++;
  }

  /** Returns the number of digits of an address; 0 when the row lacks a field that it must have. */
  #anyFields(line: FieldCursor): number {
    const row = this.#builder.begin();
    const to = this.#builder.to;
    line.decimal();
    line.expect(COLON);
    const local = addressField(line);
    to.localPort[row] = line.hex();
    const remote = addressField(line);
    to.remotePort[row] = line.hex();
    this.#row = row;
    this.#state = Math.min(line.hex(), 255);
    to.sendQ[row] = line.hex();
    line.expect(COLON);
    to.recvQ[row] = line.hex();
    to.timer[row] = Math.min(line.hex(), 255);
    line.expect(COLON);
    to.expiresMs[row] = milliseconds(line.hex());
    const complete = line.ok;
    to.retrans[row] = Math.min(line.hex(), 255);
    if (!complete || (this.#isTcp && !line.ok) || local.digits !== remote.digits) return 0;
    to.uid[row] = line.decimal();
    to.probes[row] = Math.min(line.decimal(), MAX_PROBES);
    to.inode[row] = line.decimal();
    address(this.#text, local.at, local.digits, this.#builder.localWords, row);
    address(this.#text, remote.at, remote.digits, this.#builder.remoteWords, row);
    return local.digits;
  }

  /** Adds the row just read, unless its family or state was not asked for. */
  #commit(digits: number): void {
    if (this.#passing[this.#state] === 0) return;
    if (digits === 8 ? !this.#inet : !this.#inet6) return;
    const row = this.#row;
    const to = this.#builder.to;
    to.protocol[row] = this.#protocol;
    to.family[row] = digits === 8 ? Family.inet : Family.inet6;
    to.state[row] = this.#state;
    if (this.#isTcp && this.#state === State.listen) to.sendQ[row] = ABSENT;
    this.#builder.commit();
  }
}

/** Whether blanks and colons are where the kernel puts them behind the state, which is at `rest`. */
function hasKernelWidths(bytes: Uint8Array, rest: number): boolean {
  return (
    bytes[rest + 2] === BLANK &&
    bytes[rest + 11] === COLON &&
    bytes[rest + 20] === BLANK &&
    bytes[rest + 23] === COLON &&
    bytes[rest + 32] === BLANK &&
    bytes[rest + 41] === BLANK
  );
}

function milliseconds(ticks: number): number {
  return ticks > MAX_TICKS ? ABSENT : ticks * TICK_MS;
}

function lineLength(bytes: Uint8Array, start: number): number {
  let end = start;
  while (bytes[end] !== NEWLINE) end++;
  return end - start;
}
