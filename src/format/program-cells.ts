import type { BatchOwners } from '../table/owners.ts';
import type { ByteWriter } from './byte-writer.ts';
import type { Programs } from './listing.ts';
import { programLabel } from './netstat-quirks.ts';

/** Who holds the sockets of a list of rows, and what is known of those processes. */
export type RowOwners = Pick<BatchOwners, 'ownerStart' | 'ownerPid' | 'processes'>;

const CELL = 20;
const CELL_WORDS = CELL / 4;
/** A power of two; most hosts have fewer processes that hold sockets. */
const SLOTS = 4096;
const COMMA = 0x2c;
/** Where the cell of a socket without a known owner stands. */
const NOBODY = 0;
const NOBODY_LABEL = Uint8Array.of(0x2d);
const NO_PID = 0xffffffff;

/**
 * What `-p` adds to a row: ` 20/node            `, or a minus. Each process's cell is made once and copied from then on,
 * so all owners have to be of one search: in another one a pid may be another process's.
 */
export class ProgramCells {
  readonly #holders: Exclude<Programs, 'none'>;
  /** Cells one after the other, each as it is stored: little-endian words. */
  #words = new Uint32Array(64 * CELL_WORDS);
  #used = 0;
  /** By pid: where its cell begins in #words; NOBODY for a process that has gone before its name was read. */
  readonly #places = new Map<number, number>();
  readonly #labels = new Map<number, Uint8Array | undefined>();
  /** Pids that were met, each in the slot of its low bits, and their places: a Map costs several times as much. */
  readonly #met = new Uint32Array(SLOTS).fill(NO_PID);
  readonly #metPlaces = new Uint32Array(SLOTS);

  constructor(holders: Exclude<Programs, 'none'>) {
    this.#holders = holders;
    this.#addCell(NOBODY_LABEL);
  }

  /** Writes the column of a row; without owners that of a socket without any. */
  write(out: ByteWriter, owners: RowOwners | undefined, row: number): void {
    if (this.#holders === 'all') this.#writeAll(out, owners, row);
    else this.#writeFirst(out, owners === undefined ? NOBODY : this.#firstOf(owners, row));
  }

  #writeFirst(out: ByteWriter, place: number): void {
    out.reserve(1 + CELL);
    const { view, length } = out;
    const words = this.#words;
    view.setUint32(length + 1, words[place]!, true);
    view.setUint32(length + 5, words[place + 1]!, true);
    view.setUint32(length + 9, words[place + 2]!, true);
    view.setUint32(length + 13, words[place + 3]!, true);
    view.setUint32(length + 17, words[place + 4]!, true);
    out.length = length + 1 + CELL;
  }

  /** netstat names the lowest pid; here the lowest that is still known. */
  #firstOf({ ownerStart, ownerPid, processes }: RowOwners, row: number): number {
    const end = ownerStart[row + 1]!;
    for (let at = ownerStart[row]!; at < end; at++) {
      const pid = ownerPid[at]!;
      const slot = pid & (SLOTS - 1);
      if (this.#met[slot] !== pid) {
        this.#metPlaces[slot] = this.#placeOf(pid, processes);
        this.#met[slot] = pid;
      }
      const place = this.#metPlaces[slot]!;
      if (place !== NOBODY) return place;
    }
    return NOBODY;
  }

  #placeOf(pid: number, processes: RowOwners['processes']): number {
    let place = this.#places.get(pid);
    if (place === undefined) {
      const process = processes.get(pid);
      place = process === undefined ? NOBODY : this.#addCell(programLabel(pid, process.programBytes));
      this.#places.set(pid, place);
    }
    return place;
  }

  /** Gives where the cell begins. */
  #addCell(label: Uint8Array): number {
    const place = this.#used;
    if (place + CELL_WORDS > this.#words.length) {
      const grown = new Uint32Array(this.#words.length * 2);
      grown.set(this.#words);
      this.#words = grown;
    }
    const cell = new Uint8Array(CELL).fill(0x20);
    cell.set(label);
    const view = new DataView(cell.buffer);
    for (let word = 0; word < CELL_WORDS; word++) this.#words[place + word] = view.getUint32(4 * word, true);
    this.#used = place + CELL_WORDS;
    return place;
  }

  /** Every process once, however many descriptors it has of the socket. */
  #writeAll(out: ByteWriter, owners: RowOwners | undefined, row: number): void {
    out.blanks(1);
    let bytes = 0;
    let last = NO_PID;
    const end = owners?.ownerStart[row + 1] ?? 0;
    for (let at = owners?.ownerStart[row] ?? 0; at < end; at++) {
      const pid = owners!.ownerPid[at]!;
      if (pid === last) continue;
      last = pid;
      const label = this.#labelOf(pid, owners!.processes);
      if (label === undefined) continue;
      if (bytes > 0) out.byte(COMMA);
      out.bytes(label);
      bytes += label.length + (bytes > 0 ? 1 : 0);
    }
    if (bytes === 0) out.bytesLeft(NOBODY_LABEL, CELL);
    else out.blanks(Math.max(0, CELL - bytes));
  }

  #labelOf(pid: number, processes: RowOwners['processes']): Uint8Array | undefined {
    if (!this.#labels.has(pid)) {
      const process = processes.get(pid);
      this.#labels.set(pid, process && programLabel(pid, process.programBytes));
    }
    return this.#labels.get(pid);
  }
}
