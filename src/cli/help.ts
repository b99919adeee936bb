/** The usage: what `-h` writes to stdout, and the list of address families, which netstat always writes to stderr. */
export interface Usage {
  readonly body: string;
  readonly families: string;
}

/** The command's usage; netstat's own for a command of that name. */
export function usage(program: string): Usage {
  return program === 'netstat'
    ? { body: NETSTAT_BODY, families: NETSTAT_FAMILIES }
    : { body: BODY, families: '' };
}

/** What `-V` prints. */
export function versionText(program: string, version: () => string): string {
  return program === 'netstat'
    ? NETSTAT_VERSION
    : `sockscope ${version()}\noptions and output of netstat, net-tools 2.10\n`;
}

const BODY = `usage: sockscope [-vWnNcaeopl] [<Socket> ...]  lists sockets as netstat does: same options, same output
       sockscope pin --group GROUP [--path FILE]  lets members of GROUP see every socket's owner, as root does
       sockscope unpin [--path FILE]              no longer
       sockscope {-V|--version|-h|--help}

        -a, --all                display all sockets (default: connected)
        -l, --listening          display listening server sockets
        -e, --extend             display user and inode
        -p, --programs           display PID/Program name: of several processes that with the lowest PID
        -o, --timers             display timers
        -W, --wide               don't truncate IP addresses
        -n, --numeric            don't resolve names
        --numeric-hosts          don't resolve host names
        --numeric-ports          don't resolve port names
        --numeric-users          don't resolve user names
        -c, --continuous         continuous listing, every second
        -v, --verbose            name what this kernel does not have

        --owners-all             as -p, with every process that holds the socket: PID/name,PID/name
        --source=SOURCE          read sockets by netlink, from procfs, or auto: the best for each protocol (default)
        --owners=SCAN            look for -p by bpf, bpf-pinned (what pin made), procfd, auto: the best (default), or none
        --proc=DIR               read the process file system mounted there, such as a host's in a container
        --threads=1|2|auto       threads that read from netlink

  <Socket>={-t|--tcp} {-u|--udp} {-U|--udplite} {-S|--sctp} {-w|--raw}
           {-x|--unix} {-4|--inet} {-6|--inet6} {-A|--protocol} <af>[,<af>...]
  Not there yet: -r -i -g -s -M -Z; -N -F -C alone are without effect.
  Environment: SOCKSCOPE_SOURCE stands for --source, SOCKSCOPE_OWNERS for --owners.
`;

const NETSTAT_BODY = `usage: netstat [-vWeenNcCF] [<Af>] -r         netstat {-V|--version|-h|--help}
       netstat [-vWnNcaeol] [<Socket> ...]
       netstat { [-vWeenNac] -i | [-cnNe] -M | -s [-6tuw] }

        -r, --route              display routing table
        -i, --interfaces         display interface table
        -g, --groups             display multicast group memberships
        -s, --statistics         display networking statistics (like SNMP)
        -M, --masquerade         display masqueraded connections

        -v, --verbose            be verbose
        -W, --wide               don't truncate IP addresses
        -n, --numeric            don't resolve names
        --numeric-hosts          don't resolve host names
        --numeric-ports          don't resolve port names
        --numeric-users          don't resolve user names
        -N, --symbolic           resolve hardware names
        -e, --extend             display other/more information
        -p, --programs           display PID/Program name for sockets
        -o, --timers             display timers
        -c, --continuous         continuous listing

        -l, --listening          display listening server sockets
        -a, --all                display all sockets (default: connected)
        -F, --fib                display Forwarding Information Base (default)
        -C, --cache              display routing cache instead of FIB
        -Z, --context            display SELinux security context for sockets

  <Socket>={-t|--tcp} {-u|--udp} {-U|--udplite} {-S|--sctp} {-w|--raw}
           {-x|--unix} --ax25 --ipx --netrom
  <AF>=Use '-6|-4' or '-A <af>' or '--<af>'; default: inet
  List of possible address families (which support routing):
`;

const NETSTAT_FAMILIES = [
  '    inet (DARPA Internet) inet6 (IPv6) ax25 (AMPR AX.25) ',
  '    netrom (AMPR NET/ROM) rose (AMPR ROSE) ipx (Novell IPX) ',
  '    ddp (Appletalk DDP) x25 (CCITT X.25) ',
  '',
].join('\n');

const NETSTAT_VERSION = [
  'net-tools 2.10',
  'Fred Baumgarten, Alan Cox, Bernd Eckenfels, Phil Blundell, Tuan Hoang, Brian Micek and others',
  '+NEW_ADDRT +RTF_IRTT +RTF_REJECT +FW_MASQUERADE +I18N +SELINUX',
  'AF: (inet) +UNIX +INET +INET6 +IPX +AX25 +NETROM +X25 +ATALK +ECONET +ROSE -BLUETOOTH',
  'HW:  +ETHER +ARC +SLIP +PPP +TUNNEL -TR +AX25 +NETROM +X25 +FR +ROSE +ASH +SIT +FDDI +HIPPI +HDLC/LAPB +EUI64 ',
  '',
].join('\n');
