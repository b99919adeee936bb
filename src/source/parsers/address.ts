import { COLON, type FieldCursor, hex4 } from './digits.ts';

/** ::ffff:0:0/96, as the third word of an address in memory. */
const MAPPED = new Uint32Array(new Uint8Array([0, 0, 0xff, 0xff]).buffer)[0]!;

/** Stores the address at `at`, of 8 or 32 digits; negative when one of them is none. */
export function address(text: DataView, at: number, digits: number, words: Uint32Array, row: number): number {
  const word = row * 4;
  if (digits === 8) {
    words[word] = 0;
    words[word + 1] = 0;
    words[word + 2] = MAPPED;
    return addressWord(text, at, words, word + 3);
  }
  return (
    addressWord(text, at, words, word) |
    addressWord(text, at + 8, words, word + 1) |
    addressWord(text, at + 16, words, word + 2) |
    addressWord(text, at + 24, words, word + 3)
  );
}

function addressWord(text: DataView, at: number, words: Uint32Array, word: number): number {
  const high = hex4(text, at);
  const low = hex4(text, at + 4);
  words[word] = (high << 16) | low;
  return high | low;
}

/** Where an address begins and how many digits it has, the colon behind it passed. */
export function addressField(line: FieldCursor): { at: number; digits: number } {
  line.skipBlanks();
  const at = line.at;
  line.hex();
  const digits = line.at - at;
  if (digits !== 8 && digits !== 32) line.ok = false;
  line.expect(COLON);
  return { at, digits };
}
