import type { Batch } from './batch.ts';

/**
 * The batches of a stream, the first of them when `gate` has opened: until then they are read ahead, as long as they take
 * at most `maxBytes`. Leaving the loop, and a gate that rejects, ends the stream. Throws what either throws.
 */
export async function* readAhead(
  batches: AsyncIterable<Batch>,
  gate: Promise<unknown>,
  maxBytes: number,
): AsyncGenerator<Batch, void, undefined> {
  const iterator = batches[Symbol.asyncIterator]();
  const held: Batch[] = [];
  let isOpen = false;
  const opened = gate.finally(() => {
    isOpen = true;
  });
  const reading = (async (): Promise<boolean> => {
    for (let bytes = 0; !isOpen && bytes < maxBytes; ) {
      const { done, value } = await iterator.next();
      if (done === true) return true;
      held.push(value);
      bytes += value.buffer.byteLength;
    }
    return false;
  })();
  reading.catch(() => {});
  try {
    await Promise.race([opened, reading.then(() => opened)]);
    const ended = await reading;
    for (let batch = held.shift(); batch !== undefined; batch = held.shift()) yield batch;
    if (ended) return;
    for (;;) {
      const { done, value } = await iterator.next();
      if (done === true) return;
      yield value;
    }
  } finally {
    opened.catch(() => {});
    await iterator.return?.();
  }
}
