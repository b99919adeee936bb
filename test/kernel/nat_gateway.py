"""A gateway between two further network namespaces, and connections through it that it translates.

Says what it has made in one line of JSON, then keeps it until its standard input ends. First argument: a folder,
not used. The second, where it is `without`: nothing is translated.
"""

import ctypes
import json
import os
import socket
import struct
import subprocess
import sys

_CLONE_NEWNET = 0x40000000
_libc = ctypes.CDLL(None, use_errno=True)


def _check(result):
    if result != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


class Namespace:
    """A network namespace. As a context: whatever is opened, and whatever runs, is in there."""

    def __init__(self, descriptor):
        self.descriptor = descriptor

    @classmethod
    def current(cls):
        return cls(os.open('/proc/self/ns/net', os.O_RDONLY))

    @classmethod
    def new(cls):
        home = cls.current()
        _check(_libc.unshare(_CLONE_NEWNET))
        made = cls.current()
        _check(_libc.setns(home.descriptor, _CLONE_NEWNET))
        os.close(home.descriptor)
        return made

    def __enter__(self):
        self._home = Namespace.current()
        _check(_libc.setns(self.descriptor, _CLONE_NEWNET))

    def __exit__(self, *_):
        _check(_libc.setns(self._home.descriptor, _CLONE_NEWNET))
        os.close(self._home.descriptor)

    @property
    def path(self):
        return f'/proc/{os.getpid()}/fd/{self.descriptor}'


def run(line):
    done = subprocess.run(line.split(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        raise RuntimeError(f'{line}: {done.stdout.strip()}')


def configure(link, *addresses):
    run('ip link set lo up')
    for address in addresses:
        run(f'ip address add {address} dev {link} {"nodad" if ":" in address else ""}')
    run(f'ip link set {link} up')


def set_sysctl(path, value):
    with open('/proc/sys/net/' + path, 'w') as file:
        file.write(str(value))


def build(client, server):
    for link, namespace, number in (('c', client, 1), ('s', server, 2)):
        run(f'ip link add {link}0 type veth peer name {link}1')
        run(f'ip link set {link}1 netns {namespace.path}')
        configure(f'{link}0', f'10.{number}.0.1/24', f'fd00:{number}::1/64')
        with namespace:
            configure(f'{link}1', f'10.{number}.0.2/24', f'fd00:{number}::2/64')
            run(f'ip route add default via 10.{number}.0.1')
            run(f'ip -6 route add default via fd00:{number}::1')
    set_sysctl('ipv4/ip_forward', 1)
    set_sysctl('ipv6/conf/all/forwarding', 1)


def translate():
    for program, clients in (('iptables', '10.1.0.0/24'), ('ip6tables', 'fd00:1::/64')):
        run(f'{program} -t nat -A POSTROUTING -s {clients} -o s0 -j MASQUERADE --random')
    run('iptables -t nat -A PREROUTING -i c0 -p tcp -d 10.1.0.1 --dport 8080 -j DNAT --to-destination 10.2.0.2:80')


def track():
    """Without a rule that needs it the kernel tracks no connection."""
    run('iptables -A FORWARD -m conntrack --ctstate ESTABLISHED -j ACCEPT')


class Connections:
    def __init__(self, client, server):
        self.client, self.server = client, server
        self.held = []
        self.made = []

    def tcp(self, listener, target):
        """Connects, has one line cross each way, and notes what the server sees."""
        with self.client:
            near = socket.create_connection(target)
        far, seen = listener.accept()
        near.sendall(b'question\n')
        far.recv(100)
        far.sendall(b'answer\n')
        near.recv(100)
        self.held += [near, far]
        self._note('tcp', near, target, seen)

    def udp(self, listener, target):
        with self.client:
            near = socket.socket(listener.family, socket.SOCK_DGRAM)
        near.connect(target)
        near.send(b'question')
        _, seen = listener.recvfrom(100)
        listener.sendto(b'answer', seen)
        near.recv(100)
        self.held.append(near)
        self._note('udp', near, target, seen)

    def ping(self, target, identifier):
        with self.client:
            near = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
        with self.server:
            far = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
        message = struct.pack('>BBHHH', 8, 0, 0, identifier, 1)
        message = struct.pack('>BBHHH', 8, 0, checksum(message), identifier, 1)
        near.sendto(message, (target, 0))
        packet, (source, _) = far.recvfrom(1000)
        near.recv(1000)
        seen = struct.unpack_from('>H', packet, 24)[0]
        near.close()
        far.close()
        self.made.append({'protocol': 'icmp', 'source': '10.1.0.2', 'sourcePort': identifier, 'destination': target,
                          'destinationPort': 8 << 8, 'seen': source, 'seenPort': seen})

    def _note(self, protocol, near, target, seen):
        source = near.getsockname()
        self.made.append({'protocol': protocol, 'source': source[0], 'sourcePort': source[1], 'destination': target[0],
                          'destinationPort': target[1], 'seen': seen[0], 'seenPort': seen[1]})


def checksum(message):
    total = sum(struct.unpack(f'>{len(message) // 2}H', message))
    total = (total >> 16) + (total & 0xffff)
    return ~(total + (total >> 16)) & 0xffff


def listen(server, family, kind, port):
    with server:
        listener = socket.socket(family, kind)
    if family == socket.AF_INET6:
        listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    listener.bind(('', port))
    if kind == socket.SOCK_STREAM:
        listener.listen(8)
    return listener


def main():
    client, server = Namespace.new(), Namespace.new()
    build(client, server)
    translated = sys.argv[2:] != ['without']
    track()
    if translated:
        translate()
        set_sysctl('netfilter/nf_conntrack_acct', 1)
    stream, stream6 = (listen(server, family, socket.SOCK_STREAM, 80) for family in (socket.AF_INET, socket.AF_INET6))
    datagram, datagram6 = (listen(server, family, socket.SOCK_DGRAM, 53) for family in (socket.AF_INET, socket.AF_INET6))
    connections = Connections(client, server)
    for _ in range(3):
        connections.tcp(stream, ('10.2.0.2', 80))
    connections.tcp(stream6, ('fd00:2::2', 80))
    connections.udp(datagram, ('10.2.0.2', 53))
    connections.udp(datagram6, ('fd00:2::2', 53))
    connections.ping('10.2.0.2', 77)
    if translated:
        connections.tcp(stream, ('10.1.0.1', 8080))
    # The gateway's own: tracked, and not translated.
    own = socket.create_connection(('10.2.0.2', 80))
    print(json.dumps({'connections': connections.made, 'own': own.getsockname()[1]}), flush=True)
    sys.stdin.read()


main()
