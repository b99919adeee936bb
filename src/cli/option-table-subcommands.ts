import { PINNED_PATHS } from '../owners/pinned-paths.ts';
import type { OptionArgument, Subcommand, SubcommandOption } from './option-table-entry.ts';

const PIN_FILE: OptionArgument = { name: 'FILE', kind: 'file' };

const HELP: SubcommandOption = {
  letter: 'h',
  names: ['help'],
  meaning: 'usage of pin and unpin',
  text: 'Print the usage of `pin` and `unpin`.',
  isHelp: true,
};

const JSON_LINE: SubcommandOption = {
  names: ['json'],
  meaning: 'as JSON',
  text: 'Print JSON instead of text.',
};

/** The first word may be one of these; under the name `netstat` it is an operand, and passed over. */
export const SUBCOMMANDS: readonly Subcommand[] = [
  {
    name: 'pin',
    meaning: 'lets members of GROUP see the owner of every socket, as root does',
    text: `Run once by root, it loads the BPF iterator that finds owners, and pins it in a BPF file system of its own, to be
      read by root and by \`GROUP\` alone. From then on \`-p\` names the owner of every socket to the members of that group,
      without a capability. It lasts until \`unpin\` or the next boot.`,
    options: [
      {
        names: ['group'],
        argument: { name: 'GROUP', kind: 'group' },
        meaning: 'who may read it: a name or a number',
        text: 'The group that may read the iterator: its name, or its number.',
        isRequired: true,
      },
      {
        names: ['path'],
        argument: PIN_FILE,
        meaning: `where to pin it (default: ${PINNED_PATHS[0]})`,
        text: `Pin it there instead of at \`${PINNED_PATHS[0]}\`: a file to be made in a BPF file system. \`-p\` looks
          there and at \`${PINNED_PATHS[1]}\`.`,
      },
      HELP,
    ],
  },
  {
    name: 'unpin',
    meaning: 'takes that away again',
    text: `Takes away what \`pin\` has made.`,
    options: [
      {
        names: ['path'],
        argument: PIN_FILE,
        meaning: 'where it is pinned',
        text: 'Where it is pinned, if `pin` was told so.',
      },
      HELP,
    ],
  },
  {
    name: 'delta',
    meaning: 'counters that moved while COMMAND ran, or from round to round',
    text: `Reads the counters of interfaces and protocols before and after \`COMMAND\` runs, or in one round and the next,
      and shows only those that moved: by how much, how much a second, and figures derived from several of them.`,
    options: [
      flag('i', 'counters of interfaces', 'Show counters of interfaces alone.'),
      {
        letter: 'I',
        names: [],
        argument: { name: 'IFACE', kind: 'interface' },
        meaning: 'counters of that interface alone',
        text: 'Show counters of the interface `IFACE` alone.',
      },
      flag('s', 'counters of protocols', 'Show counters of protocols alone.'),
      flag('t', 'TCP', 'Of the protocols: TCP.'),
      flag('u', 'UDP', 'Of the protocols: UDP.'),
      flag('w', 'IP and ICMP', 'Of the protocols: IP and ICMP.'),
      flag('U', 'UDP-Lite', 'Of the protocols: UDP-Lite.'),
      flag('S', 'SCTP', 'Of the protocols: SCTP.'),
      flag('6', 'IPv6', 'Show counters of IPv6.'),
      {
        letter: 'c',
        names: [],
        argument: { name: 'SECONDS', kind: 'seconds', optional: 'operand' },
        meaning: 'round after round, every second or every SECONDS',
        text: 'Go on round after round, every second or every `SECONDS`.',
      },
      JSON_LINE,
    ],
    command: { name: 'COMMAND', kind: 'command' },
  },
  {
    name: 'layers',
    meaning: 'one screen from the link over network and transport to programs',
    text: `Shows the state of the host's network on one screen, layer by layer: link, network, transport, programs. Each line
      names the option that shows more of it.`,
    options: [flag('n', 'numbers instead of names', 'Show numbers instead of names.'), JSON_LINE],
  },
];

function flag(letter: string, meaning: string, text: string): SubcommandOption {
  return { letter, names: [], meaning, text };
}
