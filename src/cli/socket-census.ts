import type { ProgramFacts, SocketFacts } from '../format/layers-screen.ts';
import { PROTOCOLS, protocolName } from '../socket/protocol.ts';
import { State, stateName } from '../socket/state.ts';
import type { Batch } from '../table/batch.ts';

interface ProgramCount {
  readonly pids: Set<number>;
  listening: number;
  connected: number;
  unix: number;
  other: number;
}

/** Counts sockets by protocol and state, and by the program that holds them (of several that with the lowest pid). */
export class SocketCensus {
  readonly #states = new Map<string, Map<string, number>>(
    PROTOCOLS.map((protocol) => [protocol, new Map<string, number>()]),
  );
  /** Undefined: nobody is known to hold them. */
  readonly #programs = new Map<string | undefined, ProgramCount>();

  /** Columns that the batches have to carry. */
  static readonly columns = ['protocol', 'state'] as const;

  add(batch: Batch): void {
    const protocols = batch.require('protocol');
    const states = batch.require('state');
    for (let row = 0; row < batch.length; row++) {
      const protocol = protocolName(protocols[row]!);
      const state = states[row]!;
      const word = stateWord(protocol, state);
      const counts = this.#states.get(protocol);
      counts?.set(word, (counts.get(word) ?? 0) + 1);
      if (batch.owners !== undefined) this.#addHolder(batch, row, protocol, state);
    }
  }

  /** In the order of the protocols; those without a socket as well. */
  sockets(): SocketFacts[] {
    return [...this.#states].map(([protocol, states]) => ({ protocol, states: Object.fromEntries(states) }));
  }

  /** Those that hold most first. */
  programs(): ProgramFacts[] {
    return [...this.#programs]
      .map(([program, { pids, ...counts }]) => ({ program, processes: pids.size, ...counts }))
      .toSorted((a, b) => total(b) - total(a));
  }

  #addHolder(batch: Batch, row: number, protocol: string, state: number): void {
    const { ownerStart, ownerPid, processes } = batch.owners!;
    const isHeld = ownerStart[row]! < ownerStart[row + 1]!;
    const holder = isHeld ? processes.get(ownerPid[ownerStart[row]!]!) : undefined;
    const count = this.#countOf(holder?.program);
    if (holder !== undefined) count.pids.add(holder.pid);
    if (protocol === 'unix') count.unix++;
    else if (state === State.listen) count.listening++;
    else if (state === State.established) count.connected++;
    else count.other++;
  }

  #countOf(program: string | undefined): ProgramCount {
    let count = this.#programs.get(program);
    if (count === undefined) {
      count = { pids: new Set(), listening: 0, connected: 0, unix: 0, other: 0 };
      this.#programs.set(program, count);
    }
    return count;
  }
}

/** TCP's names of states; what is `close` elsewhere has no other end. */
function stateWord(protocol: string, state: number): string {
  return protocol !== 'tcp' && state === State.close ? 'unconnected' : stateName(state);
}

function total({ listening, connected, unix, other }: ProgramFacts): number {
  return listening + connected + unix + other;
}
