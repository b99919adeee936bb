"""TCP in every state, each of them at rest."""

import socket
import struct
import time

from ghost import FIN, PSH
from network import GHOST, LINK_LOCAL, LOCAL, LONG_ADDRESS

_TCP_SYNCNT, _TCP_LINGER2, _TCP_DEFER_ACCEPT = 7, 8, 9
_TCP_KEEPIDLE, _TCP_KEEPINTVL, _TCP_INFO = 4, 5, 11
_V4 = '127.0.0.1'


def open_socket(family=socket.AF_INET, **options):
    sock = socket.socket(family, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    for level, option, value in options.get('options', ()):
        sock.setsockopt(level, option, value)
    return sock


def listen(address, port, backlog, **options):
    family = socket.AF_INET6 if ':' in address else socket.AF_INET
    sock = open_socket(family, **options)
    sock.bind((address, port, 0, options.get('scope', 0)) if family == socket.AF_INET6 else (address, port))
    sock.listen(backlog)
    return sock


def connect(to, port=0, **options):
    family = socket.AF_INET6 if ':' in to[0] else socket.AF_INET
    sock = open_socket(family, **options)
    if port:
        sock.bind((to[0], port) + to[2:])
    sock.connect(to)
    return sock


def listeners(scene):
    scene.tcp('listen', listen(_V4, 443, 7), 'listen', recvQ=0, backlog=7, timer='none')
    scene.tcp('listen without backlog', listen(_V4, 5432, 0), 'listen', recvQ=0, backlog=0)
    scene.tcp('listen everywhere', listen('0.0.0.0', 22, 128), 'listen', recvQ=0, backlog=128)
    reuse = (socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    for sibling in range(3):
        scene.tcp(f'reuseport sibling {sibling}', listen(_V4, 8080, 16, options=[reuse]), 'listen', backlog=16)
    to_device = (socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b'lo\0')
    scene.tcp('listen on a device', listen('0.0.0.0', 2049, 4, options=[to_device]), 'listen', ifindex=scene.lo)


def unaccepted(scene, address, port):
    """A listener with two connections waiting: their near ends belong to nobody yet."""
    server = listen(address, port, 5)
    scene.tcp(f'listen with pending connections, {address}', server, 'listen', recvQ=2, backlog=5)
    for number in range(2):
        client = connect((address, port))
        scene.tcp(f'client {number} not accepted, {address}', client, 'established', recvQ=0, sendQ=0)
        scene.tcp_far_end(f'not accepted {number}, {address}', client, 'established')


def accepted(server, client):
    """The server's end of `client`, which must be the one connection that waits."""
    sock, address = server.accept()
    if address[1] != client.getsockname()[1]:
        raise RuntimeError(f'accepted a connection from {address}, not from {client.getsockname()}')
    return sock


def queues(scene):
    server = listen(_V4, 9000, 8)
    scene.tcp('listen for queues', server, 'listen')
    client = connect((_V4, 9000))
    near = accepted(server, client)
    client.sendall(bytes(1234))
    scene.tcp('nothing waiting', client, 'established', recvQ=0, sendQ=0)
    scene.tcp('bytes waiting to be read', near, 'established', recvQ=1234, sendQ=0)

    small = (socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    tight = listen(_V4, 9001, 8, options=[small])
    scene.tcp('listen with a small buffer', tight, 'listen')
    client = connect((_V4, 9001), options=[(socket.SOL_SOCKET, socket.SO_SNDBUF, 8192)])
    near = accepted(tight, client)
    client.setblocking(False)
    fill(client)
    scene.tcp('send queue full', client, 'established', live_queues=True)
    scene.tcp('receive queue full', near, 'established', live_queues=True)


def fill(sock):
    """Writes until the queues on both sides have stood full for a while."""
    full_since = None
    while full_since is None or time.monotonic() - full_since < 0.3:
        try:
            sock.send(bytes(512))
            full_since = None
        except BlockingIOError:
            full_since = full_since or time.monotonic()
            time.sleep(0.02)


def timers(scene):
    keepalive = [(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1), (socket.IPPROTO_TCP, _TCP_KEEPIDLE, 7200)]
    server = listen(_V4, 9002, 8)
    scene.tcp('listen for timers', server, 'listen')
    client = connect((_V4, 9002), options=keepalive)
    scene.tcp('keepalive timer', client, 'established', timer='keepalive', probes=0)
    scene.tcp('no timer', accepted(server, client), 'established', timer='none')

    talk = scene.ghost.connect(9101, 80)
    talk.sock.send(bytes(500))
    scene.tcp('retransmit timer', talk.sock, 'established', recvQ=0, sendQ=500, timer='retransmit')

    talk = scene.ghost.connect(9102, 80, window=1000)
    talk.sock.send(bytes(3000))
    talk.say(sent=1000, window=0)
    scene.tcp('zero window probes', talk.sock, 'established', recvQ=0, sendQ=2000, timer='zero-window-probe')


def keepalive_unanswered(scene):
    """A keepalive probe without an answer, and the next one an hour away: returns what waits for the first."""
    talk = scene.ghost.connect(9103, 80, prepare=lambda sock: (
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
        sock.setsockopt(socket.IPPROTO_TCP, _TCP_KEEPIDLE, 1),
        sock.setsockopt(socket.IPPROTO_TCP, _TCP_KEEPINTVL, 3600)))
    scene.tcp('keepalive probe unanswered', talk.sock, 'established', timer='keepalive', probes=1, retrans=0)

    def wait():
        deadline = time.monotonic() + 10
        while struct.unpack_from('=BBBB', talk.sock.getsockopt(socket.IPPROTO_TCP, _TCP_INFO, 104))[3] != 1:
            if time.monotonic() > deadline:
                raise TimeoutError('no keepalive probe was sent')
            time.sleep(0.05)
    return wait


def opening(scene):
    sock = open_socket(options=[(socket.IPPROTO_TCP, _TCP_SYNCNT, 12)])
    sock.bind((LOCAL, 9200))
    sock.setblocking(False)
    sock.connect_ex((GHOST, 443))
    scene.tcp('syn-sent', sock, 'syn-sent', remote=(GHOST, 443), recvQ=0, sendQ=1, timer='retransmit')

    server = listen(LOCAL, 9201, 64, options=[(socket.IPPROTO_TCP, _TCP_SYNCNT, 12)])
    scene.tcp('listen for a SYN', server, 'listen', recvQ=0, backlog=64)
    scene.ghost.knock(9201, 50000)
    scene.tcp_row('syn-recv', 'syn-recv', socket.AF_INET, (LOCAL, 9201), (GHOST, 50000), timer='retransmit')
    # No connect(2) uses port 0, but a peer may: netstat then takes the row for a listener's.
    scene.ghost.knock(9201, 0)
    scene.tcp_row('syn-recv from port 0', 'syn-recv', socket.AF_INET, (LOCAL, 9201), (GHOST, 0), timer='retransmit')


def closing(scene):
    """The closing states, each held open by a descriptor and once without one (an orphan)."""
    def talk(port, prepare=None):
        return scene.ghost.connect(port, 443, prepare=prepare)

    one = talk(9300)
    one.sock.shutdown(socket.SHUT_WR)
    scene.tcp('fin-wait-1', one.sock, 'fin-wait-1', recvQ=0, sendQ=1, timer='retransmit')

    two = talk(9301)
    two.sock.shutdown(socket.SHUT_WR)
    two.say(sent=1)
    scene.tcp('fin-wait-2', two.sock, 'fin-wait-2', recvQ=0, sendQ=0, timer='none')

    wait = talk(9302)
    wait.say(FIN | PSH, data=b'last words')
    scene.tcp('close-wait', wait.sock, 'close-wait', recvQ=11, sendQ=0, timer='none')

    last = talk(9303)
    last.say(FIN)
    last.sock.shutdown(socket.SHUT_WR)
    scene.tcp('last-ack', last.sock, 'last-ack', sendQ=1, timer='retransmit')

    both = talk(9304)
    both.sock.shutdown(socket.SHUT_WR)
    both.say(FIN)
    scene.tcp('closing', both.sock, 'closing', sendQ=1, timer='retransmit')


def orphans(scene):
    def talk(name, port, state, prepare=None, **facts):
        talk = scene.ghost.connect(port, 443, prepare=prepare)
        # Nobody's any more: the kernel says user 0.
        scene.tcp_row(name, state, socket.AF_INET, (LOCAL, port), (GHOST, 443), uid=0, **facts)
        return talk

    def shut(talk):
        talk.sock.close()

    shut(talk('fin-wait-1 orphan', 9310, 'fin-wait-1', sendQ=1, timer='retransmit'))

    long = talk('fin-wait-2 orphan', 9311, 'fin-wait-2', timer='keepalive',
                prepare=lambda sock: sock.setsockopt(socket.IPPROTO_TCP, _TCP_LINGER2, 120))
    shut(long)
    long.say(sent=1)

    short = talk('fin-wait-2 kept as time-wait', 9312, 'fin-wait-2', timer='time-wait', recvQ=0, sendQ=0,
                 prepare=lambda sock: sock.setsockopt(socket.IPPROTO_TCP, _TCP_LINGER2, 59))
    shut(short)
    short.say(sent=1)

    last = talk('last-ack orphan', 9313, 'last-ack', sendQ=1, timer='retransmit')
    last.say(FIN)
    shut(last)

    both = talk('closing orphan', 9314, 'closing', sendQ=1, timer='retransmit')
    shut(both)
    both.say(FIN)

    done = talk('time-wait', 9315, 'time-wait', recvQ=0, sendQ=0, timer='time-wait')
    shut(done)
    done.say(FIN, sent=1)


def inet6(scene):
    server = listen('::1', 443, 9, options=[(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)])
    scene.tcp('listen, inet6', server, 'listen', recvQ=0, backlog=9)
    client = connect(('::1', 443))
    near = accepted(server, client)
    near.sendall(b'hello')
    scene.tcp('bytes waiting to be read, inet6', client, 'established', recvQ=5, sendQ=0)
    scene.tcp('nothing waiting, inet6', near, 'established', recvQ=0, sendQ=0)

    wide = listen(LONG_ADDRESS, 60179, 3)
    scene.tcp('listen on a long address', wide, 'listen', backlog=3)
    client = connect((LONG_ADDRESS, 60179), port=50443)
    scene.tcp('long addresses, client', client, 'established')
    scene.tcp('long addresses, server', accepted(wide, client), 'established')

    local = listen(LINK_LOCAL, 8443, 3, scope=scene.lo)
    scene.tcp('listen on link-local', local, 'listen', ifindex=scene.lo, backlog=3)
    client = connect((LINK_LOCAL, 8443, 0, scene.lo))
    scene.tcp('link-local, client', client, 'established', ifindex=scene.lo)
    scene.tcp('link-local, server', accepted(local, client), 'established', ifindex=scene.lo)

    dual = listen('::', 7443, 3)
    scene.tcp('listen on both families', dual, 'listen', backlog=3)
    client = connect((_V4, 7443))
    scene.tcp('v4 client of both families', client, 'established')
    scene.tcp('v4-mapped', accepted(dual, client), 'established')
    client = connect(('::1', 7443))
    scene.tcp('half closed, inet6 client', client, 'fin-wait-2', timer='none')
    near = accepted(dual, client)
    client.shutdown(socket.SHUT_WR)
    scene.tcp('half closed, inet6 server', near, 'close-wait', recvQ=1, timer='none')


def inet6_opening(scene):
    """Without a ghost: a listener whose queue is full drops the SYN, one that defers leaves the handshake open."""
    full = listen('::1', 9401, 0)
    scene.tcp('listen, full', full, 'listen', recvQ=1, backlog=0)
    scene.tcp('filler', filler := connect(('::1', 9401)), 'established')
    scene.tcp_far_end('filler, not accepted', filler, 'established')
    sock = open_socket(socket.AF_INET6, options=[(socket.IPPROTO_TCP, _TCP_SYNCNT, 12)])
    sock.bind(('::1', 9400))
    sock.setblocking(False)
    sock.connect_ex(('::1', 9401))
    scene.tcp('syn-sent, inet6', sock, 'syn-sent', remote=('::1', 9401), sendQ=1, timer='retransmit')

    defer = listen('::1', 9402, 64, options=[(socket.IPPROTO_TCP, _TCP_DEFER_ACCEPT, 600)])
    scene.tcp('listen, deferring', defer, 'listen', recvQ=0, backlog=64)
    client = connect(('::1', 9402))
    scene.tcp('deferred client', client, 'established')
    scene.tcp_far_end('syn-recv, inet6', client, 'syn-recv', timer='retransmit')

    server = listen('::1', 9403, 3)
    scene.tcp('listen for time-wait', server, 'listen')
    client = connect(('::1', 9403))
    near = accepted(server, client)
    scene.tcp_row('time-wait, inet6', 'time-wait', socket.AF_INET6, client.getsockname(), ('::1', 9403),
                  uid=0, recvQ=0, sendQ=0, timer='time-wait')
    client.close()
    while near.recv(1):
        pass
    near.close()


def other_users(scene):
    """Sockets of somebody else, one of them without a name in the users database."""
    for uid, port in ((65534, 9500), (54321, 9501)):
        with scene.acting_as(uid):
            server = listen(LOCAL, port, 64, options=[(socket.IPPROTO_TCP, _TCP_SYNCNT, 12)])
            scene.tcp(f'listen of user {uid}', server, 'listen', uid=uid)
        scene.ghost.knock(port, 50001)
        scene.tcp_row(f'syn-recv of user {uid}', 'syn-recv', socket.AF_INET, (LOCAL, port), (GHOST, 50001), uid=uid)
