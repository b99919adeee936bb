/** What the manual says besides options and tables. Backquotes as in the option table. */

type Facts = readonly (readonly [subject: string, text: string])[];

export const FILES: Facts = [
  ['/proc/net/{tcp,tcp6,udp,udp6,udplite,udplite6,raw,raw6}', 'Internet sockets, where not by netlink.'],
  ['/proc/net/sctp/{eps,assocs}', 'SCTP endpoints and associations.'],
  ['/proc/net/unix', 'Unix sockets; reference counts and flags even where the rest comes by netlink.'],
  ['/proc/net/{ipx/socket,ax25,x25,nr,rose}', 'Sockets of older families.'],
  ['/proc/net/{igmp,igmp6}', 'Multicast groups.'],
  ['/proc/net/{dev,if_inet6}', 'Interfaces: counters, addresses of IPv6. The rest comes by ioctl(2).'],
  ['/proc/net/{route,ipv6_route,rt_cache,ndisc}', 'Routes, cached routes, neighbours.'],
  ['/proc/net/{ax25_route,nr_nodes,nr_neigh,rose_nodes,rose_neigh}', 'Routes of AX.25, NET/ROM and ROSE.'],
  ['/proc/net/{ipx/route,x25/route,atalk_route}', 'Routes of IPX, X.25 and AppleTalk.'],
  ['/proc/net/{snmp,snmp6,netstat,sctp/snmp}', "The protocols' counters."],
  [
    '/proc/net/ip_masquerade',
    'Translated connections, of kernels that have it; of others by netlink, which takes `CAP_NET_ADMIN`.',
  ],
  [
    '/proc/PID/{fd,stat,cmdline,status}',
    'Owners: what processes hold, since when they run, what they are called.',
  ],
  ['/sys/kernel/btf/vmlinux', 'The types of the kernel, for the BPF iterator.'],
  ['/run/sockscope/owners', 'The iterator that `pin` has made.'],
  ['/etc/{services,protocols,networks,hosts,passwd}', 'Names, as far as the system takes them from there.'],
];

export const STATUSES: Facts = [
  ['0', 'What was asked for has been shown. So it ends, too, when nobody reads its output any more.'],
  [
    '1',
    `A table, a family or a feature that was named is not to be had; a round was not complete; SELinux is not enabled
    (\`-Z\`); an address family is unknown (\`-A\`); a subcommand could not do what it does; or \`doctor\` found a question that has no answer here. A table that was named
    and is not to be had ends the listing: what comes before it has been shown, and what would come behind it has not.`,
  ],
  ['3', 'The command line makes no sense; or `-r` was asked for a family that has no routes.'],
  [
    '255',
    `A table is there and cannot be opened: for a reason other than permission, and sockets of AX.25, IPX, NET/ROM, ROSE and
    X.25 for that reason, too. A line of \`ip_masquerade\` or a port of IPX makes no sense; \`rt_cache\` is empty.`,
  ],
  [
    '126, 127, 128 and more',
    `\`delta\` ends as \`COMMAND\` does: with its status; with 128 and the number of the signal that ended it; with 127
    where there is no such command, and 126 where it cannot be run. Without \`COMMAND\` it ends with 130 when it is
    interrupted.`,
  ],
];

/** Each with the command's words behind its name. */
export const EXAMPLES: Facts = [
  ['sockscope -tan', 'All TCP sockets, by number:'],
  ['sockscope -tulpn', 'What listens on TCP and UDP, and which programs do:'],
  ['sockscope -tp -c 5', 'TCP connections with their programs, every five seconds:'],
  ['sockscope -x --owners-all', 'Unix sockets with all processes that hold them:'],
  ['sockscope -rn -4 -6', 'Both routing tables:'],
  ['sockscope -I eth0 -e', 'One interface in detail:'],
  ['sockscope delta -s -- curl -s https://example.org/', 'What a command does to the counters of protocols:'],
  [
    'sockscope --proc=/host/proc -tan',
    "In a container that has its host's /proc at /host/proc: the host's connections:",
  ],
  ['sockscope pin --group adm', 'By root: let members of the group adm see all owners:'],
];

export const DIAGNOSTICS: Facts = [
  [
    '(Not all processes could be identified, non-owned process info',
    `Some processes' descriptors may not be read, so that sockets without a program may have one. Root may read them, and
    so may members of the group that \`pin\` was given.`,
  ],
  [
    '(No info could be read for "-p": geteuid()=UID but you should be root.)',
    'No socket was found in any process that may be looked at.',
  ],
  [
    "netstat: no support for `TABLE' on this system.",
    `The kernel does not have the table. It ends the listing where a protocol or family was named; else it is a note
    that \`-v\` asks for. It speaks of netstat under every name, for netstat does.`,
  ],
  ["Unknown address family `NAME'.", 'Of `-A`. Names are exact, and a list holds no empty ones.'],
  ["No routing for address family `NAME'.", 'That family has no routes, with `-r`.'],
  [
    'netstat: No statistics support for specified address family: LIST',
    '`-s` shows IPv4 or IPv6, one of them. This goes to standard output, as with netstat.',
  ],
  [
    'INET (IPv4) not configured in this system.',
    'The routing table could not be read; standard error has the reason.',
  ],
  ['warning, got bogus NAME line.', "A line of the kernel's table made no sense, and was left out."],
  ['sockscope: N malformed messages from the kernel were left out', 'The same of netlink.'],
  ['SELinux is not enabled on this machine.', 'Of `-Z`.'],
  [
    "sockscope: OPTION takes WORDS, not 'WORD'",
    'Of an option, or of the environment variable that stands for it.',
  ],
  ['sockscope: --proc: there is no folder DIR', 'What `--proc` names is no process file system.'],
];

export const SEE_ALSO = [
  ['bpf', '2'],
  ['networks', '5'],
  ['proc', '5'],
  ['services', '5'],
  ['netlink', '7'],
  ['sock_diag', '7'],
  ['ip', '8'],
  ['netstat', '8'],
  ['ss', '8'],
] as const;

/** Knowing departures from netstat. */
export const CAVEATS: readonly string[] = [
  'A unix path is printed whole; netstat cuts it at its first blank.',
  `Control bytes of unix paths and of programs' names are printed as \`\\x1b\` and so on, so that nobody can move the
  cursor of who looks, or fake a row. netstat prints them as they are.`,
  'What follows a newline in the name of a unix socket is a part of the name; netstat takes it for a row of its own.',
  `A state or a port of an interface that netstat does not know is printed as \`UNKNOWN\`, or \`unknown\`; netstat prints what
  lies behind its table.`,
  `Addresses, callsigns and devices of ROSE, X.25 and NET/ROM are printed whole; netstat has no room for the end of some of
  them, and shows others in their place.`,
  'A row is printed once even when the table changes while it is read, where netlink is used; netstat may print it twice.',
  `\`-p\` finds sockets of threads with descriptors of their own, and of processes whose first thread has ended; by BPF those
  of processes that the user may not look into.`,
  "`-M` shows the kernel's present table of translated connections; the file that netstat reads has gone with Linux 2.4.",
  'From the second round of `-gc` on, groups of IPv4 stay what they are; netstat reads them as IPv6 then.',
  '`-I`, the argument of `--interfaces`, and a period for `-c` are taken; to netstat they are mistakes, or operands.',
  'With `-c` a round begins every second; netstat waits a second between the end of one and the next.',
  `Hosts are looked up once each, many at a time, and one whose name is not known within \`--resolve-timeout\` is shown by
  number; netstat looks for those of IPv6 row by row, and waits.`,
  'With `-v` it tells how much of the tables of routes, addresses and counters made no sense.',
  '`-h`, `-V` and the usage after a mistake speak of this command.',
  'Messages and headings are in English; netstat translates some of them.',
  'It ends with status 0 when its reader leaves; netstat is killed by a signal.',
  'Bytes of the command line that are no UTF-8 are shown as U+FFFD in messages.',
  'Files that no kernel writes, on which netstat shows what its memory holds, crashes or hangs, are read as far as they go.',
];
