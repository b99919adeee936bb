import { Family } from '../../socket/family.ts';
import { Protocol } from '../../socket/protocol.ts';
import { State } from '../../socket/state.ts';
import type { TableBuilder } from '../../table/builder.ts';
import { ABSENT, columnSet } from '../../table/schema.ts';
import type { Dump, DumpTally } from '../source.ts';
import { BLANK, COLON, FieldCursor, hex2, hex4, NEWLINE, ZERO } from './digits.ts';
import { MAX_LINE, type RowParser } from './lines.ts';
import { statesPassing } from './states.ts';

/** ::ffff:0:0/96, as the third word of an address in memory. */
const MAPPED = new Uint32Array(new Uint8Array([0, 0, 0xff, 0xff]).buffer)[0]!;
/** Digits of `sl` and the blanks before it, at the most, for the kernel's own layout. */
const MAX_NUMBER = 24;
/** The clock tick that `tm->when` counts: USER_HZ is 100 wherever Node runs. */
const TICK_MS = 10;
const MAX_TICKS = Math.floor(ABSENT / TICK_MS);
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

  /**
   * Reads a row in the kernel's widths, from the local address on. Returns the position after what it read (the decimal
   * fields only where a column needs one), or -1 when the row is not of that layout. Every byte on the way is compared, so no newline is passed.
   */
  #fixedWidths(bytes: Uint8Array, local: number, digits: number): number {
    const localPort = local + digits + 1;
    const remote = localPort + 5;
    const remotePort = remote + digits + 1;
    const rest = remotePort + 5;
    if (!hasKernelWidths(bytes, remote, remotePort, rest)) return -1;
    const row = this.#builder.begin();
    const to = this.#builder.to;
    let bad = address(bytes, local, digits, this.#builder.localWords, row);
    bad |= address(bytes, remote, digits, this.#builder.remoteWords, row);
    const near = hex4(bytes, localPort);
    const far = hex4(bytes, remotePort);
    const state = hex2(bytes, rest);
    const sendHigh = hex4(bytes, rest + 3);
    const sendLow = hex4(bytes, rest + 7);
    const recvHigh = hex4(bytes, rest + 12);
    const recvLow = hex4(bytes, rest + 16);
    const timer = hex2(bytes, rest + 21);
    const whenHigh = hex4(bytes, rest + 24);
    const whenLow = hex4(bytes, rest + 28);
    const retransHigh = hex4(bytes, rest + 33);
    const retransLow = hex4(bytes, rest + 37);
    bad |= near | far | state | sendHigh | sendLow | recvHigh | recvLow;
    bad |= timer | whenHigh | whenLow | retransHigh | retransLow;
    if (bad < 0) return -1;
    to.localPort[row] = near;
    to.remotePort[row] = far;
    this.#row = row;
    this.#state = state;
    to.sendQ[row] = (sendHigh << 16) | sendLow;
    to.recvQ[row] = (recvHigh << 16) | recvLow;
    to.timer[row] = timer;
    to.expiresMs[row] = whenHigh === 0 ? whenLow * TICK_MS : milliseconds(whenHigh * 65536 + whenLow);
    to.retrans[row] = retransHigh === 0 && retransLow < 255 ? retransLow : 255;
    return this.#wantsDecimals ? this.#decimals(bytes, rest + 42, row) : rest + 42;
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
    address(line.bytes, local.at, local.digits, this.#builder.localWords, row);
    address(line.bytes, remote.at, remote.digits, this.#builder.remoteWords, row);
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

/** Whether blanks and colons are where the kernel puts them; `rest` is where the state begins. */
function hasKernelWidths(bytes: Uint8Array, remote: number, remotePort: number, rest: number): boolean {
  return (
    bytes[remote - 1] === BLANK &&
    bytes[remotePort - 1] === COLON &&
    bytes[rest - 1] === BLANK &&
    bytes[rest + 2] === BLANK &&
    bytes[rest + 11] === COLON &&
    bytes[rest + 20] === BLANK &&
    bytes[rest + 23] === COLON &&
    bytes[rest + 32] === BLANK &&
    bytes[rest + 41] === BLANK
  );
}

/** Stores the address at `at`, of 8 or 32 digits; negative when one of them is none. */
function address(bytes: Uint8Array, at: number, digits: number, words: Uint32Array, row: number): number {
  const word = row * 4;
  if (digits === 8) {
    words[word] = 0;
    words[word + 1] = 0;
    words[word + 2] = MAPPED;
    return addressWord(bytes, at, words, word + 3);
  }
  return (
    addressWord(bytes, at, words, word) |
    addressWord(bytes, at + 8, words, word + 1) |
    addressWord(bytes, at + 16, words, word + 2) |
    addressWord(bytes, at + 24, words, word + 3)
  );
}

function addressWord(bytes: Uint8Array, at: number, words: Uint32Array, word: number): number {
  const high = hex4(bytes, at);
  const low = hex4(bytes, at + 4);
  words[word] = (high << 16) | low;
  return high | low;
}

/** Where an address begins and how many digits it has, the colon behind it passed. */
function addressField(line: FieldCursor): { at: number; digits: number } {
  line.skipBlanks();
  const at = line.at;
  line.hex();
  const digits = line.at - at;
  if (digits !== 8 && digits !== 32) line.ok = false;
  line.expect(COLON);
  return { at, digits };
}

function milliseconds(ticks: number): number {
  return ticks > MAX_TICKS ? ABSENT : ticks * TICK_MS;
}

function lineLength(bytes: Uint8Array, start: number): number {
  let end = start;
  while (bytes[end] !== NEWLINE) end++;
  return end - start;
}
