import type { OptionEntry } from './option-table-entry.ts';

/** Which columns the rows have, and in what form; names or numbers in them; how often. */
export const COLUMN_OPTIONS: readonly OptionEntry[] = [
  {
    letter: 'e',
    names: ['extend'],
    meaning: 'user and inode; other or more columns with -r, -i and -M',
    text: `Show the user and the inode of each Internet socket. With \`-r\`, \`-i\` and \`-M\` it chooses other columns; \`-r\`
      counts how often it is given.`,
    group: 'columns',
    origin: 'netstat',
    addsUp: true,
  },
  {
    letter: 'p',
    names: ['programs'],
    meaning: 'PID and program that hold the socket: of several the lowest PID',
    text: `Show who holds each Internet or unix socket: the process's PID and the name of its program, of several processes
      that with the lowest PID, and a dash where nobody was found. The cell holds 19 bytes. Without permission to
      read descriptors of a process its sockets get a dash, unless there is another way (see \`--owners\`), and a message
      on standard error says so.`,
    group: 'columns',
    origin: 'netstat',
  },
  {
    names: ['owners-all'],
    meaning: 'as -p, with every process that holds the socket: PID/name,PID/name',
    text: `As \`-p\`, with every process that holds the socket, by commas. The cell is as wide as it has to be.`,
    group: 'columns',
    origin: 'own',
  },
  {
    letter: 'o',
    names: ['timers'],
    meaning: 'the timer that runs, its seconds left, retransmissions and probes',
    text: `Show the timer of each Internet socket, and in parentheses the seconds it has left, the retransmissions and the
      unanswered probes.`,
    group: 'columns',
    origin: 'netstat',
  },
  {
    letter: 'W',
    names: ['wide'],
    meaning: 'addresses as long as they are: columns may be ragged',
    text: `Print addresses of Internet sockets whole. Without it what does not fit the column is cut, without a mark.`,
    group: 'columns',
    origin: 'netstat',
  },
  {
    letter: 'Z',
    names: ['context'],
    meaning: "the SELinux context of the socket's program; -p with it",
    text: `Show the SELinux security context of the program that holds the socket, and what \`-p\` shows. Where SELinux is
      not enabled it is an error.`,
    group: 'columns',
    origin: 'netstat',
  },
  {
    names: ['json'],
    meaning: 'tables as JSON: one document a round, on a line',
    text: `Print the tables as JSON instead of text: one document for each round, on a line of its own. Hosts are given by
      number.`,
    group: 'columns',
    origin: 'own',
  },
  {
    letter: 'n',
    names: ['numeric'],
    meaning: 'numbers instead of names of hosts, ports and users',
    text: `Show hosts, ports and users by number, and look nothing up.`,
    group: 'names',
    origin: 'netstat',
  },
  numeric('hosts'),
  numeric('ports'),
  numeric('users'),
  {
    letter: 'N',
    names: ['symbolic'],
    meaning: 'names of hardware; with -r and SCTP, oddly, numbers: as in netstat',
    text: `Meant for the names of hardware, of which no present table has any. With \`-r\`, and for hosts in rows of SCTP,
      it means \`-n\`, as it does in netstat.`,
    group: 'names',
    origin: 'netstat',
  },
  {
    names: ['resolve-timeout'],
    argument: { name: 'SECONDS', kind: 'seconds' },
    meaning: 'how long a listing waits for names of hosts (default: 5)',
    text: `Wait for the names of hosts so long at the most, in each round; 5 seconds where nothing is said. All of a
      listing's hosts are looked up at once. What is not known by then is shown by number.`,
    group: 'names',
    origin: 'own',
  },
  {
    letter: 'c',
    names: ['continuous'],
    argument: { name: 'SECONDS', kind: 'seconds', optional: 'operand' },
    meaning: 'again and again, every second or, as in -c 5, every SECONDS',
    text: `Repeat the listing until interrupted: every second, or every \`SECONDS\`, which may have a fraction and may stand
      among the operands, as in \`-c 5\` or \`-tc 0.5\`. Operands that are no number are passed over. \`-s\` is
      repeated only where \`SECONDS\` are given. A round that fails ends the command.`,
    group: 'repeating',
    origin: 'netstat',
  },
];

function numeric(what: string): OptionEntry {
  return {
    names: [`numeric-${what}`],
    meaning: `numbers instead of names of ${what}`,
    text: `Show ${what} by number, and other things by name.`,
    group: 'names',
    origin: 'netstat',
    inBrief: true,
  };
}
