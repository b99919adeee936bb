import { leadingInteger, RouteLines } from './route-scanner.ts';

/** The room that a line has where it is read; more is another line. */
const BUFFER_BYTES = 256;
const NEWLINE = 0x0a;

/**
 * Where lines of fixed columns are read, each over the one before: a column behind the end of a line holds what a longer
 * line left there, for so netstat shows it.
 */
class ColumnBuffer {
  readonly bytes = new Uint8Array(BUFFER_BYTES);

  fill(bytes: Uint8Array, start: number, end: number): void {
    this.bytes.set(bytes.subarray(start, end));
    this.bytes[end - start] = 0;
  }

  /** Makes columns the end of what stands in front of them. */
  cut(columns: readonly number[]): void {
    for (const column of columns) this.bytes[column] = 0;
  }

  dropNewline(): void {
    const newline = this.bytes.indexOf(NEWLINE);
    if (newline < this.bytes.indexOf(0)) this.bytes[newline] = 0;
  }

  /** The text from a column on. */
  text(column: number): string {
    // The last byte is never anything but 0.
    return Buffer.from(this.bytes.subarray(column, this.bytes.indexOf(0, column))).toString('latin1');
  }

  /** The number that stands from a column on, 0 for none. */
  integer(column: number): number {
    return leadingInteger(this.bytes, column, BUFFER_BYTES);
  }
}

/** Reads each line but the first, and calls `row`, until it gives true. */
function findRow(text: Uint8Array, buffer: ColumnBuffer, row: () => boolean): void {
  let isHeading = true;
  let isFound = false;
  const lines = new RouteLines((bytes, start, end) => {
    if (isFound) return;
    buffer.fill(bytes, start, end);
    if (isHeading) {
      isHeading = false;
      return;
    }
    isFound = row();
  }, BUFFER_BYTES - 1);
  lines.add(text);
  lines.end();
}

/** Calls `row` for each line but the first. */
function forEachRow(text: Uint8Array, cuts: readonly number[], row: (buffer: ColumnBuffer) => void): void {
  const buffer = new ColumnBuffer();
  findRow(text, buffer, () => {
    buffer.cut(cuts);
    row(buffer);
    return false;
  });
}

/** A route of AX.25, /proc/net/ax25_route; texts are byte strings. */
export interface Ax25Route {
  readonly destination: string;
  readonly interfaceName: string;
  readonly use: number;
}

export function parseAx25Routes(text: Uint8Array): Ax25Route[] {
  const routes: Ax25Route[] = [];
  forEachRow(text, [9, 14], (buffer) => {
    routes.push({ destination: buffer.text(0), interfaceName: buffer.text(10), use: buffer.integer(15) });
  });
  return routes;
}

/** A route of X.25, /proc/net/x25/route; texts are byte strings. */
export interface X25Route {
  /** As many digits as count. */
  readonly address: string;
  readonly digits: number;
  readonly interfaceName: string;
}

const X25_DIGITS = 15;

export function parseX25Routes(text: Uint8Array): X25Route[] {
  const routes: X25Route[] = [];
  forEachRow(text, [], (buffer) => {
    buffer.dropNewline();
    buffer.cut([15, 24, 35]);
    const number = buffer.integer(17);
    const digits = number < 0 || number > X25_DIGITS ? X25_DIGITS : number;
    buffer.bytes[digits] = 0;
    routes.push({ address: buffer.text(0), digits, interfaceName: buffer.text(25) });
  });
  return routes;
}

/** A neighbour of NET/ROM or ROSE: /proc/net/nr_neigh, /proc/net/rose_neigh; texts are byte strings. */
export interface PacketNeighbour {
  readonly callsign: string;
  readonly interfaceName: string;
}

function neighbourIn(buffer: ColumnBuffer): PacketNeighbour {
  return { callsign: buffer.text(6), interfaceName: buffer.text(16) };
}

/** A node of NET/ROM, /proc/net/nr_nodes; texts are byte strings. */
export interface NetromRoute {
  readonly callsign: string;
  readonly mnemonic: string;
  /** Of the neighbour in use. */
  readonly quality: number;
  /** The neighbour in use; undefined where there is none of its number. */
  readonly neighbour: PacketNeighbour | undefined;
}

/** A neighbour takes 15 columns, as netstat counts; the kernel gives it 14. */
const NETROM_STRIDE = 15;

/**
 * How many columns the neighbour in use stands behind the first one. A departure: what would be outside of the line is 0.
 * Seen: netstat reads its memory there; a segmentation fault for the neighbour 900000000.
 */
function netromColumn(buffer: ColumnBuffer): number {
  return NETROM_STRIDE * (buffer.integer(19) - 1);
}

/** Neighbours are looked for where the node has been read, and leave there what they are. */
export function parseNetromRoutes(nodes: Uint8Array, neighbours: Uint8Array): NetromRoute[] {
  const routes: NetromRoute[] = [];
  forEachRow(nodes, [9, 17], (buffer) => {
    const column = netromColumn(buffer);
    const node = {
      callsign: buffer.text(0),
      mnemonic: buffer.text(10),
      quality: buffer.integer(24 + column),
    };
    const number = buffer.integer(32 + column);
    let neighbour: PacketNeighbour | undefined;
    findRow(neighbours, buffer, () => {
      const isIt = buffer.integer(0) === number;
      buffer.cut([15, 20]);
      if (isIt) neighbour = neighbourIn(buffer);
      return isIt;
    });
    routes.push({ ...node, neighbour });
  });
  return routes;
}

/** A node of ROSE, /proc/net/rose_nodes. */
export interface RoseRoute {
  /** A byte string. */
  readonly address: string;
  /** Its neighbours, at most three, each with what is known of that number. */
  readonly neighbours: readonly { readonly number: number; readonly found: readonly PacketNeighbour[] }[];
}

const ROSE_NEIGHBOURS = [18, 24, 30];

/**
 * The numbers of a node's neighbours. A departure: the kernel gives a node three at the most, and so many are read.
 * Seen: netstat goes on behind its array where the line says that there are more, with neighbours 4 and 0.
 */
function roseNeighbourNumbers(buffer: ColumnBuffer): number[] {
  const count = Math.max(0, buffer.integer(16));
  return ROSE_NEIGHBOURS.slice(0, count).map((column) => buffer.integer(column));
}

export function parseRoseRoutes(nodes: Uint8Array, neighbours: Uint8Array): RoseRoute[] {
  const routes: RoseRoute[] = [];
  const beside = new ColumnBuffer();
  forEachRow(nodes, [10, 17, 23, 29, 35], (buffer) => {
    const address = buffer.text(0);
    const numbers = roseNeighbourNumbers(buffer);
    routes.push({
      address,
      neighbours: numbers.map((number) => ({ number, found: roseNeighbours(number) })),
    });

    function roseNeighbours(number: number): PacketNeighbour[] {
      const found: PacketNeighbour[] = [];
      findRow(neighbours, beside, () => {
        beside.cut([15, 21]);
        if (beside.integer(0) === number) found.push(neighbourIn(beside));
        return false;
      });
      return found;
    }
  });
  return routes;
}
