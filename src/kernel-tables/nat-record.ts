/**
 * A connection under network address translation, as bytes: NatRecord of native/core/conntrack/nat_record.h, which has
 * the meaning of the fields. Offsets into a record; numbers are in host order.
 */
export const NatField = {
  source: 0,
  destination: 16,
  replySource: 32,
  replyDestination: 48,
  sentPackets: 64,
  sentBytes: 72,
  replyPackets: 80,
  replyBytes: 88,
  expires: 96,
  mark: 100,
  sequencePosition: 104,
  offsetBefore: 108,
  offsetAfter: 112,
  sourcePort: 116,
  destinationPort: 118,
  replySourcePort: 120,
  replyDestinationPort: 122,
  zone: 124,
  told: 126,
  family: 128,
  protocol: 129,
  tcpState: 130,
  nat: 131,
} as const;

export const NAT_RECORD_BYTES = 136;

/** Records in a batch; in the last one there may be fewer. */
export const NAT_BATCH = 4096;

/** Bits of `told`: what the kernel has told of a connection. */
export const Told = {
  ports: 1,
  icmp: 2,
  expires: 4,
  tcpState: 8,
  sentCounters: 16,
  replyCounters: 32,
  sequence: 64,
} as const;

/** Bits of `nat`. */
export const Nat = { source: 1, destination: 2 } as const;

/** Whether this machine's numbers begin with their low byte. */
export const LITTLE = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

const RECORD = NAT_RECORD_BYTES;

/** One record in its batch: `at` is its offset. */
export interface NatRecord {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly at: number;
}

/** Records in the kernel's order. */
export class NatRecords {
  readonly #batches: Uint8Array<ArrayBuffer>[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Adds records; all batches but the last have NAT_BATCH of them. */
  addBatch(batch: ArrayBuffer): void {
    this.#batches.push(new Uint8Array(batch));
    this.#length += batch.byteLength / RECORD;
  }

  /** Adds a copy of one record; not to be mixed with `addBatch`. */
  add(record: Uint8Array): void {
    const place = this.#length % NAT_BATCH;
    if (place === 0) this.#batches.push(new Uint8Array(NAT_BATCH * RECORD));
    this.#batches.at(-1)!.set(record, place * RECORD);
    this.#length++;
  }

  /** Throws a RangeError where there is no such record. */
  at(index: number): NatRecord {
    if (!Number.isInteger(index) || index < 0 || index >= this.#length) {
      throw new RangeError(`there is no row ${index} in a table of ${this.#length}`);
    }
    const bytes = this.#batches[Math.floor(index / NAT_BATCH)]!;
    return { bytes, view: new DataView(bytes.buffer), at: (index % NAT_BATCH) * RECORD };
  }
}
