import { SockscopeError } from '../errors.ts';
import type { Batch } from './batch.ts';

/** Batches of a stream, held at once. Throws ERR_TOO_LARGE when they take more than `maxBytes`. */
export async function collectBatches(
  batches: AsyncIterable<Batch>,
  maxBytes: number,
  operation: string,
): Promise<Batch[]> {
  const held: Batch[] = [];
  let bytes = 0;
  for await (const batch of batches) {
    bytes += batch.buffer.byteLength;
    if (bytes > maxBytes) {
      throw new SockscopeError('ERR_TOO_LARGE', `the table takes more than ${maxBytes} bytes`, {
        operation,
        remedy: 'raise maxBytes, ask for fewer columns or sockets, or read batches() as they come',
      });
    }
    if (batch.length > 0) held.push(batch);
  }
  return held;
}
