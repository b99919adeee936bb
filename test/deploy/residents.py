"""A host in small: processes of several users, each with a listener, and a connection whose address is translated.

usage: residents.py FOLDER [nat]      (inside `unshare -nm`, as root; FOLDER: not used)

Says who listens where in one line of JSON, and keeps it until its standard input ends, two minutes at the most.
"""

import ctypes
import json
import os
import signal
import socket
import subprocess
import sys

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'kernel'))

import network

_LIFETIME_SECONDS = 120
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE = 1, 4
_CAPABILITY_VERSION_3 = 0x20080522
_libc = ctypes.CDLL(None, use_errno=True)


def become(uid, bare):
    """Another user, or root without capabilities; as dumpable as a program that such a user has started."""
    if bare:
        header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
        if _libc.capset(header, (ctypes.c_uint32 * 6)()) != 0:
            raise OSError(ctypes.get_errno(), 'capset')
    if uid != 0:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
    _libc.prctl(_PR_SET_DUMPABLE, 1, 0, 0, 0)


def resident(uid, bare=False):
    """A process with a listener."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.close(0)
            become(uid, bare)
            # Another user's credentials take it away.
            _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
            listener = socket.create_server(('0.0.0.0', 0))
            os.write(writer, str(listener.getsockname()[1]).encode())
            signal.alarm(_LIFETIME_SECONDS)
            signal.pause()
        finally:
            os._exit(1)
    os.close(writer)
    port = os.read(reader, 16)
    os.close(reader)
    if not port:
        raise RuntimeError(f'the resident of user {uid} did not start')
    return {'pid': pid, 'uid': uid, 'port': int(port)}


def translated():
    """A connection to a port that the kernel makes another; kept by what is returned."""
    listener = socket.create_server(('0.0.0.0', 0))
    rule = ['iptables', '-w', '-t', 'nat', '-A', 'OUTPUT', '-p', 'tcp', '-d', network.LOCAL, '--dport', '8080']
    subprocess.run([*rule, '-j', 'REDIRECT', '--to-ports', str(listener.getsockname()[1])], check=True,
                   stdout=sys.stderr)
    near = socket.create_connection((network.LOCAL, 8080))
    return listener, near, listener.accept()[0]


def main():
    signal.alarm(_LIFETIME_SECONDS)
    network.bring_up()
    residents = {
        'root': resident(0),
        'root without capabilities': resident(0, bare=True),
        'a user': resident(4321),
        'nobody': resident(65534),
    }
    try:
        kept = translated() if sys.argv[2:] == ['nat'] else ()
        print(json.dumps({'residents': residents}), flush=True)
        sys.stdin.read()
        del kept
    finally:
        for one in residents.values():
            os.kill(one['pid'], signal.SIGKILL)


main()
