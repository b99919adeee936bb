import type { OptionEntry } from './option-table-entry.ts';

/** What to show instead of sockets, or beside them. */
export const TABLE_OPTIONS: readonly OptionEntry[] = [
  {
    letter: 'r',
    names: ['route'],
    meaning: 'routing tables',
    text: `Show the routing table of IPv4, or of the families that are named, one after the other in that order. Without
      \`-e\` IPv4 rows end in MSS, window and round-trip time, with one \`-e\` in metric, references and use, with two in
      all of them. With three, netstat prints the heading and no table, and so does this.`,
    group: 'show',
    origin: 'netstat',
  },
  {
    letter: 'F',
    names: ['fib'],
    meaning: 'with -r: what packets are forwarded by (default)',
    text: `With \`-r\`: show the forwarding table. That is what \`-r\` shows anyway; beside \`-C\` it comes first.`,
    group: 'show',
    origin: 'netstat',
  },
  {
    letter: 'C',
    names: ['cache'],
    meaning: 'with -r: the routing cache',
    text: `With \`-r\`: show the routing cache. Linux has had none for IPv4 since 3.6, so the table is empty there; of
      IPv6 the cached routes are shown, or the neighbour table where the kernel has that file.`,
    group: 'show',
    origin: 'netstat',
  },
  {
    letter: 'i',
    names: ['interfaces'],
    argument: { name: 'IFACE', kind: 'interface', optional: 'name' },
    meaning: 'network interfaces and their counters',
    text: `Show the network interfaces that are up, with \`-a\` all of them, and what they have counted. With \`-e\` each
      is a block of addresses and counters instead of a row. With \`IFACE\`: that interface alone.`,
    group: 'show',
    origin: 'netstat',
  },
  {
    letter: 'I',
    names: [],
    argument: { name: 'IFACE', kind: 'interface' },
    meaning: 'that interface alone',
    text: `Show the interface \`IFACE\` alone, as \`--interfaces=IFACE\` does. It needs no \`-i\`, and does not go with
      \`-r\`, \`-s\` and \`-M\`.`,
    group: 'show',
    origin: 'own',
  },
  {
    letter: 'g',
    names: ['groups'],
    meaning: 'multicast groups that interfaces have joined',
    text: `Show the multicast groups of IPv4 and IPv6 that each interface has joined. It is a table beside those of
      sockets: \`-tg\` shows both, and with \`-r\`, \`-i\`, \`-s\` or \`-M\` it is without effect.`,
    group: 'show',
    origin: 'netstat',
  },
  {
    letter: 's',
    names: ['statistics'],
    meaning: "the protocols' counters",
    text: `Show what the protocols have counted since the network namespace was made. \`-t\`, \`-u\`, \`-S\` and \`-w\` (IP
      and ICMP) choose among them, \`-6\` shows those of IPv6. Counters of other titles are shown whatever is chosen. It
      is shown once, \`-c\` or not, unless a period is named.`,
    group: 'show',
    origin: 'netstat',
  },
  {
    letter: 'M',
    names: ['masquerade'],
    meaning: 'connections whose addresses the kernel translates (NAT)',
    text: `Show the connections whose addresses or ports this host translates, with the time each entry has left. Nothing
      is printed where there is none. With \`-e\` the rows have more columns.`,
    group: 'show',
    origin: 'netstat',
  },
];
