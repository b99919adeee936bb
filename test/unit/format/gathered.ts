import { ByteWriter } from '../../../src/format/byte-writer.ts';

/** The text, a character a byte, that `write` gathers. */
export function gathered(write: (out: ByteWriter) => void, capacity?: number): string {
  let text = '';
  const out = new ByteWriter((bytes) => {
    text += Buffer.from(bytes).toString('latin1');
  }, capacity);
  write(out);
  out.flush();
  return text;
}
