/** A table that the command prints, for the manual's section OUTPUT. Backquotes as in the option table. */
export interface OutputTable {
  readonly title: string;
  readonly text: string;
  /** Of each column its heading and its meaning. */
  readonly columns: readonly (readonly [heading: string, meaning: string])[];
}

const PROGRAM: OutputTable['columns'][number] = [
  'PID/Program name',
  `With \`-p\`: who holds the socket. The name is the command line's first word, of an absolute path the last part; a dash
  where no process was found that holds it.`,
];

/** The tables of sockets. */
export const SOCKET_TABLES: readonly OutputTable[] = [
  {
    title: 'Internet sockets',
    text: `One heading for all protocols, then TCP, SCTP, UDP, UDP-Lite and raw sockets, of each IPv4 before IPv6.`,
    columns: [
      [
        'Proto',
        'The protocol; a `6` behind it for IPv6. A socket of IPv6 with IPv4 addresses shows those as IPv4.',
      ],
      [
        'Recv-Q',
        `Bytes that have been received and not been read. Of a listening TCP socket: connections that wait to be
        accepted.`,
      ],
      ['Send-Q', 'Bytes that have not been acknowledged by the peer. Of a listening TCP socket always 0.'],
      [
        'Local Address',
        `Address and port on this host, with a colon between them, whatever the family. An asterisk is port 0. Of raw
        sockets the IP protocol stands where others have the port.`,
      ],
      ['Foreign Address', 'Address and port of the peer.'],
      [
        'State',
        `The state of TCP's and SCTP's state machines. UDP has \`ESTABLISHED\` for a socket with a peer, and nothing for
        one without; raw sockets have the kernel's number.`,
      ],
      ['User', 'With `-e`: who made the socket.'],
      ['Inode', "With `-e`: the socket's inode; 0 where no process holds it any more, or yet."],
      PROGRAM,
      ['Security Context', 'With `-Z`: the SELinux context of that program.'],
      [
        'Timer',
        `With \`-o\`: \`off\`, \`on\` (retransmission), \`keepalive\`, \`timewait\`, \`probe\` (zero window); in parentheses
        the seconds that are left, retransmissions, and unanswered probes.`,
      ],
    ],
  },
  {
    title: 'Unix sockets',
    text: 'Every socket of the unix family, whatever its type.',
    columns: [
      ['Proto', 'Always `unix`.'],
      ['RefCnt', 'References that the kernel holds to the socket.'],
      ['Flags', '`ACC`: it accepts connections. `W`: it waits for data. `N`: it has no room to write.'],
      ['Type', '`STREAM`, `DGRAM`, `SEQPACKET`, and more rarely `RAW` and `RDM`.'],
      [
        'State',
        '`LISTENING`, `CONNECTING`, `CONNECTED`, `DISCONNECTING`, `FREE`, or nothing: not connected.',
      ],
      ['I-Node', "The socket's inode."],
      PROGRAM,
      [
        'Path',
        `The file that it is bound to. A name that begins with an at sign is abstract: no file has it. Nothing: it is not
        bound.`,
      ],
    ],
  },
  {
    title: 'Older families',
    text: `IPX, AX.25, X.25, NET/ROM and ROSE have a table each, where the kernel has the family: addresses of both
      ends, device, state, sequence numbers (\`Vr/Vs\`) and queues.`,
    columns: [],
  },
];

/** The tables beside them. */
export const OTHER_TABLES: readonly OutputTable[] = [
  {
    title: 'Multicast groups (-g)',
    text: 'The groups of IPv4, then those of IPv6.',
    columns: [
      ['Interface', 'The interface that has joined the group.'],
      ['RefCnt', 'How many have asked it to: sockets, or the kernel itself.'],
      ['Group', "The group's address."],
    ],
  },
  {
    title: 'Interfaces (-i)',
    text: `A row for each interface, sorted by name, numbers in names by their value; with \`-e\` a block with its addresses
      and its counters of packets, bytes and errors.`,
    columns: [
      ['Iface', 'The name. An additional IPv4 address with a label has a row without counters.'],
      ['MTU', 'The longest packet that it sends whole, in bytes.'],
      ['RX-OK, TX-OK', 'Packets received, sent.'],
      ['RX-ERR, TX-ERR', 'Packets lost for errors.'],
      ['RX-DRP, TX-DRP', 'Packets dropped for want of room, or of somebody who wants them.'],
      ['RX-OVR, TX-OVR', 'Packets lost because a queue of the device ran over.'],
      [
        'Flg',
        `\`A\` receives all multicast, \`B\` can broadcast, \`D\` debugging, \`L\` loopback, \`M\` can multicast, \`d\` address
        changes, \`P\` promiscuous or point-to-point, \`N\` no trailers, \`O\` no ARP, \`s\` and \`m\` slave and master of a
        bond, \`R\` running, \`U\` up.`,
      ],
    ],
  },
  {
    title: 'Routes of IPv4 (-r)',
    text: 'The columns behind the flags are chosen by the number of `-e`.',
    columns: [
      ['Destination', 'The network or host; `default` is every other.'],
      [
        'Gateway',
        'The router on the way there; `0.0.0.0` where there is none. A dash where packets are refused.',
      ],
      ['Genmask', "The network's mask."],
      [
        'Flags',
        `\`U\` up, \`G\` by a gateway, \`H\` a host, \`D\` made by a redirect, \`M\` changed by one, \`!\` refused; further
        letters are rare.`,
      ],
      ['MSS, Window, irtt', 'Limits for TCP connections by this route; 0: none.'],
      ['Metric', 'What it costs: of several routes the cheapest is taken.'],
      ['Ref, Use', 'References to the route and look-ups of it. Present kernels count neither.'],
      ['Iface', 'The interface to send by.'],
    ],
  },
  {
    title: 'Routes of IPv6 (-r -6)',
    text: 'All routes, those of the kernel itself included. `-e` is without effect.',
    columns: [
      ['Destination', 'The network, and how many bits of it count.'],
      ['Next Hop', 'The router on the way there; `::` where there is none.'],
      [
        'Flag',
        `As above; in addition \`A\` by a router's advertisement, \`a\` for all interfaces, \`C\` in the cache, \`e\`
        expires, \`m\` multicast, \`n\` no next hop.`,
      ],
      ['Met, Ref, Use, If', 'Metric, references, look-ups and interface.'],
    ],
  },
  {
    title: 'Counters (-s)',
    text: `A block for each protocol, with a sentence or a name for each counter. What counts rare events is left out while
      it is 0. Where netstat 2.10 has a sentence for a counter and fails to find it, the counter's name is printed, as
      netstat does.`,
    columns: [],
  },
  {
    title: 'Translated connections (-M)',
    text: 'One row for each connection under network address translation.',
    columns: [
      ['prot', 'The protocol.'],
      ['expire', 'Minutes, seconds and hundredths until the entry is forgotten, if no packet comes.'],
      [
        'initseq, delta, prevd',
        'With `-e`: where TCP sequence numbers are shifted, from which on, and by how much.',
      ],
      ['source, destination', 'Who began the connection, and whom it went to.'],
      ['ports', "Both ports, and in parentheses the one that stands for the source's."],
    ],
  },
];
