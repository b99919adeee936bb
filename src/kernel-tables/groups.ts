import { join } from 'node:path';
import { ADDRESS_BYTES, addressText } from '../socket/address.ts';
import { Family } from '../socket/family.ts';
import { linePieces } from './line-pieces.ts';
import { LineScanner } from './line-scanner.ts';
import { TABLES_HERE, type TableFiles } from './table-file.ts';

/** A multicast group that an interface has joined. */
export interface GroupMembership {
  /** The interface's name, without the blanks that igmp has behind it. Kernel: `Device` of /proc/net/igmp, the second column of /proc/net/igmp6. */
  readonly interfaceName: string;
  /** The interface's number. Kernel: `Idx`, the first column. */
  readonly interfaceIndex: number;
  /** Which file it stands in. Kernel: igmp, igmp6. */
  readonly family: 'inet' | 'inet6';
  /** The group's address as text: `224.0.0.1`, `ff02::1`. Kernel: `Group`, the third column. */
  readonly group: string;
  /** How many sockets, and parts of the kernel, have joined. Kernel: `Users`, the fourth column. */
  readonly users: number;
}

/**
 * A row of a file, with its address as in a column of sockets, and with the name's bytes, one character a byte, and the
 * blanks behind them.
 */
export interface GroupRow {
  readonly interfaceName: string;
  readonly interfaceIndex: number;
  /** Family.inet, Family.inet6. */
  readonly family: number;
  readonly address: Uint8Array;
  readonly users: number;
}

export type GroupsFile = 'igmp' | 'igmp6';

/** A line that could not be understood: its number from 0 on, and the form it was taken for. */
export interface BogusGroupLine {
  readonly bogus: number;
  readonly form: GroupsFile;
}

/** Reads /proc/net/igmp and igmp6 below `netDirectory`, such as `/proc/net`. A file that is not there has no rows. */
export async function readGroups(
  netDirectory: string,
  files: TableFiles = TABLES_HERE,
): Promise<GroupMembership[]> {
  const memberships: GroupMembership[] = [];
  for (const file of ['igmp', 'igmp6'] as const) {
    const reader = new GroupLines();
    for (const line of reader.of(await bytesOf(join(netDirectory, file), files))) {
      if (!('bogus' in line)) memberships.push(membershipOf(line));
    }
  }
  return memberships;
}

async function bytesOf(path: string, files: TableFiles): Promise<Uint8Array> {
  try {
    return await files.read(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'EACCES') return new Uint8Array(0);
    throw error;
  }
}

function membershipOf({ interfaceName, interfaceIndex, family, address, users }: GroupRow): GroupMembership {
  return {
    interfaceName: Buffer.from(interfaceName, 'latin1').toString().trimEnd(),
    interfaceIndex,
    family: family === Family.inet ? 'inet' : 'inet6',
    group: addressText(address, 0, family),
    users,
  };
}

/** As netstat's buffers have it. */
const LINE_BYTES = 8192;
const NAME_BYTES = 15;
/** Hexadecimal digits of an IPv6 address before the last of its four words. */
const THREE_WORDS = 24;

/**
 * Tells the rows of the two files. What a file holds is told by its first line, which is a heading in igmp: without one
 * all that follows is taken for rows of igmp6, as netstat does.
 */
export class GroupLines {
  #form: GroupsFile = 'igmp';
  #indexed = false;
  /** What is known of the interface whose groups follow: NUL ends its name. */
  #device = '\0'.repeat(NAME_BYTES + 1);
  #index = 0;

  *of(bytes: Uint8Array): Generator<GroupRow | BogusGroupLine, void, undefined> {
    let number = -1;
    for (const line of linePieces(bytes, LINE_BYTES)) {
      number++;
      if (number === 0 && this.#isHeading(line)) continue;
      const row = this.#form === 'igmp6' ? rowOfInet6(line) : this.#inet(line);
      if (row === undefined) yield { bogus: number, form: this.#form };
      else if (row !== 'interface') yield row;
    }
  }

  #isHeading(line: string): boolean {
    if (!line.includes('Device')) {
      this.#form = 'igmp6';
      return false;
    }
    this.#indexed = line.startsWith('Idx');
    return true;
  }

  /** A line that begins with a tab has a group; others have the interface of the groups that follow. */
  #inet(line: string): GroupRow | 'interface' | undefined {
    if (!line.startsWith('\t')) return this.#interface(line) ? 'interface' : undefined;
    const fields = new LineScanner(line);
    const digits = fields.hexDigits(8);
    const users = fields.int();
    if (digits === undefined || users === undefined) return undefined;
    const address = new Uint8Array(ADDRESS_BYTES).fill(0xff, 10, 12);
    // The kernel prints the four bytes as one number of the machine, little-endian here.
    new DataView(address.buffer).setUint32(12, Number.parseInt(digits, 16), true);
    const interfaceName = this.#device.slice(0, this.#device.indexOf('\0'));
    return { interfaceName, interfaceIndex: this.#index, family: Family.inet, address, users };
  }

  /**
   * The name ends at the last colon of 15 bytes. netstat does not end it elsewhere: after a line without a colon what
   * is left of the name before it follows.
   */
  #interface(line: string): boolean {
    const fields = new LineScanner(line);
    const index = this.#indexed ? fields.int() : 0;
    const name = this.#indexed ? fields.rest(NAME_BYTES) : line.slice(0, NAME_BYTES);
    if (index === undefined || name === undefined || name === '') return false;
    this.#index = index;
    const device = name + this.#device.slice(name.length);
    const colon = device.slice(0, device.indexOf('\0')).lastIndexOf(':');
    this.#device = colon < 0 ? device : `${device.slice(0, colon)}\0${device.slice(colon + 1)}`;
    return true;
  }
}

/**
 * Whether an address of igmp6 has all of its four words; a line without one is bogus. A departure: netstat takes the word
 * from its memory. Seen: `0:ff02::fb00:0` for ff02 behind a line with ff02::fb; from the first line bytes that each run has
 * anew, `0:ff02:bff7:ec05:5422:97c9:bfbf:3dbd`.
 */
function hasFourWords(digits: string): boolean {
  return digits.length > THREE_WORDS;
}

function rowOfInet6(line: string): GroupRow | undefined {
  const fields = new LineScanner(line);
  const interfaceIndex = fields.int();
  const interfaceName = fields.word(NAME_BYTES);
  const digits = fields.hexDigits(64);
  const users = fields.int();
  if (interfaceIndex === undefined || interfaceName === undefined || digits === undefined) return undefined;
  if (users === undefined || !hasFourWords(digits)) return undefined;
  const address = new Uint8Array(ADDRESS_BYTES);
  const words = new DataView(address.buffer);
  for (let word = 0; word < 4; word++) {
    words.setUint32(4 * word, Number.parseInt(digits.slice(8 * word, 8 * word + 8), 16));
  }
  return { interfaceName, interfaceIndex, family: Family.inet6, address, users };
}
