import type { ByteWriter } from '../format/byte-writer.ts';
import type { AddressSink } from '../format/host-cells.ts';
import type { RouteLayout } from '../format/netstat-route-quirks.ts';
import type { RouteCells } from '../format/route-cells.ts';
import { routePieces } from '../kernel-tables/route-pieces.ts';
import type { RouteLines } from '../kernel-tables/route-scanner.ts';
import type { ModeScene } from './mode-scene.ts';
import type { Script } from './script.ts';

/** What a table of routes is lent; `say` goes through the script, and so does everything that prints. */
export interface RouteScene extends ModeScene {
  readonly out: ByteWriter;
  readonly script: Script;
  readonly layout: RouteLayout;
  /** `-e`. */
  readonly extend: boolean;
  readonly cells: RouteCells;
  readonly netDirectory: string;
}

/** A table that prints row by row, and tells beforehand which hosts a row will name. */
export interface RowTable<Line> {
  row(line: Line): void;
  addHosts(line: Line, into: AddressSink): void;
}

/** A table's bytes on their way to the output: read piece by piece, and held only where names have to be found first. */
export class RouteText<Line> {
  readonly #script: Script;
  readonly #printed: RouteLines;
  readonly #gathered: RouteLines;
  #into: AddressSink | undefined;

  /** `lines` makes the lines of a table, and calls back with each one to be shown. */
  constructor(script: Script, table: RowTable<Line>, lines: (take: (line: Line) => void) => RouteLines) {
    this.#script = script;
    this.#printed = lines((line) => table.row(line));
    this.#gathered = lines((line) => table.addHosts(line, this.#into!));
  }

  /** Takes a piece, of which nothing is held but where the script holds its steps: then it is copied. */
  add(piece: Uint8Array): void {
    const lasting = this.#script.holds ? piece.slice() : piece;
    this.#step((lines) => lines.add(lasting));
  }

  end(): void {
    this.#step((lines) => lines.end());
  }

  #step(step: (lines: RouteLines) => void): void {
    this.#script.add(
      () => step(this.#printed),
      (into) => {
        this.#into = into;
        step(this.#gathered);
      },
    );
  }
}

/** The pieces of a table that opens, each until the next one; one that cannot be read any further ends there, as netstat has it. */
export async function* piecesOf(path: string): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* routePieces(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall !== 'read') throw error;
  }
}
