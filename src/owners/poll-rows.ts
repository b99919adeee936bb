import type { Batch } from '../table/batch.ts';
import { type Place, placeOf } from '../table/gather.ts';
import { BATCH_ROWS } from '../table/schema.ts';
import { isHolder, type RowHolders, UNKNOWN } from './row-holders.ts';

/** A batch of a poll, with who holds its sockets as far as is known. */
export interface PolledBatch {
  readonly batch: Batch;
  readonly number: number;
  readonly found: RowHolders;
}

/** The rows of a poll, and what has become of their holders. */
export class PollRows {
  readonly polled: PolledBatch[] = [];
  readonly #numbers = new Map<Batch, number>();
  /** Rows of which something else is to be remembered than before. */
  readonly #changed: Place[] = [];

  /** The next batch, with what is known of it. */
  add(batch: Batch, found: RowHolders): PolledBatch {
    const polled = { batch, number: this.polled.length, found };
    this.polled.push(polled);
    this.#numbers.set(batch, polled.number);
    return polled;
  }

  /** Of a batch that was not looked at, because the time was up, nothing is known. */
  of(batch: Batch): RowHolders {
    const found = this.polled[this.#numbers.get(batch) ?? -1]?.found;
    return found ?? { pid: new Uint32Array(batch.length).fill(UNKNOWN), fd: new Uint32Array(batch.length) };
  }

  /** Puts down who holds a socket, or a word for that. Gives its place. */
  set({ number, found }: PolledBatch, row: number, pid: number, fd: number): Place {
    const place = placeOf(number, row);
    found.pid[row] = pid;
    found.fd[row] = fd;
    this.#changed.push(place);
    return place;
  }

  /** The batch of a place, and the row in it. */
  at(place: Place): { polled: PolledBatch; row: number } {
    return { polled: this.polled[Math.trunc(place / BATCH_ROWS)]!, row: place % BATCH_ROWS };
  }

  isFound(place: Place): boolean {
    const { polled, row } = this.at(place);
    return isHolder(polled.found.pid[row]!);
  }

  inodesOf(places: readonly Place[]): Uint32Array {
    return Uint32Array.from(places, (place) => {
      const { polled, row } = this.at(place);
      return polled.batch.require('inode')[row]!;
    });
  }

  /** What is to be remembered anew, with the low and high halves of the sockets' cookies. */
  changes(): RowHolders & { readonly cookies: Uint32Array } {
    const { length } = this.#changed;
    const cookies = new Uint32Array(2 * length);
    const pid = new Uint32Array(length);
    const fd = new Uint32Array(length);
    for (const [at, place] of this.#changed.entries()) {
      const { polled, row } = this.at(place);
      const halves = polled.batch.require('cookie');
      cookies[2 * at] = halves[2 * row]!;
      cookies[2 * at + 1] = halves[2 * row + 1]!;
      pid[at] = polled.found.pid[row]!;
      fd[at] = polled.found.fd[row]!;
    }
    return { cookies, pid, fd };
  }
}
