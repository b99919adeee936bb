"""Makes one socket of every kind in the network namespace it runs in, says so in one line of JSON, and holds them.

usage: scene.py FOLDER      (inside `unshare -Urnm`; FOLDER: empty, for unix sockets)

Ends when its standard input does, and after two minutes in any case. The states stand still for `stableMs`.
"""

import contextlib
import fcntl
import json
import os
import select
import signal
import socket
import struct
import sys
import time

import datagram_sockets
import network
import private_files
import tcp_sockets
import unix_sockets
from ghost import Ghost

_SIOCINQ, _SIOCOUTQ, _SO_COOKIE, _SO_MEMINFO = 0x541B, 0x5411, 57, 55
_LIFETIME_SECONDS, _STABLE_MS = 120, 50_000


class Scene:
    """The sockets, kept from being closed, and one row of facts for each row that the kernel must show."""

    def __init__(self, folder, lo):
        self.folder, self.lo = folder, lo
        self.inet6 = network.has_inet6()
        self.ghost = Ghost()
        self.rows, self.missing, self._held = [], [], []

    def tcp(self, name, sock, state, remote=None, live_queues=False, **facts):
        if remote is None:
            remote = ('', 0) if state == 'listen' else sock.getpeername()
        if live_queues:
            facts.update(recvQ=_number(sock, _SIOCINQ), sendQ=_number(sock, _SIOCOUTQ))
        self.tcp_row(name, state, sock.family, sock.getsockname(), remote, sock, **facts)

    def tcp_far_end(self, name, client, state, **facts):
        """The row of a connection's other end, which no descriptor stands for."""
        self.tcp_row(name, state, client.family, client.getpeername(), client.getsockname(), **facts)

    def tcp_row(self, name, state, family, local, remote, sock=None, **facts):
        self._row(name, 'tcp', family, state, local, remote, sock, facts)

    def datagram(self, protocol, name, sock, **facts):
        try:
            remote, state = sock.getpeername(), 'established'
        except OSError:
            remote, state = ('', 0), 'close'
        facts = {**dict(zip(('recvQ', 'sendQ'), _memory(sock))), 'timer': 'none', **facts}
        self._row(name, protocol, sock.family, state, sock.getsockname(), remote, sock, facts)

    def raw(self, name, sock, ip_protocol, remote=None):
        # getpeername(2) denies the peer of a raw socket, for want of a port.
        state = 'close' if remote is None else 'established'
        facts = dict(zip(('recvQ', 'sendQ'), _memory(sock)), timer='none')
        local = (sock.getsockname()[0], ip_protocol)
        self._row(name, 'raw', sock.family, state, local, (remote or '', 0), sock, facts)

    def unix(self, name, sock, state, path, peer=None, **facts):
        kind = sock.getsockopt(socket.SOL_SOCKET, socket.SO_TYPE)
        row = {'name': name, 'protocol': 'unix', 'family': 'unix', 'state': state, 'unixType': kind, 'uid': _uid(sock),
               'inode': _inode(sock), 'cookie': _cookie(sock), 'path': path.hex(),
               'unixPeer': 0 if peer is None else _inode(peer)}
        if state != 'listen':
            facts.update(recvQ=_number(sock, _SIOCINQ), sendQ=_number(sock, _SIOCOUTQ))
        self._held.append(sock)
        self.rows.append({**row, **facts})

    def unix_embryo(self, name, kind, path):
        self.rows.append({'name': name, 'protocol': 'unix', 'family': 'unix', 'unixType': kind, 'inode': 0,
                          'path': path.hex(), 'embryo': True})

    @contextlib.contextmanager
    def acting_as(self, uid):
        os.seteuid(uid)
        try:
            yield
        finally:
            os.seteuid(0)

    def _row(self, name, protocol, family, state, local, remote, sock, facts):
        inet6 = family == socket.AF_INET6
        row = {'name': name, 'protocol': protocol, 'family': 'inet6' if inet6 else 'inet', 'state': state,
               'local': _endpoint(local, inet6), 'remote': _endpoint(remote, inet6), 'inode': 0}
        if sock is not None:
            self._held.append(sock)
            row.update(inode=_inode(sock), cookie=_cookie(sock), uid=_uid(sock))
        self.rows.append({**row, **facts})


def _endpoint(address, inet6):
    text = address[0].split('%')[0] or ('::' if inet6 else '0.0.0.0')
    return {'address': text, 'port': address[1]}


def _inode(sock):
    return os.fstat(sock.fileno()).st_ino


def _uid(sock):
    return os.fstat(sock.fileno()).st_uid


def _cookie(sock):
    return str(struct.unpack('=Q', sock.getsockopt(socket.SOL_SOCKET, _SO_COOKIE, 8))[0])


def _memory(sock):
    """What the socket's queues take of memory: to be read, to be sent."""
    memory = struct.unpack('=9I', sock.getsockopt(socket.SOL_SOCKET, _SO_MEMINFO, 36))
    return memory[0], memory[2]


def _number(sock, request):
    return struct.unpack('=i', fcntl.ioctl(sock, request, bytes(4)))[0]


def _try(scene, what, make):
    """Makes a part of the scene that a kernel may lack."""
    try:
        make(scene)
    except OSError as error:
        scene.missing.append({'what': what, 'reason': str(error)})


def build(folder):
    scene = Scene(folder, network.bring_up())
    network.set_sysctl('net/ipv4/tcp_orphan_retries', 12)
    wait_for_probe = tcp_sockets.keepalive_unanswered(scene)
    # Early, so that its probes are seconds apart when the scene is ready.
    tcp_sockets.queues(scene)
    tcp_sockets.listeners(scene)
    tcp_sockets.unaccepted(scene, '127.0.0.1', 6000)
    unix_sockets.names(scene)
    unix_sockets.connections(scene)
    unix_sockets.pairs(scene)
    unix_sockets.datagrams(scene)
    datagram_sockets.udp(scene)
    _try(scene, 'udplite', datagram_sockets.udplite)
    if scene.inet6:
        tcp_sockets.unaccepted(scene, '::1', 6001)
        tcp_sockets.inet6(scene)
        datagram_sockets.udp6(scene)
        _try(scene, 'udplite6', datagram_sockets.udplite6)
        tcp_sockets.inet6_opening(scene)
    if private_files.many_users():
        tcp_sockets.other_users(scene)
    datagram_sockets.raw(scene)
    tcp_sockets.timers(scene)
    tcp_sockets.opening(scene)
    tcp_sockets.closing(scene)
    tcp_sockets.orphans(scene)
    wait_for_probe()
    scene.ghost.close()
    return scene


def main():
    signal.alarm(_LIFETIME_SECONDS)
    folder = sys.argv[1]
    os.chdir(folder)
    private_files.mount(folder)
    scene = build(folder)
    # One more turn for what the kernel does after the last system call: TIME_WAIT, the probes' first timers.
    time.sleep(0.3)
    description = {'pid': os.getpid(), 'lo': scene.lo, 'inet6': scene.inet6, 'stableMs': _STABLE_MS,
                   'missing': scene.missing, 'sockets': scene.rows}
    print(json.dumps(description), flush=True)
    while select.select([sys.stdin], [], [])[0] and os.read(0, 4096):
        pass


main()
