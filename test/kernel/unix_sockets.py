"""Unix sockets: every type, every way to be connected or not, and names of every kind."""

import os
import socket

_STREAM, _DGRAM, _SEQPACKET = socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_SEQPACKET
_KINDS = {_STREAM: 'stream', _DGRAM: 'dgram', _SEQPACKET: 'seqpacket'}

# Names as bind(2) gets them; a leading NUL makes one abstract. Paths without a slash are relative on purpose.
_NAMES = {
    'path': b'plain.sock',
    'path with blanks': b'a b  c.sock',
    'path ending in a blank': b'ends ',
    'path with a newline': b'first\nsecond',
    'path ending in a newline': b'end\n',
    'path with control bytes': b'\x1b[31mred\x07\ttab\x7f',
    'path that is not UTF-8': b'caf\xe9-\xff\xfe.sock',
    'path in UTF-8': 'caf\u00e9.sock'.encode(),
    'path that looks abstract': b'@looks-abstract',
    'path of 107 bytes': b'p' * 107,
    'abstract': b'\0abstract',
    'abstract with NULs': b'\0one\0two\0',
    'abstract with blanks': b'\0one two ',
    'abstract with a newline': b'\0one\ntwo',
    'abstract that is not UTF-8': b'\0\xff\xfe',
    'abstract of 107 bytes': b'\0' + b'a' * 107,
}


def bound(kind, name, backlog=None):
    sock = socket.socket(socket.AF_UNIX, kind)
    sock.bind(name)
    if backlog is not None:
        sock.listen(backlog)
    return sock


def connected(kind, name):
    sock = socket.socket(socket.AF_UNIX, kind)
    sock.connect(name)
    return sock


def names(scene):
    for label, name in _NAMES.items():
        scene.unix(f'unix {label}', bound(_DGRAM, name), 'close', path=name)
    scene.unix('unix deleted path', bound(_DGRAM, b'deleted'), 'close', path=b'deleted')
    os.unlink(b'deleted')
    automatic = bound(_DGRAM, b'')
    scene.unix('unix name chosen by the kernel', automatic, 'close', path=automatic.getsockname())


def connections(scene):
    """Listener, accepted pair, and a connection that waits: its near end is an embryo without an inode."""
    for kind in (_STREAM, _SEQPACKET):
        word = _KINDS[kind]
        name = os.path.join(os.fsencode(scene.folder), word.encode() + b'-server')
        server = bound(kind, name, backlog=3)
        client = connected(kind, name)
        near = server.accept()[0]
        client.sendall(b'12345')
        scene.unix(f'unix {word} client', client, 'established', path=b'', peer=near)
        scene.unix(f'unix {word} server', near, 'established', path=name, peer=client)
        waiting = connected(kind, name)
        scene.unix(f'unix {word} not accepted', waiting, 'established', path=b'', peer=None)
        scene.unix_embryo(f'unix {word} embryo', kind, name)
        scene.unix(f'unix {word} listener', server, 'listen', path=name, recvQ=1, sendQ=3)
    quiet = bound(_STREAM, b'\0abstract-listener', backlog=0)
    scene.unix('unix abstract listener', quiet, 'listen', path=b'\0abstract-listener', recvQ=0, sendQ=0)
    named = socket.socket(socket.AF_UNIX, _STREAM)
    named.bind(b'named-client')
    named.connect(b'\0abstract-listener')
    near = quiet.accept()[0]
    scene.unix('unix client with a name', named, 'established', path=b'named-client', peer=near)
    scene.unix('unix server of a named client', near, 'established', path=b'\0abstract-listener', peer=named)


def pairs(scene):
    for kind, word in _KINDS.items():
        left, right = socket.socketpair(socket.AF_UNIX, kind)
        left.send(b'x' * 300)
        scene.unix(f'unix {word} pair, left', left, 'established', path=b'', peer=right)
        scene.unix(f'unix {word} pair, right', right, 'established', path=b'', peer=left)
    scene.unix('unix unbound', socket.socket(socket.AF_UNIX, _STREAM), 'close', path=b'')


def datagrams(scene):
    server = bound(_DGRAM, b'dgram-server')
    for number in range(2):
        client = connected(_DGRAM, b'dgram-server')
        client.send(bytes(10 + number))
        scene.unix(f'unix dgram client {number}', client, 'established', path=b'', peer=server)
    # The kernel marks the server of a connected client as established, though it has no peer itself.
    scene.unix('unix dgram server', server, 'established', path=b'dgram-server', peer=None)
