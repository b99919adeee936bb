import type { SctpAssociation, SctpEndpoint } from '../kernel-tables/sctp.ts';
import { parseAddress } from '../socket/address.ts';
import { Family } from '../socket/family.ts';
import { putInet4 } from './address-cell.ts';
import type { ByteWriter } from './byte-writer.ts';
import { writeContext } from './context-cells.ts';
import { type AddressSink, HostCells } from './host-cells.ts';
import { putInet6 } from './inet6-text.ts';
import { tcpStateWord } from './internet-layout.ts';
import { writeExtension } from './internet-tail.ts';
import type { ListingOptions, Names } from './listing.ts';
import { UserCells } from './name-cells.ts';
import { SCTP_HOST_BYTES } from './netstat-quirks.ts';
import { ProgramCells, type RowOwners } from './program-cells.ts';

type SctpOptions = Pick<ListingOptions, 'extend' | 'programs' | 'context' | 'timers' | 'numericHosts'>;

/** Blanks in front of an address that has no row of its own. */
const INDENT = 20;
const NEWLINE = 0x0a;

/**
 * The rows of SCTP, under the heading of the internet table. An address takes a line each; nothing is cut.
 * `numericHosts`: netstat makes them numeric when ports or users are, too.
 */
export class SctpTable {
  readonly #out: ByteWriter;
  readonly #options: SctpOptions;
  readonly #users: UserCells;
  readonly #programs: ProgramCells | undefined;
  readonly #hosts: HostCells | undefined;
  readonly #address = new Uint8Array(16);
  readonly #addressView = new DataView(this.#address.buffer);

  constructor(out: ByteWriter, options: SctpOptions, names: Names) {
    this.#out = out;
    this.#options = options;
    this.#users = new UserCells(names.user);
    this.#hosts = options.numericHosts ? undefined : new HostCells(names);
    this.#programs = options.programs === 'none' ? undefined : new ProgramCells(options.programs);
  }

  /** Adds those of the addresses of a row that are looked up. */
  addHosts(addresses: readonly string[], into: AddressSink): void {
    if (this.#hosts === undefined) return;
    for (const text of addresses) {
      const family = parseAddress(text, this.#address, 0);
      if (family !== undefined && HostCells.isHost(this.#address, 0, family)) {
        into.add(this.#address, 0, family);
      }
    }
  }

  /** `owners` has whoever holds it at `index`; undefined where that is not shown, or was not found out. */
  endpoint(row: SctpEndpoint, owners?: RowOwners, index = 0): void {
    const out = this.#out;
    for (const [index, address] of row.addresses.entries()) {
      if (index > 0) out.byte(NEWLINE);
      out.left(index === 0 ? 'sctp' : '', INDENT);
      this.#writeAddress(address, row.port, 47);
      out.byte(0x20);
      out.left(index === 0 ? stateWord(row.state) : '', 11);
    }
    this.#endRow(row, owners, index);
  }

  /** Owners as for `endpoint`. */
  association(row: SctpAssociation, owners?: RowOwners, index = 0): void {
    const { localAddresses, remoteAddresses } = row;
    const lines = Math.max(localAddresses.length, remoteAddresses.length);
    for (let line = 0; line < lines; line++) {
      if (line === 0) this.#writeQueues(row);
      else this.#out.byte(NEWLINE);
      if (line > 0) this.#out.blanks(INDENT);
      this.#writeAddress(localAddresses[line], line === 0 ? row.localPort : undefined, 23);
      this.#out.byte(0x20);
      this.#writeAddress(remoteAddresses[line], line === 0 ? row.remotePort : undefined, 23);
      this.#out.byte(0x20);
      this.#out.left(line === 0 ? stateWord(row.state) : '', 11);
    }
    this.#endRow(row, owners, index);
  }

  #writeQueues(row: SctpAssociation): void {
    this.#out.ascii('sctp  ');
    this.#out.decimalRight(row.recvQ >>> 0, 6);
    this.#out.byte(0x20);
    this.#out.decimalRight(row.sendQ >>> 0, 6);
    this.#out.byte(0x20);
  }

  /** An absent address, and an absent port, leave their places blank. */
  #writeAddress(address: string | undefined, port: number | undefined, width: number): void {
    const out = this.#out;
    let length = 0;
    if (address !== undefined) {
      length = this.#putHost(address);
      if (port !== undefined) {
        const text = `:${port === 0 ? '*' : port}`;
        out.ascii(text);
        length += text.length;
      }
    }
    out.blanks(Math.max(0, width - length));
  }

  /** Gives how many bytes it wrote. */
  #putHost(text: string): number {
    const out = this.#out;
    const family = parseAddress(text, this.#address, 0);
    const name = family === undefined ? undefined : this.#hosts?.of(this.#address, 0, family);
    if (name !== undefined) {
      const length = Math.min(name.length, SCTP_HOST_BYTES);
      out.bytes(name, 0, length);
      return length;
    }
    out.reserve(64);
    const start = out.length;
    if (family === Family.inet6) {
      out.length = putInet6(out.view, start, this.#addressView, 0, this.#options.numericHosts);
    } else {
      if (family === undefined) this.#address.fill(0xff);
      out.length = putInet4(out.view, start, this.#addressView, 0);
    }
    return out.length - start;
  }

  #endRow(
    row: { readonly uid: number; readonly inode: number },
    owners: RowOwners | undefined,
    index: number,
  ): void {
    if (this.#options.extend) writeExtension(this.#out, this.#users.of(row.uid), row.inode);
    this.#programs?.write(this.#out, owners, index);
    if (this.#options.context) writeContext(this.#out, owners, index);
    if (this.#options.timers) this.#out.byte(0x20);
    this.#out.byte(NEWLINE);
  }
}

function stateWord(state: number): string {
  return tcpStateWord(state) ?? `UNKNOWN(${state})`;
}
