"""Listens on TCP ports in the network namespace it runs in, has every port of a range tried from another one, and says
what answered in one line of JSON.

usage: connect_scan.py FOLDER      (inside `unshare -Urnm`)

The two namespaces are joined by a veth pair. Ends when its standard input does, and after two minutes in any case.
"""

import errno
import json
import os
import select
import signal
import socket
import subprocess
import sys

FIRST, COUNT = 20_000, 2_000
HERE, ALIAS, THERE = '10.77.0.1', '10.77.0.9', '10.77.0.2'
HERE6, ALIAS6, THERE6 = 'fd77::1', 'fd77::9', 'fd77::2'
_AT_ONCE, _SECONDS, _LIFETIME_SECONDS = 200, 10, 120

# Family, address, whether the socket is of IPv6 alone: each on a few ports.
_ENDS = [
    (socket.AF_INET, '0.0.0.0', False),
    (socket.AF_INET, HERE, False),
    (socket.AF_INET, ALIAS, False),
    (socket.AF_INET, '127.0.0.1', False),
    (socket.AF_INET6, '::', False),
    (socket.AF_INET6, '::', True),
    (socket.AF_INET6, HERE6, True),
    (socket.AF_INET6, ALIAS6, True),
    (socket.AF_INET6, '::1', True),
]
_PORTS_PER_END = 5


def main():
    if sys.argv[1:2] == ['scan']:
        scan()
        return
    signal.alarm(_LIFETIME_SECONDS)
    scanner = subprocess.Popen(
        ['unshare', '-n', sys.executable, '-B', __file__, 'scan'],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        scanner.stdout.readline()
        join(scanner.pid)
        held, only6 = listen()
        targets = json.dumps([[socket.AF_INET, HERE], [socket.AF_INET6, HERE6]])
        answers, _ = scanner.communicate(targets + '\n', timeout=4 * _SECONDS)
        open4, open6 = json.loads(answers)
    finally:
        scanner.kill()
        scanner.wait()
    facts = {'first': FIRST, 'count': COUNT, 'address': HERE, 'address6': HERE6,
             'only6': only6, 'open': open4, 'open6': open6}
    print(json.dumps(facts), flush=True)
    sys.stdin.read()
    for sock in held:
        sock.close()


def join(scanner):
    run('ip link set lo up',
        'ip link add near type veth peer name far',
        f'ip link set far netns {scanner}',
        f'ip address add {HERE}/24 dev near',
        f'ip address add {ALIAS}/24 dev near',
        f'ip address add {HERE6}/64 dev near nodad',
        f'ip address add {ALIAS6}/64 dev near nodad',
        'ip link set near up')


def run(*lines):
    for line in lines:
        subprocess.run(line.split(), check=True)


def listen():
    """The sockets, and the ports of those that are of IPv6 alone. Some are bound only, and listen to nobody."""
    held, only6 = [], []
    port = FIRST
    for family, address, alone in _ENDS:
        for turn in range(_PORTS_PER_END):
            port += 7 + 11 * turn
            sock = socket.socket(family, socket.SOCK_STREAM)
            if family == socket.AF_INET6:
                sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, int(alone))
            sock.bind((address, port))
            if turn < _PORTS_PER_END - 1:
                sock.listen(4)
            if alone:
                only6.append(port)
            held.append(sock)
    return held, only6


def scan():
    """In the other namespace: joins it, is told the targets, and prints the ports of each that took a connection."""
    print('ready', flush=True)
    targets = json.loads(sys.stdin.readline())
    run(f'ip address add {THERE}/24 dev far',
        f'ip address add {THERE6}/64 dev far nodad',
        'ip link set far up')
    print(json.dumps([open_ports(family, address) for family, address in targets]))


def open_ports(family, address):
    found = []
    for start in range(FIRST, FIRST + COUNT, _AT_ONCE):
        found += connected(family, address, range(start, min(start + _AT_ONCE, FIRST + COUNT)))
    return found


def connected(family, address, ports):
    poll, waiting, found = select.poll(), {}, []
    for port in ports:
        sock = socket.socket(family, socket.SOCK_STREAM)
        sock.setblocking(False)
        result = sock.connect_ex((address, port))
        if result not in (0, errno.EINPROGRESS):
            raise OSError(result, os.strerror(result))
        waiting[sock.fileno()] = (sock, port)
        poll.register(sock, select.POLLOUT)
    while waiting:
        ready = poll.poll(1000 * _SECONDS)
        if not ready:
            raise TimeoutError('neither a yes nor a no')
        for fd, _ in ready:
            sock, port = waiting.pop(fd)
            poll.unregister(fd)
            result = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            if result == 0:
                found.append(port)
            elif result != errno.ECONNREFUSED:
                raise OSError(result, os.strerror(result))
            sock.close()
    return sorted(found)


main()
