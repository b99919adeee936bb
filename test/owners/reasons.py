"""Sockets that nobody holds, each for another reason."""

import os
import socket
import subprocess

import network
import tcp_sockets
from ghost import FIN, PSH, Ghost

_V4 = '127.0.0.1'
_VXLAN_PORT = 4789
_TCP_LINGER2 = 8


def play(stage):
    stage.process(_closing)
    stage.process(_not_accepted)
    _of_the_kernel(stage)


def _closing(stage):
    """Connections that were closed, with a peer that is silent from then on."""
    ghost = Ghost()

    def closed(name, port, reason, linger=None):
        def prepare(sock):
            if linger is not None:
                sock.setsockopt(socket.IPPROTO_TCP, _TCP_LINGER2, linger)
        stage.row(name, port, 443, reason)
        return ghost.connect(port, 443, prepare=prepare)

    closed('fin-wait-1', 9310, 'orphaned').sock.close()

    unsent = closed('fin-wait-1 with bytes to be sent', 9311, 'orphaned')
    unsent.sock.send(bytes(500))
    unsent.sock.close()

    two = closed('fin-wait-2', 9312, 'orphaned', linger=120)
    two.sock.close()
    two.say(sent=1)

    kept = closed('fin-wait-2 kept as time-wait', 9313, 'orphaned', linger=59)
    kept.sock.close()
    kept.say(sent=1)

    last = closed('last-ack', 9314, 'orphaned')
    last.say(FIN)
    last.sock.close()

    both = closed('closing', 9315, 'orphaned')
    both.sock.close()
    both.say(FIN)

    done = closed('time-wait', 9316, 'time-wait')
    done.sock.close()
    done.say(FIN, sent=1)

    half = ghost.connect(9317, 443)
    stage.keeps('half closed by its process', 'tcp', half.sock, remotePort=443)
    half.sock.shutdown(socket.SHUT_WR)

    left = ghost.connect(9318, 443)
    left.say(FIN | PSH, data=b'last words')
    stage.keeps('left by its peer', 'tcp', left.sock, remotePort=443)

    knocked = tcp_sockets.listen(network.LOCAL, 9319, 64)
    stage.keeps('listener with a half-open connection', 'tcp', knocked)
    stage.row('syn-recv', 9319, 50000, 'not-accepted')
    ghost.knock(9319, 50000)
    ghost.close()
    stage.keep = half, left, knocked


def _not_accepted(stage):
    server = tcp_sockets.listen(_V4, 0, 5)
    port = server.getsockname()[1]
    stage.keeps('listener with connections waiting', 'tcp', server)
    held = [server]
    for name in ('established', 'with bytes', 'close-wait'):
        client = tcp_sockets.connect((_V4, port))
        stage.keeps(f'client, not accepted: {name}', 'tcp', client, remotePort=port)
        stage.row(f'not accepted: {name}', port, client.getsockname()[1], 'not-accepted')
        held.append(client)
    held[2].sendall(b'hello')
    held[3].shutdown(socket.SHUT_WR)
    stage.keep = held


def _of_the_kernel(stage):
    """The socket of a tunnel has an inode and no descriptor."""
    tunnel = ['ip', 'link', 'add', 'tunnel', 'type', 'vxlan', 'id', '42', 'dstport', str(_VXLAN_PORT), 'dev', 'lo']
    with stage.may_lack('vxlan'):
        if os.system('command -v ip >/dev/null') != 0:
            raise OSError('there is no ip(8)')
        for command in (tunnel, ['ip', 'link', 'set', 'tunnel', 'up']):
            done = subprocess.run(command, capture_output=True, text=True)
            if done.returncode != 0:
                raise OSError(done.stderr.strip())
        stage.kernel_row('of a tunnel', 'udp', _VXLAN_PORT, 'no-descriptor')
