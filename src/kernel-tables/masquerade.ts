/** An entry of /proc/net/ip_masquerade, the NAT table of Linux 2.0 and 2.2. */
export interface MasqueradeEntry {
  /** TCP, UDP, ICMP, as the kernel wrote it. */
  readonly protocol: string;
  /** FromIP and ToIP, each as the 16 bytes of an address column (IPv4 as ::ffff:a.b.c.d). */
  readonly addresses: Uint8Array;
  /** FPrt. */
  readonly sourcePort: number;
  /** TPrt. */
  readonly destinationPort: number;
  /** Masq: the port by which the source is known outside. */
  readonly masqueradePort: number;
  /** Init-seq: a TCP sequence number, from which on `delta` is added; an unsigned number of 64 bits. */
  readonly initSeq: bigint;
  /** Delta, a signed number of 16 bits. */
  readonly delta: number;
  /** PDelta, as `delta`: what was added before; undefined where the table has no such column. */
  readonly previousDelta: number | undefined;
  /** Expires, hundredths of a second; an unsigned number of 64 bits. */
  readonly expires: bigint;
}

/** Why netstat gives the whole table up: it has no first line; an entry lacks numbers; nobody knows its protocol. */
export type MasqueradeFault = 'empty' | 'format' | 'protocol';

export type Masquerade =
  | { readonly entries: readonly MasqueradeEntry[] }
  | { readonly fault: MasqueradeFault };

/** netstat's room for the first line. What does not fit into it is taken for the first entry. */
const HEADER_BYTES = 255;
const PROTOCOLS = new Set(['IP', 'TCP', 'UDP', 'ICMP', 'GRE', 'ESP']);

/**
 * Parses /proc/net/ip_masquerade. Entries are told apart by their words alone, wherever lines end, and numbers are those
 * of scanf(3). Without the word PDelta in the first line an entry has one number less.
 */
export function parseMasquerade(bytes: Uint8Array): Masquerade {
  if (bytes.length === 0) return { fault: 'empty' };
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  const newline = text.indexOf('\n');
  const headerEnd = Math.min(newline < 0 ? text.length : newline + 1, HEADER_BYTES);
  const hasPrevious = untilNul(text.slice(0, headerEnd)).includes('PDelta');
  const scanner = new Scanner(text, headerEnd);
  const entries: MasqueradeEntry[] = [];
  while (!scanner.ended()) {
    const entry = scanEntry(scanner, hasPrevious);
    if (entry === undefined) return { fault: 'format' };
    if (!PROTOCOLS.has(entry.protocol)) return { fault: 'protocol' };
    entries.push(entry);
  }
  return { entries };
}

function untilNul(text: string): string {
  const nul = text.indexOf('\0');
  return nul < 0 ? text : text.slice(0, nul);
}

/** Undefined where a number is missing. */
function scanEntry(scanner: Scanner, hasPrevious: boolean): MasqueradeEntry | undefined {
  const protocol = untilNul(scanner.word());
  const source = scanner.hex();
  const sourcePort = scanner.colon() ? scanner.hex() : undefined;
  const destination = scanner.hex();
  const destinationPort = scanner.colon() ? scanner.hex() : undefined;
  const masqueradePort = scanner.hex();
  const initSeq = scanner.hex();
  const delta = scanner.signed();
  const previousDelta = hasPrevious ? scanner.signed() : undefined;
  const expires = scanner.unsigned();
  if (scanner.failed) return undefined;
  return {
    protocol,
    addresses: addressesOf(source!, destination!),
    sourcePort: low16(sourcePort!),
    destinationPort: low16(destinationPort!),
    masqueradePort: low16(masqueradePort!),
    initSeq: initSeq!,
    delta: int16(delta!),
    previousDelta: previousDelta === undefined ? undefined : int16(previousDelta),
    expires: expires!,
  };
}

function addressesOf(source: bigint, destination: bigint): Uint8Array {
  const addresses = new Uint8Array(32);
  const view = new DataView(addresses.buffer);
  for (const [at, address] of [source, destination].entries()) {
    view.setUint16(16 * at + 10, 0xffff);
    view.setUint32(16 * at + 12, Number(BigInt.asUintN(32, address)));
  }
  return addresses;
}

function low16(number: bigint): number {
  return Number(BigInt.asUintN(16, number));
}

function int16(number: bigint): number {
  return Number(BigInt.asIntN(16, number));
}

const WORD = /[^ \t\n\v\f\r]+/y;
const BLANKS = /[ \t\n\v\f\r]*/y;
/** `0x` alone is a 0: scanf(3) puts no more than one character back. */
const HEX = /([+-]?)(?:0[xX]([0-9a-fA-F]*)|([0-9a-fA-F]+))/y;
const DECIMAL = /([+-]?)([0-9]+)/y;
const MAX_UNSIGNED = 0xffff_ffff_ffff_ffffn;
const MAX_SIGNED = 0x7fff_ffff_ffff_ffffn;

/** Reads as glibc's scanf(3) does. The first thing that is not there fails, and so does whatever is read after it. */
class Scanner {
  failed = false;
  readonly #text: string;
  #at: number;

  constructor(text: string, start: number) {
    this.#text = text;
    this.#at = start;
  }

  /** Whether nothing but blanks is left. */
  ended(): boolean {
    this.#match(BLANKS);
    return this.#at === this.#text.length;
  }

  word(): string {
    return this.#match(WORD)![0];
  }

  /** Whether the next character is a colon, which is then read. */
  colon(): boolean {
    this.failed ||= this.#text[this.#at] !== ':';
    this.#at++;
    return !this.failed;
  }

  hex(): bigint | undefined {
    const match = this.#number(HEX);
    return match && unsignedOf(match[1] === '-', match[2] || match[3] || '0', '0x');
  }

  unsigned(): bigint | undefined {
    const match = this.#number(DECIMAL);
    return match && unsignedOf(match[1] === '-', match[2]!, '');
  }

  signed(): bigint | undefined {
    const match = this.#number(DECIMAL);
    if (match === undefined) return undefined;
    const isNegative = match[1] === '-';
    const most = isNegative ? MAX_SIGNED + 1n : MAX_SIGNED;
    const value = magnitude(match[2]!, '') ?? most;
    const bounded = value > most ? most : value;
    return isNegative ? -bounded : bounded;
  }

  #number(pattern: RegExp): RegExpExecArray | undefined {
    this.#match(BLANKS);
    const match = this.failed ? undefined : this.#match(pattern);
    this.failed ||= match === undefined;
    return match;
  }

  #match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text) ?? undefined;
    if (match !== undefined) this.#at = pattern.lastIndex;
    return match;
  }
}

/** Before the digits of a hexadecimal number, of a decimal one. */
type Prefix = '0x' | '';

/** Modulo 2^64, as strtoul(3) has it; what has more than 64 bits is the greatest number, whatever its sign. */
function unsignedOf(isNegative: boolean, digits: string, prefix: Prefix): bigint {
  const value = magnitude(digits, prefix);
  if (value === undefined || value > MAX_UNSIGNED) return MAX_UNSIGNED;
  return BigInt.asUintN(64, isNegative ? -value : value);
}

/** Undefined for more digits than any number of 64 bits has. */
function magnitude(digits: string, prefix: Prefix): bigint | undefined {
  const significant = digits.replace(/^0+(?=.)/, '');
  return significant.length > MOST_DIGITS ? undefined : BigInt(prefix + significant);
}

const MOST_DIGITS = 20;
