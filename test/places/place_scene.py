"""Sockets of several users in network, mount and pid namespaces of their own, for commands that are restricted.

usage: place_scene.py FOLDER      (as root; says what it has made in one line of JSON, then waits for its input's end)
"""

import ctypes
import json
import os
import signal
import socket
import struct
import sys
from fcntl import ioctl

_PR_SET_DUMPABLE, _PR_SET_PDEATHSIG, _SIGKILL = 4, 1, 9
_SIOCSIFFLAGS, _IFF_UP = 0x8914, 1
_DAEMON, _NOBODY = 1, 65534
_libc = ctypes.CDLL(None, use_errno=True)


def _bring_up_loopback():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        ioctl(sock, _SIOCSIFFLAGS, struct.pack('16sh14x', b'lo', _IFF_UP))


def _listener(port):
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind(('127.0.0.1', port))
    sock.listen(4)
    return sock


def _holder(port, uid, dumpable):
    """A process of another user with a listener; returns its pid."""
    ready, done = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.setgid(uid)
        os.setuid(uid)
        _libc.prctl(_PR_SET_PDEATHSIG, _SIGKILL, 0, 0, 0)
        _libc.prctl(_PR_SET_DUMPABLE, int(dumpable), 0, 0, 0)
        held = _listener(port)
        os.write(done, b'.')
        os.close(done)
        while held:
            signal.pause()
    os.read(ready, 1)
    return pid


def main():
    folder = sys.argv[1]
    _bring_up_loopback()
    # First: what is opened later is this process's alone.
    pids = {'root': os.getpid(), 'daemon': _holder(7002, _DAEMON, True), 'nobody': _holder(7003, _NOBODY, True),
            'undumpable': _holder(7005, _NOBODY, False)}
    listener = _listener(7001)
    client = socket.create_connection(('127.0.0.1', 7001))
    server = listener.accept()[0]
    # A connection that nobody accepts has no owner.
    waiting = socket.create_connection(('127.0.0.1', 7001))
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    udp.bind(('127.0.0.1', 7004))
    raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
    unix = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    unix.bind(os.path.join(folder, 'unix.sock'))
    unix.listen(4)
    held = (client, server, waiting, udp, raw, unix)
    print(json.dumps({'pids': pids, 'clientPort': client.getsockname()[1], 'waitingPort': waiting.getsockname()[1]}),
          flush=True)
    sys.stdin.read()
    del held


main()
