const SLASH = 0x2f;
/** So much of a command line netstat reads. */
export const NAME_WINDOW = 511;

/**
 * netstat's name of a program, from its command line: of the first 511 bytes what stands before a NUL, and of that, where
 * it begins with a slash, what follows the last one. `/usr/sbin/nginx -g` is `nginx -g`, `./a/b` stays, `/bin/` is empty.
 * A copy.
 */
export function programName(commandLine: Uint8Array): Uint8Array {
  const window = commandLine.subarray(0, NAME_WINDOW);
  const end = window.indexOf(0);
  const word = end < 0 ? window : window.subarray(0, end);
  return new Uint8Array(word[0] === SLASH ? word.subarray(word.lastIndexOf(SLASH) + 1) : word);
}
