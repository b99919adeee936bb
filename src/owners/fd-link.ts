const PREFIX = 'socket:[';
const ZERO = 48;
const LARGEST = 0xffffffff;
/** What kernels before 2.6 wrote, and netstat still takes: the number as strtoul(3) with base 0 has it. */
const OLD_FORM = /^\[0000\]:(0[xX][0-9a-fA-F]+|[0-9]+)$/;

/** The inode in what a link of /proc/<pid>/fd says, `socket:[4711]`; undefined where it leads to no socket. */
export function socketInode(link: string): number | undefined {
  if (link.startsWith(PREFIX) && link.endsWith(']')) return decimal(link, PREFIX.length, link.length - 1);
  return link.startsWith('[') ? oldForm(link) : undefined;
}

/** A whole number of 32 bits from text[from, to). */
function decimal(text: string, from: number, to: number): number | undefined {
  let value = 0;
  for (let at = from; at < to; at++) {
    const digit = text.charCodeAt(at) - ZERO;
    if (digit < 0 || digit > 9) return undefined;
    value = 10 * value + digit;
  }
  return to > from && value <= LARGEST ? value : undefined;
}

function oldForm(link: string): number | undefined {
  const number = OLD_FORM.exec(link)?.[1];
  if (number === undefined) return undefined;
  const octal = /^0[0-9]/.test(number);
  if (octal && /[89]/.test(number)) return undefined;
  const value = Number(octal ? `0o${number}` : number);
  return value <= LARGEST ? value : undefined;
}
