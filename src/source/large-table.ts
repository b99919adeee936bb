import type { Batch } from '../table/batch.ts';
import { nextTurn } from '../turn.ts';
import type { PageReader } from './page-reader.ts';
import type { PageThread } from './page-thread.ts';

/** Bytes of text, of some 14,000 sockets: to read them costs as much as to start a thread. */
const LARGE = 2 * 1024 * 1024;

/** Starts a thread for the descriptor of the table being read; undefined where there is none to be had. */
export type StartPageThread = () => Promise<PageThread | undefined>;

/** A thread has ended that was to read on. */
export class LostThread extends Error {}

/**
 * Runs the steps that parse what `reader` reads. Of a large table the pages are read by a thread of its own from some step
 * on: printing them takes the kernel ten times as long as it takes to parse them. The event loop then goes round after
 * each step. Gives what the steps give.
 */
export async function* withPageThread(
  steps: Iterable<Batch | undefined>,
  reader: PageReader,
  start: StartPageThread,
): AsyncGenerator<Batch | undefined, void, undefined> {
  let thread: PageThread | undefined;
  let isAsked = false;
  let isAhead = false;
  for (const step of steps) {
    yield step;
    if (isAhead) {
      await nextTurn();
      if (thread?.failure !== undefined) throw new LostThread(thread.failure.message);
    } else if (thread?.ring.isWaiting) {
      isAhead = true;
      thread.ring.go();
      reader.continueFrom(thread.ring);
    } else if (!isAsked && reader.total >= LARGE && !reader.ended) {
      isAsked = true;
      thread = await start();
    }
  }
}
