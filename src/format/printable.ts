/** Text, or a byte string, with its control characters as `\x1b`: what others have chosen must not move the cursor. */
export function printable(text: string): string {
  return text.replace(CONTROL, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

const CONTROL = /[\0-\x1f\x7f]/g;
