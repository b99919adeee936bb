import type { MessagePort } from 'node:worker_threads';
import type { Batch } from '../table/batch.ts';

/**
 * Smaller ones are not worth a port. A first batch of 1024 rows is: what V8 optimizes before any buffer has gone, it has to
 * optimize anew.
 */
const LEAST_BYTES = 16_384;

/** Takes buffers and has them freed, as nobody listens: at once, when the event loop has gone round with it. */
let nowhere: MessagePort | undefined;

/**
 * Gives the memory of a batch back; its columns are empty from then on. V8 would keep 32 MB of such buffers before it
 * looks which are in use: 500,000 sockets are less, and each batch would have to be given fresh pages by the kernel.
 */
export function giveBack({ buffer }: Pick<Batch, 'buffer'>): void {
  if (buffer.byteLength < LEAST_BYTES) return;
  nowhere ??= closedPort();
  nowhere.postMessage(undefined, [buffer]);
}

function closedPort(): MessagePort {
  const { port1, port2 } = new MessageChannel();
  port2.close();
  return port1;
}
