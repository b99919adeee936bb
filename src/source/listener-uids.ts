import { State } from '../socket/state.ts';
import type { Batch } from '../table/batch.ts';
import { projectBatch } from '../table/project.ts';
import { columnSet, hasColumn } from '../table/schema.ts';
import { type Dump, type DumpContext, newTally, type Source } from './source.ts';

/** What a listener is found by. */
const LISTENER_COLUMNS = columnSet(['family', 'state', 'localAddress', 'localPort', 'uid']);
const LISTENING = 1 << State.listen;
const SYN_RECV = 1 << State['syn-recv'];

/** Whether rows of this dump get their uid from a listener. */
export function wantsListenerUids({ protocol, states, columns }: Dump): boolean {
  return protocol === 'tcp' && (states & SYN_RECV) !== 0 && hasColumn(columns, 'uid');
}

/** What the batches come from. */
export interface ListenerReading {
  readonly read: Source['read'];
  /** Whether listeners come before all connections. */
  readonly listenersFirst: boolean;
}

/**
 * The batches of `dump`, with the uids of connections in SYN_RECV filled in. The kernel walks listeners first, so the
 * dump itself teaches their uids; where it does not ask for them, or they may come late, a second dump does, once a row
 * needs it.
 */
export async function* withListenerUids(
  dump: Dump,
  context: DumpContext,
  { read, listenersFirst }: ListenerReading,
): AsyncGenerator<Batch, void, undefined> {
  const listeners = new ListenerUids();
  const learnAside = async (): Promise<void> => {
    const aside = { ...context, tally: newTally() };
    for await (const batch of read(
      { ...dump, states: LISTENING, columns: LISTENER_COLUMNS, bytecode: undefined, anyOrder: false },
      aside,
    ))
      listeners.learn(batch);
    context.tally.bytes += aside.tally.bytes;
  };
  let known = listenersFirst && (dump.states & LISTENING) !== 0;
  for await (const batch of read({ ...dump, columns: dump.columns | LISTENER_COLUMNS }, context)) {
    if (known) listeners.learn(batch);
    if (listeners.needed(batch)) {
      if (!known) {
        await learnAside();
        known = true;
      }
      listeners.mend(batch);
    }
    yield projectBatch(batch, dump.columns);
  }
}

/**
 * The users of listening sockets. A connection in SYN_RECV is not a socket yet: the kernel's diag gives it uid 0, while
 * /proc gives the uid of its listener, which is the truth a reader wants.
 * Not told apart: listeners of different users that share address and port and differ in the device they are bound to.
 */
class ListenerUids {
  readonly #uids = new Map<string, number>();

  /** Whether the batch has rows whose uid a listener tells. */
  needed(batch: Batch): boolean {
    return unownedIn(batch).next().done !== true;
  }

  /** Remembers the listeners of a batch. */
  learn(batch: Batch): void {
    const uid = batch.require('uid');
    const endpoints = new LocalEndpoints(batch);
    for (const row of rowsIn(batch, State.listen)) this.#uids.set(endpoints.exact(row), uid[row]!);
  }

  /** Gives the SYN_RECV rows of a batch the uid of their listener; a row without one keeps 0. */
  mend(batch: Batch): void {
    const uid = batch.require('uid');
    const endpoints = new LocalEndpoints(batch);
    for (const row of unownedIn(batch)) {
      uid[row] = this.#uids.get(endpoints.exact(row)) ?? this.#uids.get(endpoints.anyAddress(row)) ?? 0;
    }
  }
}

/** Local ends of a batch's rows as keys. */
class LocalEndpoints {
  readonly #family: Uint8Array;
  readonly #port: Uint16Array;
  readonly #words: Uint32Array;

  constructor(batch: Batch) {
    const address = batch.require('localAddress');
    this.#family = batch.require('family');
    this.#port = batch.require('localPort');
    this.#words = new Uint32Array(address.buffer, address.byteOffset, address.length / 4);
  }

  exact(row: number): string {
    const words = this.#words;
    const at = row * 4;
    // `::`, `0.0.0.0` and `::ffff:0.0.0.0` are one: a dual-stack listener takes connections of both families.
    if (words[at + 3] === 0 && words[at] === 0 && words[at + 1] === 0) return this.anyAddress(row);
    return `${this.anyAddress(row)} ${words[at]} ${words[at + 1]} ${words[at + 2]} ${words[at + 3]}`;
  }

  anyAddress(row: number): string {
    return `${this.#family[row]} ${this.#port[row]}`;
  }
}

function* unownedIn(batch: Batch): Generator<number> {
  const uid = batch.require('uid');
  for (const row of rowsIn(batch, State['syn-recv'])) if (uid[row] === 0) yield row;
}

function* rowsIn(batch: Batch, state: number): Generator<number> {
  const states = batch.require('state');
  for (let row = states.indexOf(state); row !== -1; row = states.indexOf(state, row + 1)) yield row;
}
