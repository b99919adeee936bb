import { ownersOf } from '../unit/format/owners.ts';
import { INET_LINES, UNIX_LINES } from './synthetic-hosts.ts';
import type { SyntheticProcess } from './synthetic-proc.ts';

/** Command lines of every kind, by the pid of who has them. No control bytes: those are a departure. */
const COMMAND_LINES: Readonly<Record<number, string | Uint8Array>> = {
  1: '/sbin/init\0',
  20: 'node\0app.js\0',
  21: 'node',
  70: './a/b/c\0',
  77: '/usr/bin/perl -w /x/y/z.pl',
  300: '/usr/local/bin/very-long-program-name-here\0-a\0',
  301: '-bash\0',
  302: 'a b  c\0d\0',
  303: '(sd-pam)\0',
  304: ') S 1 (\0',
  305: ',1/comma',
  306: '\u00e4\u00f6\u00fc',
  307: 'fourteen-bytes\u00fc\0',
  308: 'twelve-bytes\u{1f600}',
  309: Uint8Array.of(0x2f, 0x80, 0xff, 0x2f, 0xc3, 0x28, 0x00, 0x61),
  310: ' leading and trailing ',
  4000: 'sshd: root@pts/0\0\0\0\0',
  4001: 'nginx: worker process\0',
  50000: '',
  50001: '\0',
  50002: '\0argument\0',
  60000: '/usr/bin/\0',
  60001: '/',
  60002: '//',
  99999: 'x'.repeat(600),
  100000: `/${'d'.repeat(508)}/xyz`,
  100001: `/${'d'.repeat(520)}/x`,
  4194304: '/opt/My App/bin/My Prog/x y\0',
};

/** What the kernel calls them all: it must not matter. */
const COMM = ') S 1 (2\n';

/** A process without a command line to read, as one that has ended meanwhile. */
const GONE = 40;

const pids = Object.keys(COMMAND_LINES).map(Number);

/** Inodes of the rich host's tables that a link can name; netstat takes those below ten for a mistake. */
const INODES = [
  ...new Set([
    ...Object.values(INET_LINES).flatMap((families) => families.flat().map(({ inode = 0 }) => inode)),
    ...UNIX_LINES.map(({ inode = 0 }) => inode),
    ...[12_345, 12_346, 12_347, 12_348],
  ]),
].filter((inode) => inode > 9);

/** Who holds a socket: of seven one nobody, one two processes, one a process that has gone. */
function holdersOf(place: number): number[] {
  // Five places of seven are the next process's.
  const first = pids[(Math.floor(place / 7) * 5 + Math.min(place % 7, 4)) % pids.length]!;
  switch (place % 7) {
    case 4:
      return [first, pids[(place * 5 + 1) % pids.length]!];
    case 5:
      return [];
    case 6:
      return [GONE];
    default:
      return [first];
  }
}

const HOLDERS = new Map(INODES.map((inode, place) => [inode, holdersOf(place)]));

/** Processes that hold the sockets of the rich host's tables. */
export const PROCESSES: Readonly<Record<number, SyntheticProcess>> = Object.fromEntries(
  [GONE, ...pids].map((pid) => [pid, { commandLine: COMMAND_LINES[pid], comm: COMM, links: linksOf(pid) }]),
);

function linksOf(pid: number): Record<number, string> {
  const held = [...HOLDERS].filter(([, holders]) => holders.includes(pid)).map(([inode]) => inode);
  const links: Record<number, string> = {
    0: '/dev/null',
    1: 'pipe:[102]',
    2: 'anon_inode:[eventpoll]',
    3: 'socket:[]',
    4: 'socket:[400',
    5: 'socket:[401x]',
    6: 'mnt:[4026531841]',
  };
  for (const [index, inode] of held.entries()) links[7 + 2 * index] = `socket:[${inode}]`;
  // By two descriptors.
  if (held[0] !== undefined) links[700] = `socket:[${held[0]}]`;
  return links;
}

/** The owners of rows with these inodes, as a search through PROCESSES must find them. */
export function ownersOfInodes(inodes: readonly number[]): ReturnType<typeof ownersOf> {
  const holders = inodes.map((inode) => [...(HOLDERS.get(inode) ?? [])].sort((a, b) => a - b));
  return ownersOf(
    holders,
    Object.fromEntries(Object.entries(COMMAND_LINES).map(([pid, line]) => [pid, programOf(line)])),
  );
}

/** The first word of 511 bytes; of a path what follows the last slash. */
function programOf(commandLine: string | Uint8Array): Uint8Array {
  const text = Buffer.from(commandLine).subarray(0, 511).toString('latin1');
  const word = text.split('\0')[0]!;
  return Buffer.from(word.startsWith('/') ? word.slice(word.lastIndexOf('/') + 1) : word, 'latin1');
}

/** A socket each for processes whose names have control bytes in them. */
export const CONTROL_PROCESSES: Readonly<Record<number, SyntheticProcess>> = {
  71: { commandLine: '/opt/\u001b[31mred\0', links: { 3: 'socket:[7100]' } },
  72: { commandLine: 'two\nlines', links: { 3: 'socket:[7200]' } },
  73: { commandLine: '\u0001\u001f\u007f', links: { 3: 'socket:[7300]' } },
};
