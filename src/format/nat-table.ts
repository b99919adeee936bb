import type { MasqueradeEntry } from '../kernel-tables/masquerade.ts';
import { LITTLE, NatField, type NatRecord, Told } from '../kernel-tables/nat-record.ts';
import { natProtocolName } from '../kernel-tables/nat-table.ts';
import { Family } from '../socket/family.ts';
import type { ProtocolName } from '../socket/protocol.ts';
import type { ByteWriter } from './byte-writer.ts';
import { type AddressSink, HostCells, hostText } from './host-cells.ts';
import type { Names } from './listing.ts';
import { expireCell, portWord } from './netstat-nat-quirks.ts';

/** What a row shows, wherever it comes from. */
export interface NatLine {
  /** In small letters. */
  readonly protocol: string;
  /** Hundredths of a second. */
  readonly expires: bigint;
  readonly initSeq: bigint;
  readonly delta: number;
  /** Undefined where the table does not tell it. */
  readonly previousDelta: number | undefined;
  /** Where the addresses are: the source at `source`, the destination 16 bytes behind it. */
  readonly addresses: Uint8Array;
  readonly source: number;
  readonly family: number;
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly masqueradePort: number;
}

export function lineOfMasquerade(entry: MasqueradeEntry): NatLine {
  return { ...entry, protocol: entry.protocol.toLowerCase(), source: 0, family: Family.inet };
}

/**
 * A connection of the present in the old columns: the addresses and ports that it was begun with, and in brackets the
 * port that replies are sent to. An ICMP query has its identifier, type * 256 + code, and the identifier that is seen
 * outside, which is what Linux 2.2 wrote there. Protocols without ports show stars.
 */
export function lineOfRecord({ bytes, view, at }: NatRecord): NatLine {
  const told = view.getUint16(at + NatField.told, LITTLE);
  const isMoved = (told & Told.sequence) !== 0;
  return {
    protocol: natProtocolName(bytes[at + NatField.protocol]!),
    expires: 100n * BigInt(view.getUint32(at + NatField.expires, LITTLE)),
    initSeq: isMoved ? BigInt(view.getUint32(at + NatField.sequencePosition, LITTLE)) : 0n,
    delta: isMoved ? view.getInt32(at + NatField.offsetAfter, LITTLE) : 0,
    previousDelta: isMoved ? view.getInt32(at + NatField.offsetBefore, LITTLE) : 0,
    addresses: bytes,
    source: at + NatField.source,
    family: bytes[at + NatField.family]!,
    sourcePort: view.getUint16(at + NatField.sourcePort, LITTLE),
    destinationPort: view.getUint16(at + NatField.destinationPort, LITTLE),
    masqueradePort: view.getUint16(at + NatField.replyDestinationPort, LITTLE),
  };
}

const TITLE = 'IP masquerading entries\n';
const COLUMNS = 'prot   expire source               destination          ports\n';
const EXTENDED_COLUMNS =
  'prot   expire    initseq delta prevd source               destination          ports\n';
const ADDRESS_BYTES = 16;
const ADDRESS_WIDTH = 20;

/** Protocols whose ports have names. */
const NAMED: Readonly<Record<string, ProtocolName>> = { tcp: 'tcp', udp: 'udp', udplite: 'udplite' };

export interface NatOptions {
  /** `-e`: how sequence numbers are moved. */
  readonly extend: boolean;
  readonly numericHosts: boolean;
}

/** The table of `-M`. Nothing at all is written where there is no row. */
export class NatWriter {
  readonly #out: ByteWriter;
  readonly #extend: boolean;
  readonly #names: Names;
  readonly #hosts: HostCells | undefined;
  #begun = false;

  constructor(out: ByteWriter, { extend, numericHosts }: NatOptions, names: Names) {
    this.#out = out;
    this.#extend = extend;
    this.#names = names;
    this.#hosts = numericHosts ? undefined : new HostCells(names);
  }

  /** Adds the hosts of a row that are looked up. */
  addHosts({ addresses, source, family }: NatLine, into: AddressSink): void {
    for (const at of [source, source + ADDRESS_BYTES]) {
      if (HostCells.isHost(addresses, at, family)) into.add(addresses, at, family);
    }
  }

  row(line: NatLine): void {
    const out = this.#out;
    if (!this.#begun) out.ascii(TITLE + (this.#extend ? EXTENDED_COLUMNS : COLUMNS));
    this.#begun = true;
    out.left(line.protocol, 4);
    out.ascii(`${expireCell(line.expires)} `);
    if (this.#extend) out.ascii(sequenceCells(line));
    this.#writeHost(line, line.source);
    this.#writeHost(line, line.source + ADDRESS_BYTES);
    const port = (number: number): string => this.#port(number, line.protocol);
    out.ascii(`${port(line.sourcePort)} -> ${port(line.destinationPort)} (${port(line.masqueradePort)})\n`);
  }

  #writeHost({ addresses, family }: NatLine, at: number): void {
    this.#out.left(hostText(this.#hosts, addresses, at, family), ADDRESS_WIDTH);
    this.#out.byte(0x20);
  }

  #port(port: number, protocol: string): string {
    const named = NAMED[protocol];
    const name = port === 0 || named === undefined ? undefined : this.#names.service?.(port, named);
    return name ?? portWord(port);
  }
}

function sequenceCells({ initSeq, delta, previousDelta }: NatLine): string {
  const previous = previousDelta === undefined ? '-' : String(previousDelta);
  return `${String(initSeq).padStart(10)} ${String(delta).padStart(5)} ${previous.padStart(5)} `;
}
