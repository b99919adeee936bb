/** What the kernel prints between state and uid while nothing waits and no timer runs, as words. */
const IDLE = wordsOf(' 00000000:00000000 00:00000000 00000000 ');

/** Whether the 40 bytes at `at`, which must be there, are IDLE: as they are for most connections. */
export function isIdle(text: DataView, at: number): boolean {
  return (
    text.getInt32(at) === IDLE[0] &&
    text.getInt32(at + 4) === IDLE[1] &&
    text.getInt32(at + 8) === IDLE[2] &&
    text.getInt32(at + 12) === IDLE[3] &&
    text.getInt32(at + 16) === IDLE[4] &&
    text.getInt32(at + 20) === IDLE[5] &&
    text.getInt32(at + 24) === IDLE[6] &&
    text.getInt32(at + 28) === IDLE[7] &&
    text.getInt32(at + 32) === IDLE[8] &&
    text.getInt32(at + 36) === IDLE[9]
  );
}

function wordsOf(text: string): Int32Array {
  const bytes = new DataView(Uint8Array.from(text, (letter) => letter.charCodeAt(0)).buffer);
  return Int32Array.from({ length: text.length / 4 }, (_, word) => bytes.getInt32(word * 4));
}
