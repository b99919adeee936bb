import { ADDRESS_BYTES, isUnspecified } from '../socket/address.ts';
import { Family } from '../socket/family.ts';
import { Protocol } from '../socket/protocol.ts';
import type { Batch } from '../table/batch.ts';
import type { ColumnName } from '../table/schema.ts';
import { putAddressCell, putInet4 } from './address-cell.ts';
import { ByteWriter } from './byte-writer.ts';
import { CONTEXT_HEADING, writeContext } from './context-cells.ts';
import { decimalLength, putDecimal } from './digits.ts';
import { type AddressSink, HostCells } from './host-cells.ts';
import { putInet6 } from './inet6-text.ts';
import { type InternetLayout, internetLayout } from './internet-layout.ts';
import { type Endpoints, InternetRows, internetColumns } from './internet-rows.ts';
import { writeExtension, writeTimerCell } from './internet-tail.ts';
import { type ListingOptions, listingTitle, type Names } from './listing.ts';
import { ServiceCells, UserCells } from './name-cells.ts';
import { LISTEN_SEND_QUEUE } from './netstat-quirks.ts';
import { ProgramCells, type RowOwners } from './program-cells.ts';

export type { ListingOptions, Names } from './listing.ts';

/** A row without what options add to it: two cells of at most 191 bytes, and what stands around them. */
const ROW_BYTES = 512;
/** A number of its own: one look-up less, in each row. */
const INET6: number = Family.inet6;
const NEWLINE = 0x0a;

/**
 * The table of internet sockets. Feed one protocol's batches, close it with `end`, go on with the next protocol. Where
 * programs are shown, the batches of all protocols carry owners of one and the same search.
 * IPv4 rows are written at once; IPv6 rows wait for `end`, since one walk through the kernel's table mixes the two.
 */
export class InternetTable {
  /** Columns that the batches have to carry. */
  readonly columns: readonly ColumnName[];
  readonly #out: ByteWriter;
  readonly #options: ListingOptions;
  readonly #names: Names;
  readonly #users: UserCells;
  readonly #hosts: HostCells | undefined;
  readonly #programs: ProgramCells | undefined;
  readonly #hasTail: boolean;
  readonly #heldRows: Uint8Array[] = [];
  #held: ByteWriter | undefined;
  #layout: InternetLayout | undefined;
  #services: ServiceCells | undefined;

  constructor(out: ByteWriter, options: ListingOptions, names: Names) {
    this.#out = out;
    this.#options = options;
    this.#names = names;
    this.#users = new UserCells(names.user);
    this.#hosts = names.host === undefined ? undefined : new HostCells(names);
    this.#programs = options.programs === 'none' ? undefined : new ProgramCells(options.programs);
    const { extend, programs, context, timers } = options;
    this.#hasTail = extend || programs !== 'none' || context === true || timers;
    this.columns = internetColumns(options);
  }

  heading(): void {
    const { which, extend, context, timers } = this.#options;
    this.#out.ascii(listingTitle('Internet connections', which));
    this.#out.ascii('Proto Recv-Q Send-Q Local Address           Foreign Address         State      ');
    if (extend) this.#out.ascii(' User       Inode     ');
    if (this.#programs !== undefined) this.#out.ascii(' PID/Program name    ');
    if (context) this.#out.ascii(CONTEXT_HEADING);
    if (timers) this.#out.ascii(' Timer');
    this.#out.byte(NEWLINE);
  }

  /** Rows of one protocol, the same for all batches until `end`. Those with `hidden` inodes are left out. */
  batch(batch: Batch, hidden?: ReadonlySet<number>): void {
    if (batch.length === 0) return;
    const layout = this.#begin(batch.require('protocol')[0]!);
    const rows = new InternetRows(batch, this.#options);
    for (let row = 0; row < batch.length; row++) {
      if (!this.#shows(layout.isTcp, rows, row) || isHidden(batch, row, hidden)) continue;
      const out = rows.family[row] === INET6 ? this.#rowsHeld() : this.#out;
      this.#writeRow(out, layout, rows, row, batch.owners);
    }
  }

  /** Adds the hosts that `batch` will show by name. */
  addHosts(batch: Batch, into: AddressSink, hidden?: ReadonlySet<number>): void {
    if (this.#hosts === undefined || batch.length === 0) return;
    // A batch waits while its hosts are looked up, and those of other protocols may wait before it.
    const isTcp = batch.require('protocol')[0] === Protocol.tcp;
    const rows = new InternetRows(batch, this.#options);
    for (let row = 0; row < batch.length; row++) {
      if (!this.#shows(isTcp, rows, row) || isHidden(batch, row, hidden)) continue;
      const offset = row * ADDRESS_BYTES;
      for (const { addresses } of [rows.local, rows.remote]) {
        const family = rows.family[row]!;
        if (HostCells.isHost(addresses, offset, family)) into.add(addresses, offset, family);
      }
    }
  }

  /** Closes a protocol: writes the rows that were held back. */
  end(): void {
    this.#held?.flush();
    for (const rows of this.#heldRows) this.#out.bytes(rows);
    this.#heldRows.length = 0;
    this.#layout = undefined;
    this.#services = undefined;
  }

  #rowsHeld(): ByteWriter {
    this.#held ??= new ByteWriter((bytes) => this.#heldRows.push(bytes.slice()));
    return this.#held;
  }

  #begin(protocol: number): InternetLayout {
    if (this.#layout === undefined) {
      this.#layout = internetLayout(protocol);
      const { service } = this.#names;
      if (service !== undefined) this.#services = new ServiceCells(service, this.#layout.protocol);
    }
    return this.#layout;
  }

  #shows(isTcp: boolean, rows: InternetRows, row: number): boolean {
    const { which } = this.#options;
    if (which === 'all') return true;
    const listening = isTcp
      ? rows.remote.ports[row] === 0
      : isUnspecified(rows.remote.addresses, row * ADDRESS_BYTES, rows.family[row]!);
    return listening === (which === 'listening');
  }

  #writeRow(
    out: ByteWriter,
    layout: InternetLayout,
    rows: InternetRows,
    row: number,
    owners: RowOwners | undefined,
  ): void {
    out.reserve(ROW_BYTES);
    const { view } = out;
    const state = rows.state[row]!;
    const start = out.length;
    const family = rows.family[row]!;
    const label = family === INET6 ? layout.label6 : layout.label;
    view.setUint32(start, label[0], true);
    view.setUint32(start + 4, label[1], true);
    let at = putQueue(view, start + 6, rows.recvQ[row]!) + 1;
    at = putQueue(view, at, state === layout.listen ? LISTEN_SEND_QUEUE : rows.sendQ[row]!) + 1;
    at = this.#putEndpoint(out, at, rows.local, row, family) + 1;
    at = this.#putEndpoint(out, at, rows.remote, row, family) + 1;
    view.setUint32(at, layout.states[state * 3]!, true);
    view.setUint32(at + 4, layout.states[state * 3 + 1]!, true);
    view.setUint32(at + 8, layout.states[state * 3 + 2]!, true);
    at += 11;
    if (!this.#hasTail) {
      view.setUint8(at, NEWLINE);
      out.length = at + 1;
      return;
    }
    out.length = at;
    this.#writeTail(out, layout, rows, row, owners);
    out.byte(NEWLINE);
  }

  #putEndpoint(out: ByteWriter, at: number, ends: Endpoints, row: number, family: number): number {
    const port = ends.ports[row]!;
    const end = this.#putHost(out, at, ends, row * ADDRESS_BYTES, family);
    return putAddressCell(out, at, end, port, this.#services?.of(port), this.#options.wide);
  }

  /** A host's name or number at `at`; gives the position after it. */
  #putHost(out: ByteWriter, at: number, ends: Endpoints, offset: number, family: number): number {
    const name = this.#hosts?.of(ends.addresses, offset, family);
    if (name !== undefined) {
      out.buffer.set(name, at);
      return at + name.length;
    }
    return family === INET6
      ? putInet6(out.view, at, ends.view, offset, this.#options.numericHosts)
      : putInet4(out.view, at, ends.view, offset);
  }

  #writeTail(
    out: ByteWriter,
    layout: InternetLayout,
    rows: InternetRows,
    row: number,
    owners: RowOwners | undefined,
  ): void {
    const { users, timers } = rows;
    if (users !== undefined) writeExtension(out, this.#users.of(users.uid[row]!), users.inode[row]!);
    this.#programs?.write(out, owners, row);
    if (this.#options.context) writeContext(out, owners, row);
    if (timers !== undefined) writeTimerCell(out, layout.protocol, timers, row);
  }
}

function isHidden(batch: Batch, row: number, hidden: ReadonlySet<number> | undefined): boolean {
  return hidden?.has(batch.require('inode')[row]!) === true;
}

/** A queue, right-justified in six bytes; a longer one makes the row longer. */
function putQueue(view: DataView, at: number, bytes: number): number {
  if (bytes < 10) {
    view.setUint8(at + 5, 48 + bytes);
    return at + 6;
  }
  return putDecimal(view, at + Math.max(0, 6 - decimalLength(bytes)), bytes);
}
