# fish completion for sockscope
# Made by scripts/manual.mjs from src/cli/option-table.ts: change that, not this.

# Whether the line is one of subcommand $argv; of none without it.
function __sockscope_in
    set -l words (commandline -opc)
    if contains -- "$words[2]" pin unpin delta layers doctor
        test "$words[2]" = "$argv"
    else
        test -z "$argv"
    end
end

function __sockscope_first
    test (count (commandline -opc)) -eq 1
end

# Whether the line is behind the two dashes of subcommand $argv.
function __sockscope_runs
    __sockscope_in $argv; and contains -- -- (commandline -opc)
end

function __sockscope_command
    set -l words (commandline -opc)
    set -l dashes (contains -i -- -- $words)
    complete -C (string join ' ' -- (string escape -- $words[(math $dashes + 1)..]) (commandline -ct))
end

# Words by commas: $argv for the last of them.
function __sockscope_list
    set -l token (string replace -r -- '^(--[^=]*=|-[^-=]*A)' '' (commandline -ct))
    set -l before (string replace -r -- '[^,]*$' '' "$token")
    printf '%s\n' "$before"$argv
end

function __sockscope_interfaces
    for path in /sys/class/net/*/ifindex
        string split -f 5 / -- $path
    end
end

complete -c sockscope -f
complete -c sockscope -n __sockscope_first -a pin -d 'lets members of GROUP see the owner of every socket, as root does'
complete -c sockscope -n __sockscope_first -a unpin -d 'takes that away again'
complete -c sockscope -n __sockscope_first -a delta -d 'counters that moved while COMMAND ran, or from round to round'
complete -c sockscope -n __sockscope_first -a layers -d 'one screen from the link over network and transport to programs'
complete -c sockscope -n __sockscope_first -a doctor -d 'what this host tells of its sockets, and what would make it tell more'
complete -c sockscope -n '__sockscope_runs delta' -a '(__sockscope_command)'

complete -c sockscope -n '__sockscope_in' -s r -l route -d 'routing tables'
complete -c sockscope -n '__sockscope_in' -s F -l fib -d 'with -r: what packets are forwarded by (default)'
complete -c sockscope -n '__sockscope_in' -s C -l cache -d 'with -r: the routing cache'
complete -c sockscope -n '__sockscope_in' -s i -l interfaces -d 'network interfaces and their counters'
complete -c sockscope -n '__sockscope_in' -l interfaces -a '(__sockscope_interfaces)' -d 'network interfaces and their counters'
complete -c sockscope -n '__sockscope_in' -s I -x -a '(__sockscope_interfaces)' -d 'that interface alone'
complete -c sockscope -n '__sockscope_in' -s g -l groups -d 'multicast groups that interfaces have joined'
complete -c sockscope -n '__sockscope_in' -s s -l statistics -d 'the protocols\' counters'
complete -c sockscope -n '__sockscope_in' -s M -l masquerade -d 'connections whose addresses the kernel translates (NAT)'
complete -c sockscope -n '__sockscope_in' -s t -l tcp -d 'TCP sockets'
complete -c sockscope -n '__sockscope_in' -s u -l udp -d 'UDP sockets'
complete -c sockscope -n '__sockscope_in' -s U -l udplite -d 'UDP-Lite sockets'
complete -c sockscope -n '__sockscope_in' -s S -l sctp -d 'SCTP endpoints and associations'
complete -c sockscope -n '__sockscope_in' -s w -l raw -d 'raw sockets'
complete -c sockscope -n '__sockscope_in' -s x -l unix -d 'unix sockets'
complete -c sockscope -n '__sockscope_in' -s 4 -l inet -l ip -d 'IPv4'
complete -c sockscope -n '__sockscope_in' -s 6 -l inet6 -d 'IPv6'
complete -c sockscope -n '__sockscope_in' -l ax25 -d 'the family ax25'
complete -c sockscope -n '__sockscope_in' -l x25 -d 'the family x25'
complete -c sockscope -n '__sockscope_in' -l ipx -d 'the family ipx'
complete -c sockscope -n '__sockscope_in' -l netrom -d 'the family netrom'
complete -c sockscope -n '__sockscope_in' -l rose -d 'the family rose'
complete -c sockscope -n '__sockscope_in' -l ddp -l appletalk -d 'the family ddp'
complete -c sockscope -n '__sockscope_in' -l bluetooth -d 'Bluetooth sockets'
complete -c sockscope -n '__sockscope_in' -s 2 -l l2cap -d 'Bluetooth L2CAP: refused, as by Debian\'s netstat'
complete -c sockscope -n '__sockscope_in' -s f -l rfcomm -d 'Bluetooth RFCOMM: refused, as by Debian\'s netstat'
complete -c sockscope -n '__sockscope_in' -l tcpip -d 'without effect, as in netstat: -A tcpip means IPv4'
complete -c sockscope -n '__sockscope_in' -s A -l protocol -x -a '(__sockscope_list inet ip tcpip inet6 ip6 unix ipx ax25 x25 netrom rose ddp appletalk econet ash bluetooth)' -d 'address families, by commas'
complete -c sockscope -n '__sockscope_in' -s a -l all -d 'all sockets; with -i interfaces that are down, too'
complete -c sockscope -n '__sockscope_in' -s l -l listening -d 'only sockets that wait for peers (default: only others)'
complete -c sockscope -n '__sockscope_in' -s e -l extend -d 'user and inode; other or more columns with -r, -i and -M'
complete -c sockscope -n '__sockscope_in' -s p -l programs -d 'PID and program that hold the socket: of several the lowest PID'
complete -c sockscope -n '__sockscope_in' -l owners-all -d 'as -p, with every process that holds the socket: PID/name,PID/name'
complete -c sockscope -n '__sockscope_in' -s o -l timers -d 'the timer that runs, its seconds left, retransmissions and probes'
complete -c sockscope -n '__sockscope_in' -s W -l wide -d 'addresses as long as they are: columns may be ragged'
complete -c sockscope -n '__sockscope_in' -s Z -l context -d 'the SELinux context of the socket\'s program; -p with it'
complete -c sockscope -n '__sockscope_in' -l json -d 'tables as JSON: one document a round, on a line'
complete -c sockscope -n '__sockscope_in' -s n -l numeric -d 'numbers instead of names of hosts, ports and users'
complete -c sockscope -n '__sockscope_in' -l numeric-hosts -d 'numbers instead of names of hosts'
complete -c sockscope -n '__sockscope_in' -l numeric-ports -d 'numbers instead of names of ports'
complete -c sockscope -n '__sockscope_in' -l numeric-users -d 'numbers instead of names of users'
complete -c sockscope -n '__sockscope_in' -s N -l symbolic -d 'names of hardware; with -r and SCTP, oddly, numbers: as in netstat'
complete -c sockscope -n '__sockscope_in' -l resolve-timeout -x -d 'how long a listing waits for names of hosts (default: 5)'
complete -c sockscope -n '__sockscope_in' -s c -l continuous -d 'again and again, every second or, as in -c 5, every SECONDS'
complete -c sockscope -n '__sockscope_in' -l source -x -a 'netlink procfs auto' -d 'read by netlink, from procfs, or auto: the best for each protocol'
complete -c sockscope -n '__sockscope_in' -l owners -x -a 'bpf bpf-pinned procfd auto none' -d 'look for -p by bpf, bpf-pinned (pin made it), procfd, auto, or none'
complete -c sockscope -n '__sockscope_in' -l proc -x -a '(__fish_complete_directories)' -d 'the process file system to read, such as a container\'s of its host'
complete -c sockscope -n '__sockscope_in' -l threads -x -a '1 2 auto' -d 'threads that read from the kernel: 1, 2, or auto (default)'
complete -c sockscope -n '__sockscope_in' -s v -l verbose -d 'name what this kernel does not have'
complete -c sockscope -n '__sockscope_in' -s h -l help -d 'this text'
complete -c sockscope -n '__sockscope_in' -s V -l version -d 'the version, and whose netstat\'s output this is'
complete -c sockscope -n '__sockscope_in' -s '?' -d 'this text as after a mistake: on standard error, status 3'
complete -c sockscope -n '__sockscope_in' -s d -d 'without effect, as in netstat'

complete -c sockscope -n '__sockscope_in pin' -l group -x -a '(__fish_complete_groups)' -d 'who may read it: a name or a number'
complete -c sockscope -n '__sockscope_in pin' -l path -r -F -d 'where to pin it (default: /run/sockscope/owners)'
complete -c sockscope -n '__sockscope_in pin' -s h -l help -d 'usage of pin and unpin'

complete -c sockscope -n '__sockscope_in unpin' -l path -r -F -d 'where it is pinned'
complete -c sockscope -n '__sockscope_in unpin' -s h -l help -d 'usage of pin and unpin'

complete -c sockscope -n '__sockscope_in delta' -s s -l statistics -d 'counters of protocols'
complete -c sockscope -n '__sockscope_in delta' -s t -l tcp -d 'TCP'
complete -c sockscope -n '__sockscope_in delta' -s u -l udp -d 'UDP'
complete -c sockscope -n '__sockscope_in delta' -s w -l raw -d 'IP and ICMP'
complete -c sockscope -n '__sockscope_in delta' -s U -l udplite -d 'UDP-Lite'
complete -c sockscope -n '__sockscope_in delta' -s S -l sctp -d 'SCTP'
complete -c sockscope -n '__sockscope_in delta' -s 4 -l inet -d 'IPv4'
complete -c sockscope -n '__sockscope_in delta' -s 6 -l inet6 -d 'IPv6'
complete -c sockscope -n '__sockscope_in delta' -s i -l interfaces -d 'counters of interfaces'
complete -c sockscope -n '__sockscope_in delta' -l interfaces -a '(__sockscope_interfaces)' -d 'counters of interfaces'
complete -c sockscope -n '__sockscope_in delta' -s I -x -a '(__sockscope_interfaces)' -d 'counters of that interface alone'
complete -c sockscope -n '__sockscope_in delta' -s c -l continuous -d 'round after round, every second or every SECONDS'
complete -c sockscope -n '__sockscope_in delta' -l json -d 'as JSON'
complete -c sockscope -n '__sockscope_in delta' -l proc -x -a '(__fish_complete_directories)' -d 'the process file system mounted there'
complete -c sockscope -n '__sockscope_in delta' -s h -l help -d 'usage'

complete -c sockscope -n '__sockscope_in layers' -s n -l numeric -d 'numbers, as always'
complete -c sockscope -n '__sockscope_in layers' -l json -d 'as JSON'
complete -c sockscope -n '__sockscope_in layers' -l proc -x -a '(__fish_complete_directories)' -d 'the process file system mounted there'
complete -c sockscope -n '__sockscope_in layers' -s h -l help -d 'usage'

complete -c sockscope -n '__sockscope_in doctor' -l json -d 'as JSON'
complete -c sockscope -n '__sockscope_in doctor' -l proc -x -a '(__fish_complete_directories)' -d 'the process file system mounted there'
complete -c sockscope -n '__sockscope_in doctor' -l source -x -a 'netlink procfs auto' -d 'of a host that reads by that source alone'
complete -c sockscope -n '__sockscope_in doctor' -l owners -x -a 'bpf bpf-pinned procfd auto none' -d 'of a host that finds owners by that alone'
complete -c sockscope -n '__sockscope_in doctor' -s h -l help -d 'usage'
