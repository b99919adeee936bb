import { Batch } from '../table/batch.ts';
import type { Turn } from '../turn.ts';
import { failureOf } from './dump-failure.ts';
import type { NativeDump, NativeEnd } from './native-dump.ts';

/** What a native dump counts; the rows while they are given out, the rest at its end. */
export interface NativeTally {
  rows: number;
  bytes: number;
  malformed: number;
  duplicates: number;
  interrupted: boolean;
}

export interface NativeRead {
  /** Starts the dump; called when the first batch is asked for. */
  readonly start: (wake: () => void) => NativeDump;
  /** What is dumped, such as `tcp`: for words. */
  readonly subject: string;
  readonly signal: AbortSignal;
  readonly tally: NativeTally;
  /** What this thread gives to the copying of batches. */
  readonly turn: Turn;
}

/**
 * The batches of a native dump. Leaving the loop, or an abort, ends the dump at once. While the dump runs it keeps the
 * event loop alive; after its end, or once it is left, it does not.
 * Throws `signal.reason` on abort, and a SockscopeError when the dump fails.
 */
export async function* nativeBatches(read: NativeRead): AsyncGenerator<Batch, void, undefined> {
  const { signal, tally, turn } = read;
  signal.throwIfAborted();
  const bell = new Bell();
  const dump = read.start(bell.ring);
  const stopListening = cancelOnAbort(signal, dump, bell);
  try {
    for (;;) {
      await turn.taken();
      signal.throwIfAborted();
      const taken = dump.take();
      if (taken === undefined) {
        await bell.rung();
      } else if ('end' in taken) {
        return finish(taken, read);
      } else {
        tally.rows += taken.rows;
        yield new Batch(taken);
      }
    }
  } finally {
    stopListening();
    dump.cancel();
  }
}

function finish(end: NativeEnd, { subject, tally }: NativeRead): void {
  tally.bytes += end.bytes;
  tally.malformed += end.malformed;
  tally.duplicates += end.duplicates;
  tally.interrupted ||= end.interrupted;
  const failure = failureOf(end, subject);
  if (failure !== undefined) throw failure;
}

/** Holds the dump weakly: a signal that lives on must not keep an abandoned dump and its batches. */
function cancelOnAbort(signal: AbortSignal, dump: NativeDump, bell: Bell): () => void {
  const held = new WeakRef(dump);
  const onAbort = (): void => {
    held.deref()?.cancel();
    bell.ring();
  };
  signal.addEventListener('abort', onAbort, { once: true });
  return () => signal.removeEventListener('abort', onAbort);
}

/** Remembers one ring until somebody waits for it. */
class Bell {
  #ringing = false;
  #answer: (() => void) | undefined;

  readonly ring = (): void => {
    this.#ringing = true;
    this.#answer?.();
  };

  async rung(): Promise<void> {
    if (!this.#ringing) {
      await new Promise<void>((resolve) => {
        this.#answer = resolve;
      });
      this.#answer = undefined;
    }
    this.#ringing = false;
  }
}
