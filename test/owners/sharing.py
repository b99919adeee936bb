"""Sockets held once, more than once, by several processes, and by none."""

import os
import signal
import socket

import tcp_sockets
from stage import die_with_parent, fork_sharing_files

_V4 = '127.0.0.1'
_UDPLITE = 136
_MPTCP = 262


def listener():
    return tcp_sockets.listen(_V4, 0, 5)


def play(stage):
    for process in (_protocols, _duplicated, _over_fork, _passed_on, _in_flight, _table_of_two, _multipath):
        stage.process(process)


def _protocols(stage):
    """One process with a socket of every protocol."""
    held = []

    def keep(name, protocol, sock, **facts):
        held.append(sock)
        stage.keeps(name, protocol, sock, **facts)

    server = listener()
    keep('tcp listener', 'tcp', server)
    client = tcp_sockets.connect(server.getsockname())
    keep('tcp client', 'tcp', client, remotePort=server.getsockname()[1])
    keep('tcp server', 'tcp', tcp_sockets.accepted(server, client), remotePort=client.getsockname()[1])
    keep('udp', 'udp', _bound(socket.AF_INET, socket.SOCK_DGRAM))
    keep('raw', 'raw', socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP))
    with stage.may_lack('udplite'):
        keep('udplite', 'udplite', _bound(socket.AF_INET, socket.SOCK_DGRAM, _UDPLITE))
    if os.path.exists('/proc/net/if_inet6'):
        keep('tcp listener, inet6', 'tcp', tcp_sockets.listen('::1', 0, 5))
        keep('udp, inet6', 'udp', _bound(socket.AF_INET6, socket.SOCK_DGRAM))
        keep('raw, inet6', 'raw', socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6))
    for word, kind in (('stream', socket.SOCK_STREAM), ('dgram', socket.SOCK_DGRAM), ('seqpacket', socket.SOCK_SEQPACKET)):
        for side, sock in zip(('left', 'right'), socket.socketpair(socket.AF_UNIX, kind)):
            keep(f'unix {word} pair, {side}', 'unix', sock)
    named = socket.socket(socket.AF_UNIX)
    named.bind(os.path.join(stage.folder, 'plain'))
    named.listen(5)
    keep('unix listener', 'unix', named)
    waiting = socket.socket(socket.AF_UNIX)
    waiting.connect(os.path.join(stage.folder, 'plain'))
    keep('unix client not accepted', 'unix', waiting)
    stage.embryo('unix embryo')
    stage.keep = held


def _bound(family, kind, protocol=0):
    sock = socket.socket(family, kind, protocol)
    sock.bind((_V4 if family == socket.AF_INET else '::1', 0))
    return sock


def _duplicated(stage):
    """By a lower number, and by a far higher one: the lowest is not the one that it was made with."""
    low = os.open('/dev/null', os.O_RDONLY)
    sock = listener()
    os.close(low)
    stage.socket('duplicated', 'tcp', sock)
    for fd in (os.dup(sock.fileno()), os.dup2(sock.fileno(), 700), sock.fileno()):
        stage.holds('duplicated', fd)
    stage.keep = sock


def _over_fork(stage):
    sock = listener()
    stage.keeps('shared over fork', 'tcp', sock)

    def inherit(child):
        child.holds('shared over fork', sock)

    def move(child):
        fd = os.dup2(sock.fileno(), 300)
        sock.close()
        child.holds('shared over fork', fd)

    for child in (inherit, move, lambda child: sock.close(), inherit):
        stage.process(child)
    stage.keep = sock


def _passed_on(stage):
    """Made by a process that has let go of it: the child alone holds it."""
    sock = listener()
    stage.socket('passed on', 'tcp', sock)
    stage.process(lambda child: child.holds('passed on', sock))
    sock.close()


def _in_flight(stage):
    """In a message that nobody has received."""
    left, right = socket.socketpair()
    sock = listener()
    stage.keeps('carrier, left', 'unix', left)
    stage.keeps('carrier, right', 'unix', right)
    stage.socket('in flight', 'tcp', sock, reason='no-descriptor')
    socket.send_fds(left, [b'x'], [sock.fileno()])
    sock.close()
    stage.keep = left, right


def _table_of_two(stage):
    """Two processes, one descriptor table: each of them holds what is in it."""
    sock = listener()
    stage.keeps('in a table of two processes', 'tcp', sock)
    reader, writer = os.pipe()
    if fork_sharing_files() == 0:
        die_with_parent()
        stage.holds('in a table of two processes', sock)
        os.write(writer, b'r')
        while True:
            signal.pause()
    os.read(reader, 1)
    stage.keep = sock


def _multipath(stage):
    """The subflow of a multipath socket is the kernel's own, and has the inode of the socket that it serves."""
    with stage.may_lack('mptcp'):
        sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM, _MPTCP)
        sock.bind((_V4, 0))
        sock.listen(5)
        stage.keeps('multipath listener', 'tcp', sock)
        stage.keep = sock
