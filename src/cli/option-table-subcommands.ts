import { OWNER_SCANS } from '../owners/owner-scan.ts';
import { PINNED_PATHS } from '../owners/pinned-paths.ts';
import { SOURCES } from '../source/source.ts';
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

const PROC: SubcommandOption = {
  names: ['proc'],
  argument: { name: 'DIR', kind: 'directory' },
  meaning: 'the process file system mounted there',
  text: 'Read the process file system mounted at `DIR`.',
};

const USAGE: SubcommandOption = {
  letter: 'h',
  names: ['help'],
  meaning: 'usage',
  text: 'Print the usage.',
  isHelp: true,
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
    text: `Reads the counters of interfaces and protocols before and after \`COMMAND\` runs, now and after \`SECONDS\`, or in one round and
      the next, and shows only those that moved: by how much, how much a second, and figures derived from several of them.`,
    options: [
      flag('s', ['statistics'], 'counters of protocols', 'Show counters of protocols alone.'),
      flag('t', ['tcp'], 'TCP', 'Of the protocols: TCP.'),
      flag('u', ['udp'], 'UDP', 'Of the protocols: UDP.'),
      flag('w', ['raw'], 'IP and ICMP', 'Of the protocols: IP and ICMP.'),
      flag('U', ['udplite'], 'UDP-Lite', 'Of the protocols: UDP-Lite.'),
      flag('S', ['sctp'], 'SCTP', 'Of the protocols: SCTP.'),
      flag('4', ['inet'], 'IPv4', 'Of the protocols: those of IPv4, and those of both.'),
      flag('6', ['inet6'], 'IPv6', 'Of the protocols: those of IPv6, and those of both.'),
      {
        letter: 'i',
        names: ['interfaces'],
        argument: { name: 'IFACE', kind: 'interface', optional: 'name' },
        meaning: 'counters of interfaces',
        text: 'Show counters of interfaces alone; with an `IFACE` as `-I`.',
      },
      {
        letter: 'I',
        names: [],
        argument: { name: 'IFACE', kind: 'interface' },
        meaning: 'counters of that interface alone',
        text: 'Show counters of the interface `IFACE` alone.',
      },
      {
        letter: 'c',
        names: ['continuous'],
        argument: { name: 'SECONDS', kind: 'seconds', optional: 'operand' },
        meaning: 'round after round, every second or every SECONDS',
        text: 'Go on round after round, every second or every `SECONDS`.',
      },
      JSON_LINE,
      PROC,
      USAGE,
    ],
    command: { name: 'COMMAND', kind: 'command' },
    operand: { name: 'SECONDS', kind: 'seconds' },
  },
  {
    name: 'layers',
    meaning: 'one screen from the link over network and transport to programs',
    text: `Shows the state of the host's network on one screen, layer by layer: link, network, transport, programs. Each line
      names the option that shows more of it.`,
    options: [
      flag('n', ['numeric'], 'numbers, as always', 'Show numbers instead of names, as it does anyhow.'),
      JSON_LINE,
      PROC,
      USAGE,
    ],
  },
  {
    name: 'doctor',
    meaning: 'what this host tells of its sockets, and what would make it tell more',
    text: `Says, for each protocol, for owners and for the other tables, what they are read by here; what would be better, why
      it is not used and what would enable it; what is not told; and what this machine and process are like. It ends
      with 0 where every question has an answer, and with 1 where there is one that has none, or an error would be the
      answer.`,
    options: [
      JSON_LINE,
      PROC,
      {
        names: ['source'],
        argument: { name: 'SOURCE', kind: 'words', words: [...SOURCES, 'auto'] },
        meaning: 'of a host that reads by that source alone',
        text: 'Say what is so where `--source` is given to the command.',
      },
      {
        names: ['owners'],
        argument: { name: 'SCAN', kind: 'words', words: [...OWNER_SCANS, 'auto', 'none'] },
        meaning: 'of a host that finds owners by that alone',
        text: 'Say what is so where `--owners` is given to the command.',
      },
      USAGE,
    ],
  },
];

function flag(letter: string, names: readonly string[], meaning: string, text: string): SubcommandOption {
  return { letter, names, meaning, text };
}
