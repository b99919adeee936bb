import { FAMILY_WORDS } from './netstat-options.ts';
import type { OptionEntry } from './option-table-entry.ts';

/** Which sockets are shown. */
export const SOCKET_OPTIONS: readonly OptionEntry[] = [
  protocol('t', 'tcp', 'TCP'),
  protocol('u', 'udp', 'UDP'),
  protocol('U', 'udplite', 'UDP-Lite'),
  protocol('S', 'sctp', 'SCTP', ' endpoints and associations'),
  protocol('w', 'raw', 'raw'),
  {
    letter: 'x',
    names: ['unix'],
    meaning: 'unix sockets',
    text: `Show sockets of the unix family. The same as \`-A unix\`.`,
    group: 'sockets',
    origin: 'netstat',
    inBrief: true,
  },
  {
    letter: '4',
    names: ['inet', 'ip'],
    meaning: 'IPv4',
    text: `Show IPv4: of the protocols that are named, or of all. With \`-r\` its routes.`,
    group: 'sockets',
    origin: 'netstat',
    inBrief: true,
  },
  {
    letter: '6',
    names: ['inet6'],
    meaning: 'IPv6',
    text: `Show IPv6: of the protocols that are named, or of all. With \`-r\` its routes, with \`-s\` its counters.`,
    group: 'sockets',
    origin: 'netstat',
    inBrief: true,
  },
  ...['ax25', 'x25', 'ipx', 'netrom', 'rose'].map((name) =>
    family(name, 'Show sockets, or with `-r` routes, of'),
  ),
  family('ddp', 'With `-r` show routes of', ['appletalk']),
  {
    names: ['bluetooth'],
    meaning: 'Bluetooth sockets',
    text: `The same as \`-2\` and \`-f\` together.`,
    group: 'sockets',
    origin: 'netstat',
    inBrief: true,
  },
  bluetooth('2', 'l2cap', 'L2CAP'),
  bluetooth('f', 'rfcomm', 'RFCOMM'),
  {
    names: ['tcpip'],
    meaning: 'without effect, as in netstat: -A tcpip means IPv4',
    text: `Without effect, and with the message that netstat has for it. \`-A tcpip\` means IPv4.`,
    group: 'sockets',
    origin: 'netstat',
    inBrief: true,
  },
  {
    letter: 'A',
    names: ['protocol'],
    argument: { name: 'FAMILY', kind: 'words', words: Object.keys(FAMILY_WORDS), isList: true },
    meaning: 'address families, by commas',
    text: `Show the address families named, which go by commas; lists of several \`-A\` add up. Some names mean the same:
      \`inet\`, \`ip\` and \`tcpip\`; \`inet6\` and \`ip6\`; \`ddp\` and \`appletalk\`.`,
    group: 'sockets',
    origin: 'netstat',
    addsUp: true,
  },
  {
    letter: 'a',
    names: ['all'],
    meaning: 'all sockets; with -i interfaces that are down, too',
    text: `Show all sockets: connected ones and those that wait for peers. It wins over \`-l\`. With \`-i\` show
      interfaces that are down as well.`,
    group: 'sockets',
    origin: 'netstat',
  },
  {
    letter: 'l',
    names: ['listening'],
    meaning: 'only sockets that wait for peers (default: only others)',
    text: `Show only sockets that listen: of TCP those without a remote port, of UDP and raw sockets those without a
      remote address, of SCTP endpoints, of unix sockets those that accept connections. Without \`-l\` and \`-a\` all others
      are shown.`,
    group: 'sockets',
    origin: 'netstat',
  },
];

function protocol(letter: string, name: string, title: string, more = ' sockets'): OptionEntry {
  return {
    letter,
    names: [name],
    meaning: `${title}${more}`,
    text: `Show ${title}${more}, of IPv4 and IPv6 unless a family is named.`,
    group: 'sockets',
    origin: 'netstat',
    inBrief: true,
  };
}

function family(name: string, show: string, further: readonly string[] = []): OptionEntry {
  return {
    names: [name, ...further],
    meaning: `the family ${name}`,
    text: `${show} that family, where the kernel still has it. The same as \`-A ${name}\`.`,
    group: 'sockets',
    origin: 'netstat',
    inBrief: true,
  };
}

function bluetooth(letter: string, name: string, title: string): OptionEntry {
  return {
    letter,
    names: [name],
    meaning: `Bluetooth ${title}: refused, as by Debian's netstat`,
    text: `Ask for ${title} sockets. The netstat that this follows was built without them: after everything else it says
      so, and ends with status 1.`,
    group: 'sockets',
    origin: 'netstat',
    inBrief: true,
  };
}
